#include "servicereport.h"

#include <algorithm>

namespace hearth::headless {

using publisher::ConnectionState;
using publisher::PublishedLlm;
using publisher::Publisher;

QString serviceStatus(const Publisher &publisher)
{
    const QString server = publisher.settings().server.toString();
    switch (publisher.state()) {
    case ConnectionState::Offline:
        return publisher.problem().isEmpty() ? QStringLiteral("offline")
                                             : QStringLiteral("offline: ") + publisher.problem();
    case ConnectionState::Connecting:
        return QStringLiteral("connecting to ") + server;
    case ConnectionState::Online:
        return QStringLiteral("online at %1 with %2 of %3 models")
            .arg(server)
            .arg(std::ranges::count(publisher.llms(), true, &PublishedLlm::isAccepted))
            .arg(publisher.llms().size());
    }
    Q_UNREACHABLE();
}

QString stoppingStatus(const Publisher &publisher)
{
    const publisher::TaskCounts left = publisher.taskCounts();
    return left.isZero() ? QStringLiteral("stopping") : service::drainStatus(left.requests, left.wakes);
}

ServiceReport::ServiceReport(const Publisher &publisher, service::ServiceManager &manager, QObject *parent)
    : QObject(parent)
    , m_publisher(publisher)
    , m_manager(manager)
{}

void ServiceReport::begin()
{
    connect(&m_publisher, &Publisher::stateChanged, this, &ServiceReport::look);
    connect(&m_publisher, &Publisher::problemChanged, this, &ServiceReport::look);
    connect(&m_publisher, &Publisher::llmsChanged, this, &ServiceReport::look);
    m_told = status();
    m_manager.sayReady(m_told);
}

void ServiceReport::beginStopping(Duration limit)
{
    m_isStopping = true;
    connect(&m_publisher, &Publisher::drainProgressed, this, &ServiceReport::look);
    m_told = status();
    m_manager.sayStopping(limit, m_told);
}

QString ServiceReport::status() const
{
    return m_isStopping ? stoppingStatus(m_publisher) : serviceStatus(m_publisher);
}

void ServiceReport::look()
{
    const QString now = status();
    if (std::exchange(m_told, now) != now)
        m_manager.sayStatus(now);
}

} // namespace hearth::headless
