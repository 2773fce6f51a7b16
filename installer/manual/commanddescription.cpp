#include "commanddescription.h"

#include "optiontext.h"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace hearth::manual {

namespace {

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

OptionDescription describeOption(const CLI::Option &option)
{
    OptionDescription description;
    for (const std::string &name : option.get_snames())
        description.names.append(u'-' + text(name));
    for (const std::string &name : option.get_lnames())
        description.names.append(QStringLiteral("--") + text(name));
    if (description.names.isEmpty())
        description.names.append(text(option.get_name(true)));
    if (option.get_items_expected_max() > 0)
        description.value = text(option.get_type_name());
    description.help = commandline::explanation(option);
    description.isRequired = option.get_required();
    description.isRepeatable = option.get_items_expected_max() > 1;
    return description;
}

bool isSameOption(const OptionDescription &one, const OptionDescription &other)
{
    return one.names.last() == other.names.last();
}

CommandDescription describeCommand(const CLI::App &app, const CommandDescription *parent)
{
    CommandDescription command;
    command.name = text(app.get_name());
    command.path = parent ? parent->path + u' ' + command.name : command.name;
    command.summary = text(app.get_description());
    command.needsCommand = app.get_require_subcommand_min() > 0;
    for (const CLI::Option *option : app.get_options())
        (option->nonpositional() ? command.options : command.arguments).append(describeOption(*option));
    if (parent && app.get_fallthrough()) {
        for (const OptionDescription &option : parent->allOptions()) {
            if (std::ranges::none_of(command.options, [&option](const auto &own) { return isSameOption(own, option); }))
                command.inherited.append(option);
        }
    }
    for (const CLI::App *below : app.get_subcommands(std::function<bool(const CLI::App *)>()))
        command.commands.push_back(describeCommand(*below, &command));
    return command;
}

} // namespace

QStringList OptionDescription::choices() const
{
    return value.contains(u'|') ? value.split(u'|') : QStringList();
}

bool OptionDescription::takesFile() const
{
    return value == QLatin1String("FILE");
}

CommandDescription describe(const CLI::App &program)
{
    return describeCommand(program, nullptr);
}

std::vector<const CommandDescription *> commandsOf(const CommandDescription &program)
{
    std::vector<const CommandDescription *> all{&program};
    for (const CommandDescription &command : program.commands)
        std::ranges::copy(commandsOf(command), std::back_inserter(all));
    return all;
}

QList<OptionDescription> valueOptionsOf(const CommandDescription &program)
{
    QList<OptionDescription> found;
    for (const CommandDescription *command : commandsOf(program)) {
        for (const OptionDescription &option : command->options) {
            if (option.value.isEmpty())
                continue;
            const auto known = std::ranges::find_if(
                found, [&option](const OptionDescription &other) { return isSameOption(other, option); });
            Q_ASSERT_X(known == found.end() || known->value == option.value, "valueOptionsOf",
                       qPrintable(option.names.last()));
            if (known == found.end())
                found.append(option);
        }
    }
    return found;
}

QString firstSentence(const QString &text)
{
    const qsizetype end = text.indexOf(QLatin1String(". "));
    if (end >= 0)
        return text.first(end);
    return text.endsWith(u'.') ? text.chopped(1) : text;
}

} // namespace hearth::manual
