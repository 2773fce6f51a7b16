// Reloader: what SIGHUP does to a running hearthd.
//
// Daemon has one, made with what hearthd has been started with. It reads the configuration again, from the same file,
// and with the environment and the flags of the start, and checks all of it before the server takes over anything: a
// mistake leaves everything as it was. What the table of settings calls reloadable is taken over, and so are the TLS
// certificate and its key, whose files are read again although their names have not changed. The rest needs a restart;
// it is named at every reload until there was one. Main thread only.

#pragma once

#include "configuration.h"

namespace hearth::server {

class HearthServer;

/// What came of a reload that succeeded.
struct ReloadReport
{
    /// What the server has taken over: keys of settings, and `the TLS certificate` when it is another one.
    QStringList applied;
    /// Keys of settings that have changed, and wait for a restart.
    QStringList waiting;

    /// One line: `reloaded: logLevel, http.maxBody; changed, but only a restart takes them over: listen`.
    QString text() const;
};

class Reloader
{
public:
    /// `running` are the values that `server` was made with; `server` must outlive the reloader.
    Reloader(HearthServer &server, SettingTable table, ConfigurationSources sources, SettingValues running);

    /// Errors: those of loadConfiguration(), readServerSettings() and HearthServer::apply(); nothing has changed then.
    Result<ReloadReport> reload();

private:
    HearthServer &m_server;
    const SettingTable m_table;
    const ConfigurationSources m_sources;
    /// What the server runs with, which is not what the file says where a change waits for a restart.
    SettingValues m_running;
};

} // namespace hearth::server
