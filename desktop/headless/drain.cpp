#include "drain.h"

#include "logging.h"

namespace hearth::headless {

using publisher::Publisher;

Drain::Drain(Publisher &publisher, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_publisher(publisher)
    , m_limit(clock, [this] { finish(); })
{}

void Drain::begin(Duration limit)
{
    if (limit == Duration::zero() || m_publisher.taskCounts().isZero())
        return finish();
    qCInfo(lcPublisher) << "stopping: what runs may finish; the same signal once more ends it at once";
    connect(&m_publisher, &Publisher::drainProgressed, this, &Drain::look);
    // Later, for the publisher is in the middle of something when it loses its channel.
    connect(&m_publisher, &Publisher::stateChanged, this, &Drain::look, Qt::QueuedConnection);
    m_limit.start(limit);
    m_publisher.setIntake(publisher::Intake::Draining);
}

void Drain::look()
{
    if (m_publisher.taskCounts().isZero())
        finish();
}

void Drain::finish()
{
    m_limit.stop();
    disconnect(&m_publisher, nullptr, this, nullptr);
    if (const publisher::TaskCounts left = m_publisher.taskCounts(); !left.isZero())
        qCWarning(lcPublisher) << "stopped in the middle of" << left.requests << "requests and" << left.wakes
                               << "wakes";
    Q_EMIT finished();
}

} // namespace hearth::headless
