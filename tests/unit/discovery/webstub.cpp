#include "webstub.h"

WebStub::WebStub(Answer answer)
    : m_answer(std::move(answer))
{
    connect(&m_server, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket *socket = m_server.nextPendingConnection()) {
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
            connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        }
    });
    const bool listening = m_server.listen(QHostAddress::LocalHost);
    Q_ASSERT(listening);
}

void WebStub::read(QTcpSocket *socket)
{
    // Requests of these tests come in one piece, and what is no HTTP is answered as it comes.
    heads.append(socket->readAll());
    socket->write(m_answer(heads.last()));
    socket->disconnectFromHost();
}

QByteArray WebStub::http(int status, const QByteArray &body, const QByteArray &fields)
{
    return "HTTP/1.1 " + QByteArray::number(status) + " Stub\r\n" + fields +
           "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}
