// TrayCommandLine: how hearth-tray is to start.
//
// Made once by main(), before there is a QApplication, and by whoever describes its options (the manual).

#pragma once

#include "parse.h"

#include <QString>

#include <memory>
#include <string>
#include <variant>

namespace hearth::tray {

struct StartOptions
{
    /// Empty where none was named.
    QString configFile;
    /// Without a window, where the desktop has a tray.
    bool isHidden = false;
};

class TrayCommandLine final
{
public:
    TrayCommandLine();
    ~TrayCommandLine();
    Q_DISABLE_COPY_MOVE(TrayCommandLine)

    const CLI::App &app() const;

    std::variant<StartOptions, commandline::EarlyExit> parse(int argc, char *argv[]);

private:
    std::unique_ptr<CLI::App> m_app;
    // CLI11 writes into these.
    std::string m_configFile;
    bool m_isHidden = false;
};

} // namespace hearth::tray
