#include "connection.h"

#include "requestrules.h"
#include "servercontext.h"

#include <QSslSocket>

#include <sys/socket.h>

#include <utility>

namespace hearth::http {

namespace {

/// IPv4 clients of a socket that listens for both families appear with their IPv4 address.
QHostAddress plainAddress(const QHostAddress &address)
{
    bool ok = false;
    const quint32 ipv4 = address.toIPv4Address(&ok);
    return ok ? QHostAddress(ipv4) : address;
}

} // namespace

Connection::Connection(std::unique_ptr<QTcpSocket> socket, ServerContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_socket(std::move(socket))
    , m_limits(context.settings.limits)
    , m_timeouts(context.settings.timeouts)
    , m_parser(m_limits)
    , m_headReader(context, m_parser, m_limits)
    , m_body(context, m_parser, m_limits, m_timeouts)
    , m_writer(*m_socket, context.clock, m_timeouts, [this] { reset(); })
    , m_phaseTimer(context.clock, [this] { phaseTimedOut(); })
{
    m_head.peer = plainAddress(m_socket->peerAddress());
}

Connection::~Connection()
{
    if (m_socket)
        m_socket->disconnect(this);
    m_context.turns.forget(*this);
    dismissHandler();
    setState(State::Gone);
}

void Connection::start()
{
    const auto bytesTaken = [this] {
        m_writer.progressed();
        m_taken = true;
        m_context.turns.ask(*this);
    };
    connect(m_socket.get(), &QTcpSocket::readyRead, this, &Connection::readyRead);
    connect(m_socket.get(), &QTcpSocket::disconnected, this, &Connection::gone);
    auto *const tls = qobject_cast<QSslSocket *>(m_socket.get());
    if (!tls) {
        connect(m_socket.get(), &QTcpSocket::bytesWritten, this, bytesTaken);
        enterHead(m_timeouts.head);
        return;
    }
    // bytesWritten() of a QSslSocket only means that the bytes have been encrypted.
    connect(tls, &QSslSocket::encryptedBytesWritten, this, bytesTaken);
    connect(tls, &QSslSocket::encrypted, this, [this] { enterHead(m_timeouts.head); });
    setState(State::Handshake);
    m_phaseTimer.start(m_timeouts.tlsHandshake);
    tls->startServerEncryption();
}

void Connection::drain()
{
    if (m_state == State::Handshake || (m_state == State::Head && m_socket->bytesAvailable() == 0))
        drop();
}

void Connection::setState(State state)
{
    const auto isActive = [](State s) { return s == State::Body || s == State::Answering; };
    m_context.activeRequests += isActive(state) - isActive(m_state);
    m_state = state;
}

void Connection::readyRead()
{
    m_inputStopped = m_socket->bytesAvailable() >= m_socket->readBufferSize();
    switch (m_state) {
    case State::Head:
        readHead();
        break;
    case State::Body:
        readBody();
        break;
    case State::Answering:
        limitReadAhead();
        break;
    case State::Lingering:
        discardInput();
        break;
    case State::Handshake:
    case State::Answered:
    case State::Upgrading:
    case State::Gone:
        break;
    }
}

/// Begins with the next request, whose first byte may take `patience` to come.
void Connection::enterHead(Duration patience)
{
    setState(State::Head);
    m_phaseTimer.start(patience);
    m_head = {.method = Method::Other, .peer = m_head.peer, .requestId = m_context.requestIds.next()};
    m_headBegun = false;
    m_requestRead = false;
    m_answerBegun = false;
    if (m_socket->bytesAvailable() > 0)
        readHead();
}

void Connection::readHead()
{
    if (!m_headBegun) {
        m_limits = m_context.settings.limits;
        m_timeouts = m_context.settings.timeouts;
        m_socket->setReadBufferSize(m_context.readBufferSize());
    }
    const Result<qsizetype> size = m_headReader.read(*m_socket, m_head);
    if (!size)
        return refuse(size.error());
    if (*size > 0)
        return routeRequest(*size);
    if (!std::exchange(m_headBegun, true))
        m_phaseTimer.start(m_timeouts.head);
}

void Connection::routeRequest(qsizetype headSize)
{
    const bool hasBody = m_parser.contentLength() != 0;
    m_requestRead = !hasBody;
    // An answer that comes before the body has been read ends the connection.
    m_keepAlive = m_parser.keepAlive() && !hasBody;

    HeadDecision decision = decide();
    if (auto *const upgraded = std::get_if<Upgraded>(&decision)) {
        m_socket->disconnect();
        m_takeSocket = std::move(upgraded->takeSocket);
        setState(State::Upgrading);
        m_context.turns.ask(*this);
        return;
    }

    m_socket->skip(headSize);
    setState(State::Answering);
    if (const auto *const refused = std::get_if<Refused>(&decision))
        return respond(refused->response);
    m_handler = std::move(std::get<Accepted>(decision).handler);
    if (!hasBody)
        return dispatch({});

    setState(State::Body);
    m_body.start();
    if (expectsContinue(m_head) && m_socket->bytesAvailable() == 0) {
        m_answer.writeContinue();
        m_context.turns.ask(*this);
    }
    readBody();
}

HeadDecision Connection::decide()
{
    if (std::optional<Response> preflight = m_context.cors.preflight(m_head))
        return Refused{std::move(*preflight)};
    const std::optional<qint64> length = m_parser.contentLength();
    Result<void> accepted = checkRequest(m_head, length, m_limits, m_context.bodies.free());
    if (accepted) {
        HeadDecision decision = m_context.router.routeHead(*this);
        if (length == 0 || !std::holds_alternative<Upgraded>(decision))
            return decision;
        accepted = Error{ErrorCode::InvalidRequest, QStringLiteral("An upgrade request has no body.")};
    }
    m_keepAlive = false;
    return Refused{ownError(accepted.error())};
}

void Connection::readBody()
{
    const Result<bool> complete = m_body.read(*m_socket);
    if (!complete)
        return refuse(complete.error());
    if (*complete)
        return dispatch(m_body.take());
    m_phaseTimer.start(m_timeouts.bodyIdle);
}

void Connection::dispatch(QByteArray body)
{
    m_requestRead = true;
    m_keepAlive = m_parser.keepAlive();
    setState(State::Answering);
    m_handler->requestComplete(*this, std::move(body));
    limitReadAhead();
}

void Connection::limitReadAhead()
{
    const qint64 unread = m_state == State::Answering ? m_socket->bytesAvailable() : 0;
    if (unread > m_limits.readAhead || (unread > 0 && m_inputStopped))
        reset();
}

/// Answers a request that cannot be read to its end.
void Connection::refuse(const Error &error)
{
    dismissHandler();
    m_keepAlive = false;
    setState(State::Answering);
    respond(ownError(error));
}

Response Connection::ownError(const Error &error) const
{
    return errorResponse(error, m_context.router.errorShape(m_head.path), m_head.requestId);
}

AnswerTerms Connection::answerTerms() const
{
    return {m_head.method, m_head.minorVersion, m_keepAlive && !m_context.draining, m_head.requestId,
            m_context.cors.answerFields(m_head)};
}

void Connection::respond(const Response &response)
{
    Q_ASSERT(m_state == State::Answering && !m_answerBegun);
    m_answer.writeWhole(answerTerms(), response);
    endAnswer(m_answer.keepsConnection());
}

void Connection::begin(int status, const HttpFields &fields, std::optional<qint64> contentLength)
{
    Q_ASSERT(m_state == State::Answering && !m_answerBegun);
    m_answerBegun = true;
    m_answer.begin(answerTerms(), status, fields, contentLength);
    m_context.turns.ask(*this);
}

void Connection::write(QByteArrayView piece)
{
    Q_ASSERT(m_state == State::Answering && m_answerBegun);
    m_answer.write(piece);
    m_context.turns.ask(*this);
}

void Connection::finish()
{
    Q_ASSERT(m_state == State::Answering && m_answerBegun);
    if (!m_answer.finish())
        return abort();
    endAnswer(m_answer.keepsConnection());
}

void Connection::cut()
{
    Q_ASSERT(m_state == State::Answering);
    endAnswer(false);
}

void Connection::abort()
{
    Q_ASSERT(m_state == State::Answering);
    m_retired = std::move(m_handler);
    reset();
}

void Connection::endAnswer(bool keepConnection)
{
    m_retired = std::move(m_handler);
    m_body.release();
    m_keepAlive = keepConnection;
    setState(State::Answered);
    m_context.turns.ask(*this);
}

void Connection::turnEnded()
{
    m_retired.reset();
    if (m_state == State::Upgrading)
        return handOver();
    const bool taken = sendAnswer();
    if (m_state == State::Answering && m_answerBegun && taken) {
        m_handler->drained();
    } else if (m_state == State::Answered && m_writer.pending() == 0) {
        if (m_keepAlive && !m_context.draining)
            enterHead(m_context.settings.timeouts.keepAlive);
        else
            linger();
    }
}

/// Hands what the answer has grown by to the socket; true if the operating system has taken bytes since the last turn.
bool Connection::sendAnswer()
{
    bool taken = std::exchange(m_taken, false);
    if (m_state != State::Gone && !m_answer.isEmpty()) {
        const QByteArrayView bytes = m_answer.bytes();
        const qint64 pending = m_writer.pending();
        m_writer.send(bytes);
        taken |= m_writer.pending() < pending + bytes.size();
        m_answer.clear();
    }
    return taken;
}

/// Closes so that the client gets all of the answer: a socket that is closed while input is unread resets the
/// connection, and the answer with it (RFC 9112 9.6).
void Connection::linger()
{
    setState(State::Lingering);
    m_discarded = 0;
    m_phaseTimer.start(m_timeouts.linger);
    auto *const tls = qobject_cast<QSslSocket *>(m_socket.get());
    if (tls && m_requestRead)
        tls->disconnectFromHost(); // says goodbye as TLS wants it, which Qt only does while closing
    else
        ::shutdown(static_cast<int>(m_socket->socketDescriptor()), SHUT_WR);
    if (m_state == State::Lingering)
        discardInput();
}

void Connection::discardInput()
{
    m_discarded += m_socket->skip(m_socket->bytesAvailable());
    if (m_discarded > m_limits.linger)
        drop();
}

void Connection::handOver()
{
    std::unique_ptr<QTcpSocket> socket = std::move(m_socket);
    const auto takeSocket = std::move(m_takeSocket);
    gone();
    takeSocket(std::move(socket));
}

void Connection::phaseTimedOut()
{
    switch (m_state) {
    case State::Handshake:
    case State::Lingering:
        return drop();
    case State::Head:
        if (m_socket->bytesAvailable() == 0)
            return drop();
        return refuse({ErrorCode::RequestTimeout, QStringLiteral("The request head took too long.")});
    case State::Body:
        return refuse({ErrorCode::RequestTimeout, QStringLiteral("The request body took too long.")});
    case State::Answering:
    case State::Answered:
    case State::Upgrading:
    case State::Gone:
        return; // still running from the phase before, because stopping it would cost every request something
    }
}

void Connection::dismissHandler()
{
    if (const std::unique_ptr<ExchangeHandler> handler = std::move(m_handler))
        handler->clientGone();
}

void Connection::reset()
{
    const ::linger atOnce = {1, 0};
    ::setsockopt(static_cast<int>(m_socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &atOnce, sizeof(atOnce));
    drop();
}

void Connection::drop()
{
    m_socket->abort();
    gone();
}

void Connection::gone()
{
    if (m_state == State::Gone)
        return;
    setState(State::Gone);
    m_phaseTimer.stop();
    dismissHandler();
    m_body.release();
    deleteLater();
    Q_EMIT closed();
}

} // namespace hearth::http
