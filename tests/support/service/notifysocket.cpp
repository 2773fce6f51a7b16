#include "notifysocket.h"

#include <QFile>
#include <QTest>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace hearth::testsupport {

namespace {

constexpr char socketVariable[] = "NOTIFY_SOCKET";
constexpr char watchdogVariable[] = "WATCHDOG_USEC";

} // namespace

NotifySocket::NotifySocket()
    : m_descriptor(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0))
{
    const QByteArray path = QFile::encodeName(m_folder.filePath(QStringLiteral("notify")));
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (path.size() >= static_cast<qsizetype>(sizeof(address.sun_path)))
        qFatal("the path of the socket is too long");
    std::copy(path.begin(), path.end(), address.sun_path);
    if (::bind(m_descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) != 0)
        qFatal("cannot make the socket of a service manager");
    qputenv(socketVariable, path);
}

NotifySocket::~NotifySocket()
{
    qunsetenv(socketVariable);
    qunsetenv(watchdogVariable);
    ::close(m_descriptor);
}

void NotifySocket::setWatchdog(std::chrono::microseconds limit)
{
    qputenv(watchdogVariable, QByteArray::number(static_cast<qint64>(limit.count())));
}

QByteArray NotifySocket::next(std::chrono::milliseconds limit)
{
    QByteArray message;
    const auto hasCome = [&] { return !(message = takeNext()).isEmpty(); };
    (void)QTest::qWaitFor(hasCome, static_cast<int>(limit.count()));
    return message;
}

QByteArray NotifySocket::takeNext()
{
    receive();
    return m_messages.isEmpty() ? QByteArray() : m_messages.takeFirst();
}

int NotifySocket::watchdogMessages()
{
    receive();
    return m_watchdogMessages;
}

void NotifySocket::receive()
{
    char buffer[4096];
    for (;;) {
        const ssize_t size = ::recv(m_descriptor, buffer, sizeof(buffer), 0);
        if (size < 0)
            return;
        const QByteArray message(buffer, static_cast<qsizetype>(size));
        if (message == "WATCHDOG=1")
            ++m_watchdogMessages;
        else
            m_messages.append(message);
    }
}

} // namespace hearth::testsupport
