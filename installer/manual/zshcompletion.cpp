// The completion for zsh: a function for the program and one for each command, each of which hands the rest of the line
// to _arguments.

#include "completion.h"

namespace hearth::manual {

namespace {

/// What _arguments takes as the message and the action of a value: `FILE:_files`.
QString valuePart(const OptionDescription &option)
{
    const QString message = QString(option.value).replace(u':', QLatin1String("\\:"));
    if (option.takesFile())
        return message % u":_files";
    if (const QStringList choices = option.choices(); !choices.isEmpty())
        return u"value:(" % choices.join(u' ') % u')';
    return message % u": ";
}

QString optionLines(const OptionDescription &option)
{
    QString description = firstSentence(option.help);
    description.replace(u'\\', QLatin1String("\\\\"))
        .replace(u'[', QLatin1String("\\["))
        .replace(u']', QLatin1String("\\]"));
    QString lines;
    for (const QString &name : option.names) {
        const QString repeated = option.isRepeatable ? QStringLiteral("*") : QString();
        const QString equals = option.value.isEmpty() ? QString() : QStringLiteral("=");
        const QString value = option.value.isEmpty() ? QString() : u':' + valuePart(option);
        const QString others = option.isRepeatable ? QString() : u'(' % option.names.join(u' ') % u')';
        lines +=
            u"        " % shellQuoted(others % repeated % name % equals % u'[' % description % u']' % value) % u"\n";
    }
    return lines;
}

QString commandsPart(const CommandDescription &command)
{
    QString commands;
    QString branches;
    for (const CommandDescription &below : command.commands) {
        commands += u"            " % shellQuoted(below.name % u':' % firstSentence(below.summary)) % u"\n";
        branches += u"        " % below.name % u")\n            _" % functionNameOf(below) % u"\n            ;;\n";
    }
    return QStringLiteral("    case $state in\n"
                          "    command)\n"
                          "        commands=(\n%1        )\n"
                          "        _describe -t commands command commands\n"
                          "        ;;\n"
                          "    rest)\n"
                          "        case $words[1] in\n%2        esac\n"
                          "        ;;\n"
                          "    esac\n")
        .arg(commands, branches);
}

QString functionOf(const CommandDescription &command)
{
    QString specifications;
    for (const OptionDescription &option : command.allOptions())
        specifications += optionLines(option);
    int place = 0;
    for (const OptionDescription &argument : command.arguments) {
        const QString number = argument.isRepeatable ? QStringLiteral("*") : QString::number(++place);
        specifications += u"        " % shellQuoted(number % u':' % valuePart(argument)) % u"\n";
    }
    if (!command.commands.empty())
        specifications += QLatin1String("        '1: :->command'\n        '*:: :->rest'\n");
    return QStringLiteral("_%1() {\n"
                          "    local curcontext=$curcontext state line\n"
                          "    typeset -A opt_args\n"
                          "    local -a specifications commands\n"
                          "    specifications=(\n%2    )\n"
                          "    _arguments -C $specifications\n%3"
                          "}\n\n")
        .arg(functionNameOf(command), specifications, command.commands.empty() ? QString() : commandsPart(command));
}

} // namespace

QByteArray zshCompletion(const CommandDescription &program)
{
    QString text = QStringLiteral("#compdef %1\n# Completion of %1 for zsh.\n\n").arg(program.name);
    for (const CommandDescription *command : commandsOf(program))
        text += functionOf(*command);
    // Loaded from the function path, the file itself is the first call.
    text += u'_' % functionNameOf(program) % u" \"$@\"\n";
    return text.toUtf8();
}

} // namespace hearth::manual
