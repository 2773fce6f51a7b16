#include "rawclient.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QtDebug>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <functional>

namespace hearth::http {

namespace {

/// Runs the event loop until `done`, for 5 s at most; QTest::qWaitFor() looks only every 10 ms.
bool waitUntil(const std::function<bool()> &done)
{
    QDeadlineTimer deadline(5000);
    while (!done()) {
        if (deadline.hasExpired())
            return false;
        QCoreApplication::processEvents();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
    return true;
}

/// Takes a chunked body off the front of `bytes`.
void parseChunks(QByteArrayView &bytes, Answer &answer)
{
    for (;;) {
        const qsizetype lineEnd = bytes.indexOf("\r\n");
        bool ok = false;
        const qsizetype size = lineEnd < 0 ? 0 : bytes.first(lineEnd).toByteArray().toLongLong(&ok, 16);
        if (!ok || bytes.size() < lineEnd + 2 + size + 2)
            return;
        answer.body += bytes.sliced(lineEnd + 2, size);
        bytes = bytes.sliced(lineEnd + 2 + size + 2);
        if (size == 0) {
            answer.complete = true;
            return;
        }
    }
}

void parseBody(QByteArrayView &bytes, bool ended, bool toHead, Answer &answer)
{
    if (toHead || answer.status == 204 || answer.status == 304) {
        answer.complete = true;
    } else if (const QByteArray *length = answer.fields.find("content-length")) {
        answer.body = bytes.first(qMin<qsizetype>(bytes.size(), length->toLongLong())).toByteArray();
        answer.complete = answer.body.size() == length->toLongLong();
        bytes = bytes.sliced(answer.body.size());
    } else if (answer.fields.value("transfer-encoding") == "chunked") {
        parseChunks(bytes, answer);
    } else {
        answer.untilClose = true;
        answer.complete = ended;
        answer.body = bytes.toByteArray();
        bytes = {};
    }
}

} // namespace

QList<Answer> parseAnswers(QByteArrayView bytes, bool ended, bool toHead)
{
    QList<Answer> answers;
    while (!bytes.isEmpty()) {
        const qsizetype headEnd = bytes.indexOf("\r\n\r\n");
        if (headEnd < 0)
            return answers;
        Answer answer;
        const QList<QByteArray> lines = bytes.first(headEnd).toByteArray().split('\n');
        answer.status = lines.first().mid(9, 3).toInt();
        for (const QByteArray &line : lines.sliced(1)) {
            const qsizetype colon = line.indexOf(':');
            answer.fields.append(line.first(colon), line.sliced(colon + 1).trimmed());
        }
        bytes = bytes.sliced(headEnd + 4);
        if (answer.status == 100)
            answer.complete = true;
        else
            parseBody(bytes, ended, toHead, answer);
        answers.append(answer);
        if (!answer.complete)
            return answers;
    }
    return answers;
}

void spin()
{
    for (int i = 0; i < 4; ++i)
        QCoreApplication::processEvents();
}

RawClient::RawClient(quint16 port, int receiveBuffer)
    : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    if (receiveBuffer > 0)
        ::setsockopt(m_socket, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof(receiveBuffer));
    const int on = 1;
    ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) != 0)
        qFatal("Cannot connect to port %d.", port);
    ::fcntl(m_socket, F_SETFL, ::fcntl(m_socket, F_GETFL) | O_NONBLOCK);
}

RawClient::~RawClient()
{
    close();
}

qsizetype RawClient::send(QByteArrayView bytes) const
{
    const ssize_t sent = ::send(m_socket, bytes.data(), static_cast<size_t>(bytes.size()), MSG_NOSIGNAL);
    return sent < 0 ? 0 : sent;
}

bool RawClient::sendAll(const QByteArray &bytes)
{
    QByteArrayView rest = bytes;
    const auto sendMore = [&] {
        rest = rest.sliced(send(rest));
        return rest.isEmpty();
    };
    return waitUntil(sendMore);
}

void RawClient::shutdown() const
{
    ::shutdown(m_socket, SHUT_WR);
}

void RawClient::close()
{
    if (m_socket >= 0)
        ::close(m_socket);
    m_socket = -1;
}

void RawClient::reset()
{
    const linger atOnce{1, 0};
    ::setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &atOnce, sizeof(atOnce));
    close();
}

const QByteArray &RawClient::received()
{
    char buffer[65536];
    while (m_end == End::Open) {
        const ssize_t size = ::recv(m_socket, buffer, sizeof(buffer), 0);
        if (size > 0) {
            m_received.append(buffer, size);
            continue;
        }
        if (size < 0 && errno == EAGAIN)
            break;
        m_end = size == 0 ? End::Fin : End::Reset;
    }
    return m_received;
}

RawClient::End RawClient::end()
{
    received();
    return m_end;
}

QList<Answer> RawClient::answers(qsizetype count, bool toHead)
{
    QList<Answer> found;
    const auto haveAll = [&] {
        const bool ended = end() != End::Open;
        found = parseAnswers(m_received, ended, toHead);
        return ended || (found.size() >= count && found.at(count - 1).complete);
    };
    if (!waitUntil(haveAll))
        qWarning() << "The answers did not come; received:" << m_received;
    return found;
}

} // namespace hearth::http
