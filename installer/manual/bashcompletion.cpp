// The completion for bash: a function that walks the words of the line to find the command, then the one it belongs to.

#include "completion.h"

#include <algorithm>
#include <utility>

namespace hearth::manual {

namespace {

/// %1: the program, %2: the function, %3: all commands, %4: all options with a value, %5: what to offer as the value of
/// an option, %6: what to offer after each command.
constexpr auto script = R"(# Completion of %1 for bash.

_%2()
{
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} at=%1 options commands i
    COMPREPLY=()
    # Bash makes three words of --option=value.
    if [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    elif [[ $current == = ]]; then
        current=
    fi

    for ((i = 1; i < COMP_CWORD; i++)); do
        case "$at ${COMP_WORDS[i]}" in
%3        %4)
            if [[ ${COMP_WORDS[++i]} == = ]]; then
                ((i++))
            fi
            ;;
        esac
    done

    case $before in
%5    esac

    case $at in
%6    esac
    if [[ $current == -* || -z $commands ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
    else
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current")
    fi
}

complete -F _%2 %1
)";

constexpr QLatin1String either(" | ");

QString commandCase(const CommandDescription &program)
{
    QStringList paths;
    for (const CommandDescription *command : commandsOf(program)) {
        if (command != &program)
            paths.append(shellQuoted(command->path));
    }
    if (paths.isEmpty())
        return {};
    return QStringLiteral("        %1)\n            at+=\" ${COMP_WORDS[i]}\"\n            ;;\n")
        .arg(paths.join(either));
}

QString optionPattern(const CommandDescription &program)
{
    QStringList patterns;
    for (const OptionDescription &option : valueOptionsOf(program)) {
        for (const QString &name : option.names)
            patterns.append(u"*' " % name % u'\'');
    }
    return patterns.join(either);
}

QString valueAction(const OptionDescription &option)
{
    if (option.takesFile()) {
        return QStringLiteral("        compopt -o filenames 2>/dev/null\n"
                              "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n");
    }
    if (const QStringList choices = option.choices(); !choices.isEmpty()) {
        return QStringLiteral("        mapfile -t COMPREPLY < <(compgen -W '%1' -- \"$current\")\n")
            .arg(choices.join(u' '));
    }
    return {};
}

/// Options that offer the same share a branch.
QString valueCases(const CommandDescription &program)
{
    QList<std::pair<QString, QStringList>> branches;
    for (const OptionDescription &option : valueOptionsOf(program)) {
        const QString action = valueAction(option);
        auto branch = std::ranges::find(branches, action, &std::pair<QString, QStringList>::first);
        if (branch == branches.end())
            branch = branches.insert(branch, {action, {}});
        branch->second += option.names;
    }
    QString cases;
    for (const auto &[action, names] : std::as_const(branches))
        cases += u"    " % names.join(either) % u")\n" % action % u"        return\n        ;;\n";
    return cases;
}

QString commandCases(const CommandDescription &program)
{
    QString cases;
    for (const CommandDescription *command : commandsOf(program)) {
        QStringList options;
        for (const OptionDescription &option : command->allOptions())
            options += option.names;
        QStringList commands;
        for (const CommandDescription &below : command->commands)
            commands.append(below.name);
        cases += QStringLiteral("    %1)\n        options='%2' commands='%3'\n        ;;\n")
                     .arg(shellQuoted(command->path), options.join(u' '), commands.join(u' '));
    }
    return cases;
}

} // namespace

QByteArray bashCompletion(const CommandDescription &program)
{
    return QString::fromLatin1(script)
        .arg(program.name, functionNameOf(program), commandCase(program), optionPattern(program), valueCases(program),
             commandCases(program))
        .toUtf8();
}

} // namespace hearth::manual
