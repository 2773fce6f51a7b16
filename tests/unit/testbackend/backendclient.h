// BackendClient: a bare HTTP client on one TCP connection, for tests of the test backend.
//
// It sends the bytes it is given and shows what came back, however broken; it repairs, follows and retries nothing.
// Used on the thread of the test, which it serves by turning the event loop while it waits.

#pragma once

#include "httpfields.h"

#include <QJsonObject>
#include <QTcpSocket>

namespace hearth::testbackend {

/// What can be understood of the bytes that have come back.
struct Reply
{
    /// 0 while there is no well-formed head.
    int status = 0;
    HttpFields fields;
    /// Without chunk framing.
    QByteArray body;
    /// The body has the length that was announced, or its final chunk.
    bool complete = false;
    /// Of head and body as they were sent, in bytes.
    qsizetype size = 0;

    QJsonObject json() const;
    /// The `data:` of each complete event.
    QByteArrayList events() const;
};

QJsonObject parsed(const QByteArray &json);

/// What is at a path such as `choices/0/delta/content`.
QJsonValue at(const QJsonValue &json, const QString &path);
QString textAt(const QJsonValue &json, const char *path);
/// -1 where there is no number.
qint64 numberAt(const QJsonValue &json, const char *path);

class BackendClient
{
public:
    /// Connects and waits for it.
    explicit BackendClient(quint16 port);

    /// A request as bytes; `fields` are lines with their ends.
    static QByteArray request(const QByteArray &method, const QByteArray &target, const QByteArray &body = {},
                              const QByteArray &fields = {});

    void send(const QByteArray &bytes);
    /// Sends and waits until the reply is complete or the backend has closed; then forgets it for the next call.
    Reply call(const QByteArray &bytes);

    /// What has come since the last call().
    Reply reply() const;

    const QByteArray &received() const { return m_received; }

    bool isClosed() const { return m_socket.state() == QAbstractSocket::UnconnectedState; }

    QTcpSocket &socket() { return m_socket; }

private:
    QTcpSocket m_socket;
    QByteArray m_received;
};

} // namespace hearth::testbackend
