#include "usageproblem.h"

#include "optiontext.h"
#include "suggestion.h"

#include <CLI/CLI.hpp>
#include <QStringList>

namespace hearth::commandline {

namespace {

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

const CLI::App &chosenCommand(const CLI::App &app)
{
    const CLI::App *chosen = &app;
    while (!chosen->get_subcommands().empty())
        chosen = chosen->get_subcommands().front();
    return *chosen;
}

/// `hearthd key create`.
QString path(const CLI::App &command)
{
    const QString name = text(command.get_name());
    return command.get_parent() ? path(*command.get_parent()) + u' ' + name : name;
}

QStringList commandNames(const CLI::App &app)
{
    QStringList names;
    for (const CLI::App *command : app.get_subcommands({}))
        names.append(text(command->get_name()));
    return names;
}

/// The long names, without dashes, of all that may follow the command.
QStringList optionNames(const CLI::App &command)
{
    QStringList names;
    for (const CLI::Option *option : command.get_options()) {
        for (const std::string &name : option->get_lnames())
            names.append(text(name));
    }
    return command.get_parent() && command.get_fallthrough() ? names + optionNames(*command.get_parent()) : names;
}

QString alternatives(const QStringList &names)
{
    const QString last = names.last();
    return names.size() == 1 ? last : names.first(names.size() - 1).join(QStringLiteral(", ")) + u" or " + last;
}

QString didYouMean(const QString &dashes, const QString &word, const QStringList &candidates)
{
    const QString nearest = nearestName(word, candidates);
    return nearest.isEmpty() ? QString() : QStringLiteral(" Did you mean %1%2?").arg(dashes, nearest);
}

/// What there is to say about the first word that nobody wanted.
QString unexpectedWord(const CLI::App &command, const QString &word)
{
    if (word.startsWith(u'-')) {
        const QString dashes = QStringLiteral("--");
        const QString option = word.section(u'=', 0, 0);
        const QString problem = QStringLiteral("%1 is not an option of %2.").arg(option, path(command));
        // With one dash it is none of ours, but a letter or what another program passes on.
        return option.startsWith(dashes) ? problem + didYouMean(dashes, option.mid(2), optionNames(command)) : problem;
    }
    const QStringList commands = commandNames(command);
    if (commands.isEmpty())
        return QStringLiteral("\"%1\" is not expected after \"%2\".").arg(word, path(command));
    return QStringLiteral("\"%1\" is not a command of %2.").arg(word, path(command)) +
           didYouMean(QString(), word, commands);
}

QString missing(const CLI::App &command)
{
    for (const CLI::Option *option : command.get_options()) {
        if (option->get_required() && option->count() == 0)
            return QStringLiteral("%1 is missing after \"%2\".").arg(spelling(*option), path(command));
    }
    return QStringLiteral("A command is missing after \"%1\": %2.")
        .arg(path(command), alternatives(commandNames(command)));
}

/// CLI11 says only in its message which option has too many values or too few.
QString wrongCount(const CLI::App &command, const QString &name)
{
    const CLI::Option *option = nullptr;
    for (const CLI::App *owner = &command; owner && !option; owner = owner->get_parent())
        option = owner->get_option_no_throw(name.toStdString());
    if (option && option->count() > 0)
        return QStringLiteral("%1 may be given only once.").arg(name);
    return option ? QStringLiteral("%1 needs a value: %2.").arg(name, spelling(*option))
                  : QStringLiteral("%1 needs a value.").arg(name);
}

} // namespace

QString usageProblem(const CLI::App &app, const CLI::ParseError &error)
{
    const CLI::App &command = chosenCommand(app);
    const QString message = text(error.what());
    // "--config: must not be empty", and the same for wrong counts.
    const QString option = message.section(QStringLiteral(": "), 0, 0);
    if (dynamic_cast<const CLI::ArgumentMismatch *>(&error))
        return wrongCount(command, option);
    if (dynamic_cast<const CLI::ValidationError *>(&error))
        return option + u' ' + message.section(QStringLiteral(": "), 1) + u'.';
    if (dynamic_cast<const CLI::ExcludesError *>(&error))
        return QString(message).replace(QStringLiteral(" excludes "), QStringLiteral(" cannot be used with ")) + u'.';
    // A misspelt word is often the reason that another one is missing, so it is told first.
    const std::vector<std::string> unexpected = app.remaining(true);
    if (!unexpected.empty())
        return unexpectedWord(command, text(unexpected.front()));
    if (dynamic_cast<const CLI::RequiredError *>(&error))
        return missing(command);
    return message + u'.';
}

QString whereToLook(const CLI::App &app)
{
    const CLI::App &command = chosenCommand(app);
    return QStringLiteral("Run \"%1 --help\" for its options%2.")
        .arg(path(command), commandNames(command).isEmpty() ? QString() : QStringLiteral(" and commands"));
}

} // namespace hearth::commandline
