// The completion for fish: a function that says which command the line has come to, and one line for each thing to
// offer there.

#include "completion.h"

namespace hearth::manual {

namespace {

/// %1: the program, %2: the function, %3: all commands, %4: all options with a value.
constexpr auto script = R"(# Completion of %1 for fish.

function __%2_is_at --description 'Whether the line has come to this command'
    set --local at %1
    set --local is_value no
    set --local words (commandline --tokenize --cut-at-cursor --current-process)
    for word in $words[2..-1]
        if test $is_value = yes
            set is_value no
            continue
        end
        switch "$at $word"
            case %3
                set at "$at $word"
            case %4
                set is_value yes
        end
    end
    test "$at" = "$argv"
end

complete --command %1 --no-files
)";

QString quoted(const QString &text)
{
    return u'\'' % QString(text).replace(u'\\', QLatin1String("\\\\")).replace(u'\'', QLatin1String("\\'")) % u'\'';
}

QString commandPatterns(const CommandDescription &program)
{
    QStringList paths;
    for (const CommandDescription *command : commandsOf(program)) {
        if (command != &program)
            paths.append(quoted(command->path));
    }
    // A pattern for nothing: a word has no line break.
    return paths.isEmpty() ? QStringLiteral("\\n") : paths.join(u' ');
}

QString optionPatterns(const CommandDescription &program)
{
    QStringList patterns;
    for (const OptionDescription &option : valueOptionsOf(program)) {
        for (const QString &name : option.names)
            patterns.append(quoted(u"* " % name));
    }
    return patterns.join(u' ');
}

QString valuePart(const OptionDescription &option)
{
    if (option.value.isEmpty())
        return {};
    if (option.takesFile())
        return QStringLiteral(" --require-parameter --force-files");
    const QStringList choices = option.choices();
    return choices.isEmpty() ? QStringLiteral(" --exclusive")
                             : QStringLiteral(" --exclusive --arguments ") % quoted(choices.join(u' '));
}

QString optionLine(const QString &beginning, const OptionDescription &option)
{
    QString line = beginning;
    for (const QString &name : option.names) {
        const bool isLong = name.startsWith(QLatin1String("--"));
        line += QLatin1String(isLong ? " --long-option " : " --short-option ") + name.sliced(isLong ? 2 : 1);
    }
    return line % valuePart(option) % u" --description " % quoted(firstSentence(option.help)) % u"\n";
}

} // namespace

QByteArray fishCompletion(const CommandDescription &program)
{
    const QString function = functionNameOf(program);
    QString text =
        QString::fromLatin1(script).arg(program.name, function, commandPatterns(program), optionPatterns(program));
    for (const CommandDescription *command : commandsOf(program)) {
        const QString condition = u"__" % function % u"_is_at " % command->path;
        const QString beginning = u"complete --command " % program.name % u" --condition " % quoted(condition);
        for (const CommandDescription &below : command->commands) {
            text += beginning % u" --arguments " % below.name % u" --description " %
                    quoted(firstSentence(below.summary)) % u"\n";
        }
        for (const OptionDescription &option : command->allOptions())
            text += optionLine(beginning, option);
    }
    return text.toUtf8();
}

} // namespace hearth::manual
