// StatusReport: what hearth-publisher tells of itself to other programs of its user, hearth-tray above all.
//
// PublishRun has one beside its Publisher, and lets it listen once it holds the InstanceLock. Publisher's thread.

#pragma once

#include "attentions.h"
#include "statusserver.h"

namespace hearth::headless {

class StatusReport final : public QObject
{
    Q_OBJECT

public:
    /// `publisher` and `clock` must outlive it. `configFile` is empty where there is none.
    StatusReport(const publisher::Publisher &publisher, const QString &configFile, Clock &clock);

    /// Errors: as for StatusServer::listen().
    Result<void> listen(const QString &socketPath);

private:
    void look();
    status::PublisherSnapshot snapshot();

    const publisher::Publisher &m_publisher;
    const QString m_configFile;
    Clock &m_clock;
    status::Attentions m_attentions;
    status::StatusServer m_server;
};

} // namespace hearth::headless
