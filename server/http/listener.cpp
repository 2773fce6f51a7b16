#include "listener.h"

#include "logging.h"

#include <QHostInfo>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace hearth::http {

namespace {

/// Listens on IPv6 and IPv4 for `::`, and on IPv4 for `localhost`, whatever order the resolver has; null for an unknown
/// name. Blocks while it asks the resolver, which is for the start of the program only.
QHostAddress resolve(const QString &host)
{
    if (host == QLatin1String("::") || host == QLatin1String("[::]"))
        return QHostAddress::Any;
    if (host == QLatin1String("localhost"))
        return QHostAddress::LocalHost;
    const bool bracketed = host.startsWith(QLatin1Char('[')) && host.endsWith(QLatin1Char(']'));
    if (const QHostAddress address(bracketed ? host.mid(1, host.size() - 2) : host); !address.isNull())
        return address;
    const QList<QHostAddress> addresses = QHostInfo::fromName(host).addresses();
    return addresses.isEmpty() ? QHostAddress() : addresses.first();
}

qint64 descriptorLimit()
{
    struct rlimit limit = {};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<qint64>(std::min<rlim_t>(limit.rlim_cur, INT_MAX))
                                                   : INT_MAX;
}

/// A port that is in use may be free later; one that needs a right will still need it at the next start.
Error cannotListen(const HttpSettings &settings, const QTcpServer &server)
{
    const bool isForbidden = server.serverError() == QAbstractSocket::SocketAccessError;
    const QString advice =
        isForbidden ? QStringLiteral("Choose another port, or give the program the capability CAP_NET_BIND_SERVICE, "
                                     "which ports below 1024 need.")
                    : QStringLiteral("Choose another address or port, or stop the program that has it.");
    return {isForbidden ? ErrorCode::Configuration : ErrorCode::Io,
            QStringLiteral("Cannot listen on %1, port %2: %3. %4")
                .arg(settings.host)
                .arg(settings.port)
                .arg(server.errorString(), advice)};
}

} // namespace

Listener::Listener(const HttpSettings &settings, Clock &clock, std::function<void(qintptr)> accepted)
    : m_settings(settings)
    , m_accepted(std::move(accepted))
    , m_retryTimer(clock, [this] { resumeIfRoom(); })
{}

Result<void> Listener::start()
{
    const QHostAddress address = resolve(m_settings.host);
    if (address.isNull())
        return Error{ErrorCode::Io,
                     QStringLiteral("Cannot listen on '%1': there is no such host.").arg(m_settings.host)};
    m_descriptorLimit = descriptorLimit();
    setListenBacklogSize(m_settings.limits.backlog);
    if (!listen(address, m_settings.port))
        return cannotListen(m_settings, *this);
    return {};
}

void Listener::incomingConnection(qintptr descriptor)
{
    ++m_connections;
    // Descriptors are given out from the lowest free number, so this one's tells how many there are.
    if (m_connections >= m_settings.limits.connections || descriptor >= m_descriptorLimit * 9 / 10)
        pause();
    m_accepted(descriptor);
}

void Listener::connectionClosed()
{
    --m_connections;
    resumeIfRoom();
}

void Listener::pause()
{
    if (std::exchange(m_paused, true))
        return;
    qCWarning(lcHttp) << "No more connections are accepted for now; open:" << m_connections;
    // QTcpServer accepts all that wait in one go, whether it has been paused or not, but heeds this number each time.
    setMaxPendingConnections(0);
    pauseAccepting();
    m_retryTimer.start(m_settings.timeouts.acceptRetry);
}

void Listener::resumeIfRoom()
{
    const int limit = m_settings.limits.connections;
    if (!m_paused || !isListening() || m_connections > limit - std::max(1, limit / 10))
        return;
    const int lowestFree = ::fcntl(static_cast<int>(socketDescriptor()), F_DUPFD_CLOEXEC, 0);
    ::close(lowestFree);
    if (lowestFree < 0 || lowestFree >= m_descriptorLimit * 8 / 10) {
        m_retryTimer.start(m_settings.timeouts.acceptRetry);
        return;
    }
    m_paused = false;
    setMaxPendingConnections(m_settings.limits.backlog);
    resumeAccepting();
}

} // namespace hearth::http
