#include "traycommandline.h"

#include "fileoption.h"
#include "makeapp.h"

#include <CLI/CLI.hpp>

namespace hearth::tray {

using commandline::EarlyExit;

TrayCommandLine::TrayCommandLine()
    : m_app(commandline::makeApp(
          {.name = "hearth-tray",
           .description = "Shares the language models of this box through a Hearth server, from an icon in the tray.",
           .manual = "hearth-tray(1) and publisher.yaml(5)"}))
{
    commandline::addFileOption(*m_app, "--config", m_configFile,
                               "The configuration. Default: publisher.yaml in $XDG_CONFIG_HOME/hearth or /etc/hearth.");
    m_app->add_flag("--hidden", m_isHidden, "Start without a window, where the desktop has a tray.");
}

TrayCommandLine::~TrayCommandLine() = default;

const CLI::App &TrayCommandLine::app() const
{
    return *m_app;
}

std::variant<StartOptions, EarlyExit> TrayCommandLine::parse(int argc, char *argv[])
{
    if (const std::optional<EarlyExit> exit = commandline::parse(*m_app, argc, argv))
        return *exit;
    return StartOptions{QString::fromStdString(m_configFile), m_isHidden};
}

} // namespace hearth::tray
