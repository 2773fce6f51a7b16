#include "scriptedbackend.h"

#include <QRegularExpression>
#include <QTest>

void Exchange::answer(const QByteArray &answerBody, const QByteArray &fields, const QByteArray &status) const
{
    write("HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: " + QByteArray::number(answerBody.size()) +
          "\r\n\r\n" + answerBody);
}

void Exchange::beginStream() const
{
    write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
}

void Exchange::chunk(const QByteArray &piece) const
{
    write(QByteArray::number(piece.size(), 16) + "\r\n" + piece + "\r\n");
}

ScriptedBackend::ScriptedBackend()
{
    connect(&m_server, &QTcpServer::newConnection, this, &ScriptedBackend::accept);
    start();
}

void ScriptedBackend::start()
{
    const bool listening = m_server.listen(QHostAddress::LocalHost, m_port);
    Q_ASSERT(listening);
    m_port = m_server.serverPort();
}

void ScriptedBackend::stop()
{
    m_server.close();
    for (QTcpSocket *socket : m_server.findChildren<QTcpSocket *>())
        socket->abort();
}

Exchange *ScriptedBackend::waitForRequest(size_t count) const
{
    const bool arrived = QTest::qWaitFor(
        [this, count] { return m_exchanges.size() >= count && m_exchanges[count - 1]->isComplete(); }, 5000);
    return arrived ? m_exchanges[count - 1].get() : nullptr;
}

void ScriptedBackend::accept()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
        connect(socket, &QTcpSocket::disconnected, socket, [this, socket] {
            m_current.remove(socket);
            m_heads.remove(socket);
            socket->deleteLater();
        });
    }
}

void ScriptedBackend::read(QTcpSocket *socket)
{
    while (socket->bytesAvailable() > 0) {
        if (Exchange *current = m_current.value(socket); current && !current->isComplete()) {
            current->body += socket->read(current->size - current->body.size());
            continue;
        }
        QByteArray &head = m_heads[socket];
        head += socket->read(1);
        if (!head.endsWith("\r\n\r\n"))
            continue;
        const QByteArray whole = std::exchange(head, {});
        if (whole.startsWith("GET ")) {
            answerQuestion(socket, whole);
            continue;
        }
        static const QRegularExpression length(QStringLiteral("\r\ncontent-length: *(\\d+)"),
                                               QRegularExpression::CaseInsensitiveOption);
        const qint64 size = length.match(QString::fromLatin1(whole)).captured(1).toLongLong();
        m_exchanges.push_back(std::make_unique<Exchange>(Exchange{whole, {}, size, socket}));
        m_current[socket] = m_exchanges.back().get();
    }
}

void ScriptedBackend::answerQuestion(QTcpSocket *socket, const QByteArray &head)
{
    questions.append(head);
    if (availability == 0)
        return;
    socket->write("HTTP/1.1 " + QByteArray::number(availability) +
                  " Scripted\r\nContent-Length: " + QByteArray::number(modelList.size()) + "\r\n\r\n" + modelList);
}
