#include "loopback.h"

#include <QCryptographicHash>
#include <QTest>
#include <QtEndian>

namespace hearth::channel {

LoopbackServer::LoopbackServer(ChannelSettings settings, Clock &clock)
    : acceptor(std::make_unique<WebSocketAcceptor>(settings, clock))
{
    connect(&m_server, &QTcpServer::newConnection, this, &LoopbackServer::takeConnection);
    m_server.listen(QHostAddress::LocalHost);
}

QUrl LoopbackServer::url() const
{
    return QUrl(QStringLiteral("ws://127.0.0.1:%1/api/v1/publish").arg(port()));
}

void LoopbackServer::takeConnection()
{
    std::unique_ptr<QTcpSocket> socket(m_server.nextPendingConnection());
    tcp = socket.get();
    if (!handOverLate)
        return handOver(std::move(socket));
    QTcpSocket *const waiting = socket.release();
    connect(waiting, &QTcpSocket::readyRead, this, [this, waiting] {
        waiting->disconnect(this);
        handOver(std::unique_ptr<QTcpSocket>(waiting));
    });
}

void LoopbackServer::handOver(std::unique_ptr<QTcpSocket> socket)
{
    acceptor->accept(std::move(socket), [this](std::unique_ptr<Channel> opened) {
        ++accepted;
        channel = std::move(opened);
        channel->setListener(listener);
        if (onAccepted)
            onAccepted();
    });
}

RawPeer::RawPeer(QObject *parent)
    : QTcpSocket(parent)
{
    connect(this, &QTcpSocket::readyRead, this, [this] { m_received += readAll(); });
}

QByteArray RawPeer::frame(int opcode, const QByteArray &payload, bool final)
{
    QByteArray bytes(1, static_cast<char>(opcode | (final ? 0x80 : 0)));
    char length[8];
    if (payload.size() < 126) {
        bytes += static_cast<char>(0x80 | payload.size());
    } else if (payload.size() <= 0xffff) {
        qToBigEndian(static_cast<quint16>(payload.size()), length);
        bytes += static_cast<char>(0x80 | 126) + QByteArray(length, 2);
    } else {
        qToBigEndian(static_cast<quint64>(payload.size()), length);
        bytes += static_cast<char>(0x80 | 127) + QByteArray(length, 8);
    }
    return bytes + QByteArray(4, '\0') + payload;
}

QByteArray RawPeer::closeFrame(quint16 code, const QByteArray &reason)
{
    char bytes[2];
    qToBigEndian(code, bytes);
    return frame(closeOpcode, QByteArray(bytes, 2) + reason);
}

QByteArray RawPeer::upgradeRequest(const QByteArray &fields)
{
    return "GET /api/v1/publish HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
           fields + "\r\n";
}

bool RawPeer::shakeHands(quint16 port)
{
    connectToHost(QHostAddress::LocalHost, port);
    write(upgradeRequest());
    if (!QTest::qWaitFor([this] { return m_received.contains("\r\n\r\n"); }))
        return false;
    const bool switched = m_received.startsWith("HTTP/1.1 101 ");
    m_received.remove(0, m_received.indexOf("\r\n\r\n") + 4);
    return switched;
}

RawPeer::Frame RawPeer::nextFrame()
{
    Frame frame;
    (void)QTest::qWaitFor([this, &frame] {
        frame = takeFrame();
        return frame.opcode >= 0;
    });
    return frame;
}

RawPeer::Frame RawPeer::takeFrame()
{
    if (m_received.size() < 2)
        return {};
    qsizetype header = 2;
    qsizetype length = static_cast<uchar>(m_received[1]) & 0x7f;
    if (length == 126) {
        header = 4;
        length = m_received.size() < header ? 0 : qFromBigEndian<quint16>(m_received.constData() + 2);
    } else if (length == 127) {
        header = 10;
        length = m_received.size() < header
                     ? 0
                     : static_cast<qsizetype>(qFromBigEndian<quint64>(m_received.constData() + 2));
    }
    if (m_received.size() < header + length)
        return {};
    const Frame frame{static_cast<uchar>(m_received[0]) & 0x0f, m_received.mid(header, length)};
    m_received.remove(0, header + length);
    return frame;
}

RawServer::RawServer()
{
    connect(this, &QTcpServer::newConnection, this, [this] {
        ++connections;
        request.clear();
        peer = nextPendingConnection();
        connect(peer, &QTcpSocket::readyRead, this, [this, socket = peer.data()] {
            request += socket->readAll();
            if (!answer || !request.contains("\r\n\r\n"))
                return;
            const QByteArray bytes = answer(request);
            if (socket->isOpen())
                socket->write(bytes);
        });
    });
    listen(QHostAddress::LocalHost);
}

QUrl RawServer::url() const
{
    return QUrl(QStringLiteral("ws://127.0.0.1:%1/api/v1/publish").arg(serverPort()));
}

QByteArray RawServer::switchingProtocols(const QByteArray &request, const QByteArray &fields)
{
    const QByteArray name = "Sec-WebSocket-Key: ";
    const qsizetype begin = request.indexOf(name) + name.size();
    const QByteArray key =
        request.mid(begin, request.indexOf('\r', begin) - begin) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    const QByteArray accept = QCryptographicHash::hash(key, QCryptographicHash::Sha1).toBase64();
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
           accept + "\r\n" + fields + "\r\n";
}

} // namespace hearth::channel
