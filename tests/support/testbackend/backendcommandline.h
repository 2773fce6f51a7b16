// BackendCommandLine: what hearth-testbackend is to be and how it is to fail.
//
// Made once by main(), and by whoever describes its options (the manual). Values are checked while they are parsed, so
// what parse() returns can be used as it is.

#pragma once

#include "parse.h"
#include "sleepcycle.h"
#include "testbackendsettings.h"
#include "wakelistener.h"

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace hearth::testbackend {

/// Everything that the command line can say about the running program.
struct BackendOptions
{
    TestBackendSettings backend;
    SleepSettings sleep;
    WakeListenerSettings wake;
    /// Whether `wake` is to listen at all.
    bool hasWakeListener = false;
};

class BackendCommandLine final
{
public:
    BackendCommandLine();
    ~BackendCommandLine();
    Q_DISABLE_COPY_MOVE(BackendCommandLine)

    const CLI::App &app() const;

    std::variant<BackendOptions, commandline::EarlyExit> parse(int argc, char *argv[]);

private:
    void addBackendOptions();
    void addFaultOptions();
    void addSleepOptions();

    std::unique_ptr<CLI::App> m_app;
    // What CLI11 writes into, beside m_options.
    std::vector<std::string> m_models;
    BackendOptions m_options;
};

} // namespace hearth::testbackend
