#include "secondstart.h"

#include <QCoreApplication>

#include <utility>

namespace hearth::tray {

SecondStart::SecondStart(const QString &configFile, Clock &clock, SecondStartSettings settings, QObject *parent)
    : QObject(parent)
    , m_lock(configFile)
    , m_settings(settings)
    , m_patience(clock, [this] { finish(false); })
    , m_retry(clock, [this] { ask(); })
{}

bool SecondStart::begin()
{
    if (!runningTray())
        return false;
    m_patience.start(m_settings.patience);
    m_retry.start(Duration::zero());
    return true;
}

std::optional<status::LockHolder> SecondStart::runningTray() const
{
    std::optional<status::LockHolder> holder = m_lock.holder();
    const bool isForeign =
        holder && !holder->program.isEmpty() && holder->program != QCoreApplication::applicationName();
    return isForeign ? std::nullopt : holder;
}

void SecondStart::ask()
{
    const std::optional<status::LockHolder> holder = runningTray();
    if (!holder)
        return finish(false);
    if (holder->program.isEmpty())
        return m_retry.start(m_settings.retry);
    m_client = new status::StatusClient(this);
    connect(m_client, &status::StatusClient::snapshotReceived, this, [this] {
        if (m_settings.raises)
            m_client->raise();
        finish(true);
    });
    connect(m_client, &status::StatusClient::lost, this, [this] {
        std::exchange(m_client, nullptr)->deleteLater();
        m_retry.start(m_settings.retry);
    });
    m_client->connectTo(holder->socketPath);
}

void SecondStart::finish(bool isRaised)
{
    m_patience.stop();
    m_retry.stop();
    if (m_client)
        m_client->disconnect(this);
    Q_EMIT finished(isRaised);
}

} // namespace hearth::tray
