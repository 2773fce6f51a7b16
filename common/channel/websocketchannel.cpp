#include "websocketchannel.h"

#include "delivery.h"
#include "logging.h"

#include <QCoreApplication>
#include <QSslSocket>
#include <QTimer>
#include <QWebSocket>

namespace hearth::channel {

namespace {

/// A frame is only delivered when it is whole in the socket's buffer, so the buffer must hold the longest with its
/// header.
constexpr qint64 readBufferBytes = maxMessageBytes + 16;

/// A close frame carries at most 125 bytes, two of them for the code (RFC 6455 section 5.5).
constexpr qsizetype maxReasonBytes = 123;

/// Its answer says that the peer has read all that was sent before it; the pings for liveness are empty.
constexpr QByteArrayView lastPing = "last";

/// As much of `text` as fits. QWebSocket would cut inside a character, and the peer would refuse the frame.
QString fittingReason(const QString &text)
{
    QString reason = text.left(maxReasonBytes);
    while (reason.toUtf8().size() > maxReasonBytes)
        reason.chop(1);
    if (!reason.isEmpty() && reason.back().isHighSurrogate())
        reason.chop(1);
    return reason;
}

} // namespace

void WebSocketChannel::applyLimits(QWebSocket &socket)
{
    socket.setMaxAllowedIncomingFrameSize(maxMessageBytes);
    socket.setMaxAllowedIncomingMessageSize(maxMessageBytes);
    socket.setReadBufferSize(readBufferBytes);
}

WebSocketChannel::WebSocketChannel(std::unique_ptr<QWebSocket> socket, ChannelSettings settings, Clock &clock)
    : m_settings(settings)
    , m_socket(socket.release())
    , m_tls(m_socket->findChild<QSslSocket *>())
    , m_pingTimer(clock, [this] { ping(); })
    , m_writeTimer(clock, [this] { breakOff(QStringLiteral("The peer does not take what is sent to it.")); })
{
    connect(m_socket, &QWebSocket::textMessageReceived, this, &WebSocketChannel::receiveText);
    connect(m_socket, &QWebSocket::binaryMessageReceived, this, &WebSocketChannel::receiveBinary);
    connect(m_socket, &QWebSocket::pong, this, [this] { m_silentPings = 0; });
    connect(m_socket, &QWebSocket::bytesWritten, this, &WebSocketChannel::bytesWritten);
    // A close frame, the peer's or one for its violation of RFC 6455, closes an intact socket; a connection that breaks
    // has an error first, or skips this signal. Both leave closeCode() at Normal.
    connect(m_socket, &QWebSocket::aboutToClose, this,
            [this] { m_closeFrame |= m_socket->error() == QAbstractSocket::UnknownSocketError; });
    connect(m_socket, &QWebSocket::disconnected, this, &WebSocketChannel::disconnected);
    m_pingTimer.start(m_settings.pingInterval);
}

WebSocketChannel::~WebSocketChannel()
{
    if (m_socket)
        release(static_cast<int>(CloseCode::GoingAway), QString());
}

void WebSocketChannel::setListener(ChannelListener &listener)
{
    m_listener = &listener;
}

void WebSocketChannel::send(const Message &message)
{
    if (!m_socket)
        return;
    m_socket->sendTextMessage(QString::fromUtf8(encode(message)));
    noteWrite();
}

void WebSocketChannel::sendFrame(const QByteArray &frame)
{
    if (!m_socket)
        return;
    m_socket->sendBinaryMessage(frame);
    noteWrite();
}

qint64 WebSocketChannel::bytesToWrite() const
{
    if (!m_socket)
        return 0;
    return m_socket->bytesToWrite() + (m_tls ? m_tls->encryptedBytesToWrite() : 0);
}

void WebSocketChannel::noteWrite()
{
    const qint64 waiting = bytesToWrite();
    if (waiting >= bodyWatermark)
        m_aboveWatermark = true;
    if (waiting > m_settings.maxBytesToWrite)
        m_writeTimer.start(Duration::zero());
    else if (waiting > 0 && !m_writeTimer.isActive())
        m_writeTimer.start(m_settings.writeTimeout);
}

void WebSocketChannel::bytesWritten()
{
    const qint64 waiting = bytesToWrite();
    if (waiting == 0)
        m_writeTimer.stop();
    else if (waiting <= m_settings.maxBytesToWrite)
        m_writeTimer.start(m_settings.writeTimeout);
    if (m_aboveWatermark && waiting < bodyWatermark) {
        m_aboveWatermark = false;
        if (m_listener)
            m_listener->writable();
    }
}

void WebSocketChannel::receiveText(const QString &text)
{
    m_silentPings = 0;
    if (!m_listener)
        return;
    if (const auto violation = deliverMessage(text.toUtf8(), *m_listener, m_ignored))
        closeOn(*violation);
}

void WebSocketChannel::receiveBinary(const QByteArray &frame)
{
    m_silentPings = 0;
    if (!m_listener)
        return;
    if (const auto violation = deliverFrame(frame, *m_listener, m_ignored))
        closeOn(*violation);
}

void WebSocketChannel::ping()
{
    if (m_silentPings == 2)
        return breakOff(QStringLiteral("The peer answers no pings."));
    ++m_silentPings;
    m_pingTimer.start(m_settings.pingInterval);
    m_socket->ping();
    noteWrite();
}

void WebSocketChannel::disconnected()
{
    if (m_closeFrame)
        finish({m_socket->closeCode(), m_socket->closeReason()});
    else
        finish({static_cast<int>(CloseCode::Abnormal), m_socket->errorString()});
}

void WebSocketChannel::breakOff(const QString &why)
{
    qCWarning(lcChannel).noquote() << "breaking off a control channel:" << why;
    QWebSocket *const socket = detach();
    socket->abort();
    socket->deleteLater();
    finish({static_cast<int>(CloseCode::Abnormal), why});
}

void WebSocketChannel::closeOn(const CloseReason &violation)
{
    qCWarning(lcChannel).noquote() << "closing a control channel:" << violation.text;
    release(violation.code, violation.text);
    finish(violation);
}

void WebSocketChannel::close(CloseCode code, const QString &text)
{
    m_listener = nullptr;
    if (m_socket)
        release(static_cast<int>(code), text);
}

void WebSocketChannel::closeThen(CloseCode code, const QString &text, std::function<void()> gone)
{
    m_listener = nullptr;
    if (m_socket)
        release(static_cast<int>(code), text, gone);
    else
        QMetaObject::invokeMethod(QCoreApplication::instance(), std::move(gone), Qt::QueuedConnection);
}

void WebSocketChannel::finish(const CloseReason &reason)
{
    m_pingTimer.stop();
    m_writeTimer.stop();
    if (ChannelListener *listener = std::exchange(m_listener, nullptr))
        listener->closed(reason);
}

QWebSocket *WebSocketChannel::detach()
{
    m_pingTimer.stop();
    m_writeTimer.stop();
    m_tls = nullptr;
    QWebSocket *const socket = std::exchange(m_socket, nullptr);
    socket->disconnect(this);
    return socket;
}

void WebSocketChannel::release(int code, const QString &text)
{
    release(code, text, {});
}

void WebSocketChannel::release(int code, const QString &text, const std::function<void()> &gone)
{
    QWebSocket *const socket = detach();
    if (gone)
        QObject::connect(socket, &QObject::destroyed, QCoreApplication::instance(), gone);
    if (socket->state() == QAbstractSocket::UnconnectedState) {
        socket->deleteLater();
        return;
    }
    // QWebSocket would wait in ClosingState for ever when the peer takes no bytes.
    QObject::connect(socket, &QWebSocket::disconnected, socket, &QObject::deleteLater);
    QTimer::singleShot(m_settings.closeTimeout, socket, [socket] {
        socket->abort();
        socket->deleteLater();
    });
    const auto close = [socket, code, reason = fittingReason(text)] {
        socket->close(static_cast<QWebSocketProtocol::CloseCode>(code), reason);
    };
    if (!gone)
        return close();
    // What the peer sends to a socket that is closed already would make the system drop what is still on its way.
    QObject::connect(socket, &QWebSocket::pong, socket, [close](quint64, const QByteArray &payload) {
        if (payload == lastPing)
            close();
    });
    socket->ping(lastPing.toByteArray());
}

} // namespace hearth::channel
