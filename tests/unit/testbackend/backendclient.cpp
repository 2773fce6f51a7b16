#include "backendclient.h"

#include <QHostAddress>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

namespace hearth::testbackend {

namespace {

constexpr int patience = 10'000;

/// Decodes what there is of a chunked body behind `position`.
void readChunks(Reply &reply, const QByteArray &bytes, qsizetype position)
{
    for (;;) {
        const qsizetype lineEnd = bytes.indexOf("\r\n", position);
        if (lineEnd < 0)
            return;
        bool ok = false;
        const qsizetype size = bytes.mid(position, lineEnd - position).toLongLong(&ok, 16);
        if (!ok || bytes.size() < lineEnd + 2 + size + 2)
            return;
        reply.body += bytes.mid(lineEnd + 2, size);
        position = lineEnd + 2 + size + 2;
        if (size == 0) {
            reply.complete = true;
            reply.size = position;
            return;
        }
    }
}

Reply parse(const QByteArray &bytes)
{
    Reply reply;
    const qsizetype headEnd = bytes.indexOf("\r\n\r\n");
    if (headEnd < 0 || !bytes.startsWith("HTTP/1.1 "))
        return reply;
    reply.status = bytes.mid(9, 3).toInt();
    const QByteArrayList lines = bytes.first(headEnd).split('\n').mid(1);
    for (const QByteArray &line : lines) {
        const qsizetype colon = line.indexOf(':');
        reply.fields.append(line.first(colon), line.mid(colon + 1).trimmed());
    }
    if (reply.fields.contains("transfer-encoding")) {
        readChunks(reply, bytes, headEnd + 4);
        return reply;
    }
    const qsizetype length = reply.fields.value("content-length").toLongLong();
    reply.body = reply.fields.contains("content-length") ? bytes.mid(headEnd + 4, length) : bytes.mid(headEnd + 4);
    reply.complete = reply.fields.contains("content-length") && reply.body.size() == length;
    reply.size = headEnd + 4 + reply.body.size();
    return reply;
}

} // namespace

QJsonObject Reply::json() const
{
    return QJsonDocument::fromJson(body).object();
}

QByteArrayList Reply::events() const
{
    QByteArrayList events;
    qsizetype begin = 0;
    for (qsizetype end = body.indexOf("\n\n"); end >= 0; end = body.indexOf("\n\n", begin)) {
        const QByteArray event = body.mid(begin, end - begin);
        events.append(event.mid(event.indexOf("data: ") + 6));
        begin = end + 2;
    }
    return events;
}

QJsonObject parsed(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object();
}

QJsonValue at(const QJsonValue &json, const QString &path)
{
    QJsonValue value = json;
    const QStringList steps = path.split(u'/');
    for (const QString &step : steps)
        value = value.isArray() ? value.toArray().at(step.toInt()) : value[step];
    return value;
}

QString textAt(const QJsonValue &json, const char *path)
{
    return at(json, QString::fromUtf8(path)).toString();
}

qint64 numberAt(const QJsonValue &json, const char *path)
{
    return at(json, QString::fromUtf8(path)).toInteger(-1);
}

BackendClient::BackendClient(quint16 port)
{
    QObject::connect(&m_socket, &QTcpSocket::readyRead, &m_socket, [this] { m_received += m_socket.readAll(); });
    m_socket.connectToHost(QHostAddress::LocalHost, port);
    const bool connected = QTest::qWaitFor([this] { return m_socket.state() == QAbstractSocket::ConnectedState; });
    QVERIFY2(connected, "The backend accepts no connection.");
}

QByteArray BackendClient::request(const QByteArray &method, const QByteArray &target, const QByteArray &body,
                                  const QByteArray &fields)
{
    return method + ' ' + target + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + QByteArray::number(body.size()) +
           "\r\n" + fields + "\r\n" + body;
}

void BackendClient::send(const QByteArray &bytes)
{
    m_socket.write(bytes);
    m_socket.flush();
}

Reply BackendClient::call(const QByteArray &bytes)
{
    send(bytes);
    const bool ended = QTest::qWaitFor([this] { return reply().complete || isClosed(); }, patience);
    const Reply reply = parse(m_received);
    m_received.remove(0, reply.size);
    return ended ? reply : Reply();
}

Reply BackendClient::reply() const
{
    return parse(m_received);
}

} // namespace hearth::testbackend
