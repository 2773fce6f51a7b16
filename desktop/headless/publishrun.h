// PublishRun: hearth-publisher at work, from its start to its end: the publisher and everybody who watches it.
//
// main() makes one. Besides the Publisher it holds the lock of the configuration, answers hearth-tray's questions,
// tells the service manager how it is, lets running tasks finish and ends with SIGTERM, and reads its configuration
// again with SIGHUP, or ends with the terminal that it was started from. One thread, with an event loop.

#pragma once

#include "configreload.h"
#include "drain.h"
#include "instancelock.h"
#include "servicereport.h"
#include "signalwatch.h"
#include "statusreport.h"
#include "websocketdialer.h"

#include <optional>

namespace hearth::headless {

class PublishRun final : public QObject
{
    Q_OBJECT

public:
    /// `reader` has read `configuration`. `clock` must outlive it.
    PublishRun(const RunConfiguration &configuration, const ConfigurationReader &reader, Clock &clock,
               QObject *parent = nullptr);

    /// Whether there is anything to publish.
    bool hasWork() const;

    /// Publishes until a signal ends it; finished() follows then. Errors: Conflict when another program publishes with
    /// this configuration.
    Result<void> start();

Q_SIGNALS:
    void finished();

private:
    Result<void> takeLock();
    void stop();
    void reload();

    const QString m_configFile;
    /// Before anybody else, for it changes the environment.
    service::ServiceManager m_manager;
    httpclient::HttpClient m_client;
    publisher::WebSocketDialer m_dialer;
    /// Uses both.
    publisher::Publisher m_publisher;
    ConfigReload m_reload;
    status::InstanceLock m_lock;
    StatusReport m_statusReport;
    ServiceReport m_serviceReport;
    Drain m_drain;
    bool m_isStopping = false;
    // Made when there is something to end.
    std::optional<SignalWatch> m_termination;
    std::optional<SignalWatch> m_hangup;
};

} // namespace hearth::headless
