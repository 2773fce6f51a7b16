#include "httpcall.h"

#include <QJsonDocument>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTest>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hearth::testsupport {

namespace {

constexpr qsizetype lineEnd = 2;

/// A socket that is connected to a port of this machine; less than 0 where nobody listens. QTcpSocket can bound what
/// the system reads ahead only when it is connected, which is too late.
int connectedSocket(quint16 port, int receiveBuffer)
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receiveBuffer > 0)
        ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, sizeof(receiveBuffer));
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) == 0)
        return descriptor;
    ::close(descriptor);
    return -1;
}

bool hasBody(const HttpRequest &request)
{
    return !request.body.isEmpty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
}

StreamEvent parseEvent(QByteArrayView text, std::chrono::milliseconds at)
{
    StreamEvent event{{}, {}, at};
    for (const QByteArray &line : text.toByteArray().split('\n')) {
        if (line.startsWith("event: "))
            event.type = line.mid(7);
        else if (line.startsWith("data: "))
            event.data += line.mid(6);
    }
    return event;
}

} // namespace

QJsonObject StreamEvent::json() const
{
    return QJsonDocument::fromJson(data).object();
}

QByteArray toBytes(const HttpRequest &request)
{
    QByteArray bytes = request.method + ' ' + request.target + " HTTP/1.1\r\n";
    if (!request.fields.contains("host"))
        bytes += "Host: 127.0.0.1\r\n";
    for (const HttpField &field : request.fields)
        bytes += field.name + ": " + field.value + "\r\n";
    const bool isFramed = request.fields.contains("content-length") || request.fields.contains("transfer-encoding");
    if (hasBody(request) && !isFramed)
        bytes += "Content-Length: " + QByteArray::number(request.body.size()) + "\r\n";
    return bytes + "\r\n" + request.body;
}

HttpCall::HttpCall(const QUrl &server, const QByteArray &bytes, const Options &options)
    : m_reading(!options.startsStalled)
{
    m_timer.start();
    if (server.scheme() == QLatin1String("https"))
        connectEncrypted(server, options);
    else
        connectPlain(server, options);
    if (!m_refused)
        send(bytes);
}

HttpCall::~HttpCall()
{
    m_socket->disconnect(this);
    m_socket->abort();
}

void HttpCall::connectPlain(const QUrl &server, const Options &options)
{
    m_socket = std::make_unique<QTcpSocket>();
    const int descriptor = connectedSocket(static_cast<quint16>(server.port(80)), options.receiveBuffer);
    if (descriptor < 0) {
        m_refused = true;
        disconnected();
        return;
    }
    if (options.startsStalled)
        m_socket->setReadBufferSize(1);
    watch();
    m_socket->setSocketDescriptor(descriptor);
}

void HttpCall::connectEncrypted(const QUrl &server, const Options &options)
{
    auto socket = std::make_unique<QSslSocket>();
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setCaCertificates(options.authorities);
    socket->setSslConfiguration(configuration);
    QSslSocket *const encrypted = socket.get();
    m_socket = std::move(socket);
    watch();
    if (options.startsStalled)
        connect(encrypted, &QSslSocket::encrypted, this, &HttpCall::stopReading);
    encrypted->connectToHostEncrypted(server.host(), static_cast<quint16>(server.port(443)));
}

void HttpCall::watch()
{
    connect(m_socket.get(), &QTcpSocket::readyRead, this, &HttpCall::read);
    connect(m_socket.get(), &QTcpSocket::disconnected, this, &HttpCall::disconnected);
    connect(m_socket.get(), &QTcpSocket::errorOccurred, this, [this] {
        if (m_socket->state() == QAbstractSocket::UnconnectedState)
            disconnected();
    });
}

void HttpCall::send(const QByteArray &bytes)
{
    m_socket->write(bytes);
}

void HttpCall::stopReading()
{
    m_reading = false;
    m_socket->setReadBufferSize(1);
}

void HttpCall::resumeReading()
{
    m_reading = true;
    m_socket->setReadBufferSize(0);
    read();
}

void HttpCall::closeSendingHalf()
{
    ::shutdown(static_cast<int>(m_socket->socketDescriptor()), SHUT_WR);
}

void HttpCall::leave()
{
    m_socket->abort();
}

void HttpCall::breakOff()
{
    const linger atOnce{1, 0};
    ::setsockopt(static_cast<int>(m_socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &atOnce, sizeof(atOnce));
    m_socket->abort();
}

QJsonObject HttpCall::json() const
{
    return QJsonDocument::fromJson(m_body).object();
}

QString HttpCall::errorCode() const
{
    return json()[QLatin1String("error")][QLatin1String("code")].toString();
}

bool HttpCall::saysDone() const
{
    return std::any_of(m_events.begin(), m_events.end(),
                       [](const StreamEvent &event) { return event.data == "[DONE]"; });
}

bool HttpCall::waitForHead(std::chrono::milliseconds limit) const
{
    return QTest::qWaitFor([this] { return m_status != 0 || hasEnded(); }, static_cast<int>(limit.count())) &&
           m_status != 0;
}

bool HttpCall::waitForEvents(qsizetype count, std::chrono::milliseconds limit) const
{
    const auto haveAll = [this, count] { return m_events.size() >= count; };
    return QTest::qWaitFor([&] { return haveAll() || hasEnded(); }, static_cast<int>(limit.count())) && haveAll();
}

bool HttpCall::waitForEnd(std::chrono::milliseconds limit) const
{
    return QTest::qWaitFor([this] { return hasEnded(); }, static_cast<int>(limit.count()));
}

void HttpCall::read()
{
    if (!m_reading || !m_socket->isOpen())
        return;
    m_input += m_socket->readAll();
    parse();
}

void HttpCall::disconnected()
{
    if (std::exchange(m_disconnected, true) || isComplete())
        return;
    read();
    if (m_phase == Phase::UntilClose)
        complete();
    m_endedAt = elapsed();
}

void HttpCall::parse()
{
    while (parseStep()) {
    }
    findEvents();
}

/// False when there is nothing more to be done with what has been read.
bool HttpCall::parseStep()
{
    switch (m_phase) {
    case Phase::Head:
        return parseHead();
    case Phase::Length:
        takeBody(m_remaining);
        if (m_remaining == 0)
            complete();
        return false;
    case Phase::ChunkSize:
        return parseChunkSize();
    case Phase::ChunkData:
        return parseChunkData();
    case Phase::UntilClose:
        takeBody(m_input.size());
        return false;
    case Phase::Complete:
        return false;
    }
    Q_UNREACHABLE();
}

bool HttpCall::parseHead()
{
    const qsizetype end = m_input.indexOf("\r\n\r\n");
    if (end < 0)
        return false;
    const QList<QByteArray> lines = m_input.first(end).split('\n');
    m_input.remove(0, end + 4);
    const int status = lines.first().mid(9, 3).toInt();
    // An interim answer, such as 100 Continue.
    if (status < 200)
        return true;
    for (const QByteArray &line : lines.sliced(1)) {
        const qsizetype colon = line.indexOf(':');
        m_fields.append(line.first(colon), line.sliced(colon + 1).trimmed());
    }
    m_status = status;
    m_headAt = elapsed();
    chooseFraming();
    return true;
}

void HttpCall::chooseFraming()
{
    if (m_status == 204 || m_status == 304) {
        complete();
    } else if (m_fields.value("transfer-encoding") == "chunked") {
        m_phase = Phase::ChunkSize;
    } else if (const QByteArray *length = m_fields.find("content-length")) {
        m_remaining = length->toLongLong();
        m_phase = Phase::Length;
    } else {
        m_phase = Phase::UntilClose;
    }
}

bool HttpCall::parseChunkSize()
{
    const qsizetype end = m_input.indexOf("\r\n");
    if (end < 0)
        return false;
    const qint64 size = m_input.first(end).toLongLong(nullptr, 16);
    if (size == 0) {
        // Hearth sends no trailers.
        if (m_input.size() < end + 4)
            return false;
        complete();
        return false;
    }
    m_input.remove(0, end + 2);
    m_remaining = size + lineEnd;
    m_phase = Phase::ChunkData;
    return true;
}

bool HttpCall::parseChunkData()
{
    // The line end behind the data is no part of the body.
    takeBody(m_remaining - lineEnd);
    if (m_remaining > lineEnd || m_input.size() < lineEnd)
        return false;
    m_input.remove(0, lineEnd);
    m_phase = Phase::ChunkSize;
    return true;
}

void HttpCall::takeBody(qint64 limit)
{
    const qsizetype size = std::min<qint64>(limit, m_input.size());
    m_body += m_input.first(size);
    m_input.remove(0, size);
    m_remaining -= size;
}

void HttpCall::findEvents()
{
    for (;;) {
        const qsizetype end = m_body.indexOf("\n\n", m_eventStart);
        if (end < 0)
            return;
        const QByteArrayView text = QByteArrayView(m_body).sliced(m_eventStart, end - m_eventStart);
        m_eventStart = end + 2;
        if (text.startsWith(':'))
            m_comments.append(text.sliced(1).trimmed().toByteArray());
        else if (!text.isEmpty())
            m_events.append(parseEvent(text, elapsed()));
    }
}

void HttpCall::complete()
{
    m_phase = Phase::Complete;
    m_endedAt = elapsed();
}

} // namespace hearth::testsupport
