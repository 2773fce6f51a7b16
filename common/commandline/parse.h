// parse(): reads the arguments of a program into what its CLI::App was bound to.
//
// Called once, by the class of each program that owns its command line. Help and the version go to standard output;
// what is wrong goes to standard error, in one line, with a second that says where the options are explained.

#pragma once

#include <optional>

namespace CLI {
class App;
}

namespace hearth::commandline {

/// There is nothing left to do: help or the version was printed, or the command line was wrong.
struct EarlyExit
{
    /// 0, or 2 for a wrong command line.
    int code = 0;
};

/// Nothing, when the program may go on.
std::optional<EarlyExit> parse(CLI::App &app, int argc, char *argv[]);

} // namespace hearth::commandline
