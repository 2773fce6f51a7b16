#include "commandsection.h"

#include "roff.h"

namespace hearth::manual {

namespace {

bool isArgument(const OptionDescription &option)
{
    return !option.names.last().startsWith(u'-');
}

/// `--config FILE`, and for an argument what stands for it.
QString usageOf(const OptionDescription &option)
{
    if (isArgument(option))
        return roffItalic(option.value);
    const QString name = roffBold(option.names.last());
    return option.value.isEmpty() ? name : name % u"\\ " % roffItalic(option.value);
}

QString optionalUsageOf(const OptionDescription &option)
{
    const QString usage = option.isRequired ? usageOf(option) : u"[" % usageOf(option) % u"]";
    return option.isRepeatable ? usage % u"\\|.\\|.\\|.\\&" : usage;
}

/// What every program and command has is not worth a place in the synopsis and below each command.
bool isStandard(const OptionDescription &option)
{
    return option.names.contains(QLatin1String("--help")) || option.names.contains(QLatin1String("--version"));
}

QString entryOf(const OptionDescription &option)
{
    QStringList names;
    for (const QString &name : option.names)
        names.append(isArgument(option) ? roffItalic(option.value) : roffBold(name));
    QString tag = names.join(QLatin1String(", "));
    if (!isArgument(option) && !option.value.isEmpty())
        tag += u' ' + roffItalic(option.value);
    return u".TP\n" % tag % u"\n" % roffSentences(option.help);
}

QString synopsisLineOf(const CommandDescription &command)
{
    QString line = u".SY \"" % roffText(command.path) % u"\"\n";
    for (const QList<OptionDescription> &part : {command.options, command.arguments}) {
        for (const OptionDescription &option : part) {
            if (!isStandard(option))
                line += optionalUsageOf(option) + u'\n';
        }
    }
    return line + QLatin1String(".YS\n");
}

} // namespace

QString synopsisOf(const CommandDescription &program)
{
    QString lines;
    for (const CommandDescription *command : commandsOf(program)) {
        if (!command->needsCommand)
            lines += synopsisLineOf(*command);
    }
    return lines;
}

QString optionsOf(const CommandDescription &program)
{
    QString entries;
    for (const OptionDescription &option : program.options)
        entries += entryOf(option);
    return entries;
}

QString commandsTextOf(const CommandDescription &program)
{
    QString sections;
    for (const CommandDescription *command : commandsOf(program)) {
        if (command == &program || command->needsCommand)
            continue;
        const QString words = command->path.section(u' ', 1);
        sections += u".SS " % roffText(words) % u"\n" % roffSentences(command->summary);
        for (const QList<OptionDescription> &part : {command->arguments, command->options}) {
            for (const OptionDescription &option : part) {
                if (!isStandard(option))
                    sections += entryOf(option);
            }
        }
    }
    return sections;
}

} // namespace hearth::manual
