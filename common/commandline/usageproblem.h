// usageProblem(): says in words what is wrong with a command line.
//
// Called by parse() with what CLI11 has thrown. CLI11's own messages name its concepts rather than what a person can do
// about it, and know no "did you mean". Pure functions of an App that has just failed to parse.

#pragma once

#include <QString>

namespace CLI {
class App;
class ParseError;
} // namespace CLI

namespace hearth::commandline {

/// One or two sentences: `--lissen is not an option of hearthd. Did you mean --listen?`
QString usageProblem(const CLI::App &app, const CLI::ParseError &error);

/// `Run "hearthd key --help" for its options and commands.`, for the command that was chosen.
QString whereToLook(const CLI::App &app);

} // namespace hearth::commandline
