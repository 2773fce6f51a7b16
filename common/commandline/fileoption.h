// addFileOption(): an option that names a file.
//
// Called by the classes of the programs' command lines, above all for `--config`.

#pragma once

#include <string>

namespace CLI {
class App;
}

namespace hearth::commandline {

/// `file` is written when the App is parsed, and stays as it is where the option is not given. An empty name is
/// refused; whether there is such a file is for the program to find out.
void addFileOption(CLI::App &app, const char *name, std::string &file, const char *description);

} // namespace hearth::commandline
