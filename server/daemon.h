// Daemon: hearthd while it serves, as the operating system sees it.
//
// Made by main() with a configuration that has been checked. It joins HearthServer to what is around the process:
// SIGTERM and SIGINT let running answers finish and end it, SIGHUP reads the configuration again or, where it comes
// from a terminal that was closed, ends it too, and the service manager is told of each of these steps. Main thread
// only. It knows nothing of what is served.

#pragma once

#include "hearthserver.h"
#include "reloader.h"
#include "servicemanager.h"
#include "signalwatch.h"

namespace hearth::server {

class Daemon final : public QObject
{
    Q_OBJECT

public:
    /// `values` came from `sources`, and `settings` from them.
    Daemon(ServerSettings settings, const SettingTable &table, const ConfigurationSources &sources,
           const SettingValues &values);

    /// Runs the event loop until a signal ends it, or what went wrong. To be called once.
    Result<void> serve();

private:
    enum class Phase { Starting, Serving, Stopping };

    void announce();
    void reload();
    void stop();
    void showDraining();
    void finish();
    void end(const Error &failure);

    SystemClock m_clock;
    service::ServiceManager m_manager;
    SignalWatch m_termination;
    SignalWatch m_hangup;
    HearthServer m_server;
    Reloader m_reloader;
    Timer m_drainReport;
    Phase m_phase = Phase::Starting;
    std::optional<Error> m_failure;
};

} // namespace hearth::server
