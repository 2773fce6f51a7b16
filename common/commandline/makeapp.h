// makeApp(): the CLI::App that every program of Hearth begins with.
//
// Called by the class of each program that owns its command line (ServerCommandLine and its like), which then adds its
// options and commands; these inherit the look of `--help`. Parsed with parse() (parse.h). The manual and the
// completions are made from the same object, so each option needs a type_name that says what it takes and a description
// in complete sentences.

#pragma once

#include <memory>

namespace CLI {
class App;
}

namespace hearth::commandline {

/// Plain English; the texts must be literals or outlive the call.
struct ProgramWords
{
    const char *name;
    /// What the program does, in one sentence.
    const char *description;
    /// The pages where more is to be read: `hearthd(8) and hearthd.yaml(5)`.
    const char *manual;
};

/// With `--help` that fits the terminal and `--version`.
std::unique_ptr<CLI::App> makeApp(const ProgramWords &words);

} // namespace hearth::commandline
