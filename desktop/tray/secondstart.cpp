#include "secondstart.h"

#include "instancelock.h"

#include <QCoreApplication>

namespace hearth::tray {

SecondStart::SecondStart(Clock &clock, SecondStartSettings settings, QObject *parent)
    : QObject(parent)
    , m_settings(settings)
    , m_patience(clock, [this] { finish(false); })
{
    connect(&m_client, &status::StatusClient::snapshotReceived, this, [this] {
        m_client.raise();
        finish(true);
    });
    connect(&m_client, &status::StatusClient::lost, this, [this] { finish(false); });
}

bool SecondStart::begin(const QString &configFile)
{
    const status::InstanceLock lock(configFile);
    const std::optional<status::LockHolder> holder = lock.holder();
    if (!holder || holder->program != QCoreApplication::applicationName())
        return false;
    m_patience.start(m_settings.patience);
    m_client.connectTo(lock.socketPath());
    return true;
}

void SecondStart::finish(bool isRaised)
{
    m_patience.stop();
    m_client.disconnect(this);
    Q_EMIT finished(isRaised);
}

} // namespace hearth::tray
