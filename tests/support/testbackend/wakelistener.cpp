#include "wakelistener.h"

#include "requestreader.h"
#include "sleepcycle.h"
#include "socketurl.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>

namespace hearth::testbackend {

namespace {

QByteArray answerBytes(int status, const QByteArray &body)
{
    return "HTTP/1.1 " + QByteArray::number(status) + (status < 300 ? " OK" : " Error") +
           "\r\ncontent-type: application/json\r\ncontent-length: " + QByteArray::number(body.size()) + "\r\n\r\n" +
           body;
}

/// One client; deletes itself when the socket has closed.
class WakeConnection final : public QObject
{
public:
    WakeConnection(QTcpSocket *socket, WakeListener &listener)
        : QObject(&listener)
        , m_listener(listener)
        , m_socket(socket)
        , m_reader(listener.limits())
    {
        m_socket->setParent(this);
        connect(m_socket, &QTcpSocket::readyRead, this, &WakeConnection::read);
        connect(m_socket, &QTcpSocket::disconnected, this, &QObject::deleteLater);
    }

private:
    void read()
    {
        m_reader.append(m_socket->readAll());
        for (;;) {
            switch (m_reader.next()) {
            case RequestReader::Step::NeedsBytes:
                return;
            case RequestReader::Step::HeadRead:
                break;
            case RequestReader::Step::BodyRead:
                m_socket->write(m_listener.answer(m_reader.request()));
                break;
            case RequestReader::Step::Malformed:
            case RequestReader::Step::HeadTooLarge:
            case RequestReader::Step::BodyTooLarge:
                m_socket->disconnectFromHost();
                return;
            }
        }
    }

    WakeListener &m_listener;
    QTcpSocket *m_socket;
    RequestReader m_reader;
};

} // namespace

WakeListener::WakeListener(WakeListenerSettings settings, SleepCycle &cycle, QObject *parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_cycle(cycle)
{
    connect(&m_server, &QTcpServer::newConnection, this, &WakeListener::accept);
}

Result<void> WakeListener::listen()
{
    if (!m_server.listen(m_settings.address, m_settings.port)) {
        return Error{ErrorCode::Io, QStringLiteral("Cannot listen on %1: %2. Choose another address or port.")
                                        .arg(QString::fromUtf8(socketUrl(m_settings.address, m_settings.port)),
                                             m_server.errorString())};
    }
    return {};
}

QByteArray WakeListener::url() const
{
    return socketUrl(m_settings.address, port());
}

QByteArray WakeListener::answer(const ReceivedRequest &request)
{
    if (request.path == "/wake" && request.method == "POST") {
        m_cycle.wake(m_settings.wakeStatus < 300 ? SleepCycle::Call::Obeyed : SleepCycle::Call::Refused);
        return m_settings.wakeHangs ? QByteArray() : answerBytes(m_settings.wakeStatus, "{}");
    }
    if (request.path == "/sleep" && request.method == "POST") {
        m_cycle.sleep();
        return answerBytes(200, "{}");
    }
    if (request.path == "/stats" && request.method == "GET")
        return answerBytes(200, stats());
    return answerBytes(404, "{}");
}

void WakeListener::accept()
{
    while (QTcpSocket *const socket = m_server.nextPendingConnection()) {
        if (children().size() >= m_settings.limits.connections)
            delete socket;
        else
            new WakeConnection(socket, *this);
    }
}

QByteArray WakeListener::stats() const
{
    const SleepCounts &counts = m_cycle.counts();
    const QJsonObject json{
        {QStringLiteral("wakes"), counts.wakes},
        {QStringLiteral("sleeps"), counts.sleeps},
        {QStringLiteral("boots"), counts.boots},
        {QStringLiteral("isAwake"), m_cycle.isAwake()},
    };
    return QJsonDocument(json).toJson(QJsonDocument::Compact);
}

} // namespace hearth::testbackend
