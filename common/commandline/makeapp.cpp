#include "makeapp.h"

#include "helpformatter.h"
#include "terminalwidth.h"

#include <CLI/CLI.hpp>

namespace hearth::commandline {

std::unique_ptr<CLI::App> makeApp(const ProgramWords &words)
{
    const std::string name = words.name;
    auto app = std::make_unique<CLI::App>(words.description, name);
    app->formatter(std::make_shared<HelpFormatter>(terminalWidth()));
    app->footer(std::string("More in ") + words.manual + '.');
    app->set_help_flag("-h,--help", "Print this help and exit.");
    app->set_version_flag("--version", name + " " HEARTH_VERSION, "Print the version and exit.");
    return app;
}

} // namespace hearth::commandline
