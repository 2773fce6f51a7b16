// CommandDescription: what the command line of a program offers, as data.
//
// describe() makes one from the very CLI::App that the program parses with; the manual pages and the completions of all
// shells are written from it, so that none of them can know an option that another does not. Plain values, any thread.
// It is not about settings: those that have a flag appear here as options.

#pragma once

#include <QStringList>

#include <vector>

namespace CLI {
class App;
}

namespace hearth::manual {

struct OptionDescription
{
    /// With their dashes, the short ones first; for an argument that has none, its name.
    QStringList names;
    /// What stands for the value, such as `FILE`; empty for an option that takes none.
    QString value;
    /// Complete sentences, which also say whether it is required and may be repeated.
    QString help;
    bool isRequired = false;
    bool isRepeatable = false;

    /// The only values there are, where `value` lists them: `infer|publish|admin`.
    QStringList choices() const;
    bool takesFile() const;
};

struct CommandDescription
{
    QString name;
    /// The words that choose it, from the program on: `hearthd key create`.
    QString path;
    /// A sentence.
    QString summary;
    QList<OptionDescription> options;
    /// Options of the commands around it that it takes as well.
    QList<OptionDescription> inherited;
    QList<OptionDescription> arguments;
    /// Whether one of `commands` has to be named.
    bool needsCommand = false;
    std::vector<CommandDescription> commands;

    QList<OptionDescription> allOptions() const { return options + inherited; }
};

CommandDescription describe(const CLI::App &program);

/// The command and all below it, each before those below it. They point into `program`.
std::vector<const CommandDescription *> commandsOf(const CommandDescription &program);

/// The options with a value of the program and all its commands, each once: one name means the same everywhere in a
/// program.
QList<OptionDescription> valueOptionsOf(const CommandDescription &program);

/// The first sentence, without its full stop, for where there is room for a few words only.
QString firstSentence(const QString &text);

} // namespace hearth::manual
