// ServiceReport: keeps the service manager informed of a publisher, in one line: `systemctl status` shows it.
//
// PublishRun makes one. Publisher's thread.

#pragma once

#include "publisher.h"
#include "servicemanager.h"

namespace hearth::headless {

/// What the publisher is doing: `online at https://hearth.example.org with 2 of 3 models`.
QString serviceStatus(const publisher::Publisher &publisher);

/// What it has yet to finish before it ends: `draining: 1 request and 1 wake still running`, or `stopping`.
QString stoppingStatus(const publisher::Publisher &publisher);

class ServiceReport final : public QObject
{
    Q_OBJECT

public:
    /// All must outlive it.
    ServiceReport(const publisher::Publisher &publisher, service::ServiceManager &manager, QObject *parent = nullptr);

    /// To be called once, when the publisher has been started: the service is up, whether or not the server can be
    /// reached yet.
    void begin();
    /// From here on it is told what is left to finish. To be called before the publisher takes nothing new; it will
    /// have ended after `limit` at the latest.
    void beginStopping(Duration limit);

private:
    QString status() const;
    void look();

    const publisher::Publisher &m_publisher;
    service::ServiceManager &m_manager;
    bool m_isStopping = false;
    /// What the manager knows.
    QString m_told;
};

} // namespace hearth::headless
