#include "elsewhere.h"

namespace hearth::host {

Elsewhere::Elsewhere(const status::InstanceLock &lock, Clock &clock, Duration retry, QObject *parent)
    : QObject(parent)
    , m_lock(lock)
    , m_retry(retry)
    , m_retryTimer(clock, [this] { ask(); })
{}

void Elsewhere::follow()
{
    if (m_isFollowing)
        return;
    m_isFollowing = true;
    ask();
}

void Elsewhere::ask()
{
    const std::optional<status::LockHolder> holder = m_lock.holder();
    if (!holder) {
        m_isFollowing = false;
        Q_EMIT ended();
        return;
    }
    m_snapshot = {};
    m_snapshot.program = holder->program;
    m_snapshot.processId = holder->processId;
    m_client = new status::StatusClient(this);
    connect(m_client, &status::StatusClient::snapshotReceived, this, [this](const status::PublisherSnapshot &snapshot) {
        m_snapshot = snapshot;
        Q_EMIT changed();
    });
    connect(m_client, &status::StatusClient::lost, this, &Elsewhere::lost);
    m_client->connectTo(holder->socketPath);
    Q_EMIT changed();
}

void Elsewhere::lost()
{
    m_client->deleteLater();
    m_client = nullptr;
    // It may not have gone: perhaps it was asked before it listened, or it cannot be understood.
    if (m_lock.holder())
        m_retryTimer.start(m_retry);
    else
        ask();
}

} // namespace hearth::host
