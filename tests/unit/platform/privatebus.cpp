#include "privatebus.h"

#include <csignal>
#include <sys/prctl.h>

namespace hearth::platform {

namespace {

QByteArray configuration(const QString &directory)
{
    return "<busconfig><type>session</type><listen>unix:dir=" + directory.toUtf8() +
           "</listen><auth>EXTERNAL</auth><policy context='default'><allow send_destination='*'/>"
           "<allow receive_sender='*'/><allow own='*'/></policy></busconfig>\n";
}

} // namespace

PrivateBus::PrivateBus()
{
    QFile file(m_directory.filePath(QStringLiteral("bus.conf")));
    if (!file.open(QIODevice::WriteOnly) || file.write(configuration(m_directory.path())) < 0 || !file.flush())
        return;
    m_daemon.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_daemon.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_daemon.start(QStringLiteral("dbus-daemon"), {QStringLiteral("--config-file"), file.fileName(),
                                                   QStringLiteral("--nofork"), QStringLiteral("--print-address")});
    if (m_daemon.waitForStarted() && m_daemon.waitForReadyRead())
        m_address = m_daemon.readLine().trimmed();
}

PrivateBus::~PrivateBus()
{
    m_daemon.kill();
    m_daemon.waitForFinished();
}

void PrivateBus::becomeSessionBus() const
{
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_address);
}

void PrivateBus::becomeSystemBus() const
{
    qputenv("DBUS_SYSTEM_BUS_ADDRESS", m_address);
}

QDBusConnection PrivateBus::connection(const QString &name) const
{
    return QDBusConnection::connectToBus(QString::fromUtf8(m_address), name);
}

} // namespace hearth::platform
