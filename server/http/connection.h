// Connection: one client's connection, as a state machine.
//
//   Handshake → Head → Body → Answering → Answered → Head …        one request after another
//                 │      │        │           └→ Lingering → Gone  the connection is not kept
//                 │      └────────┴→ Gone                          the client has gone, or the answer was aborted
//                 └→ Upgrading → Gone                              the socket has been handed over
//
// Made by HttpServer for each accepted socket, used on the main thread; deletes itself once it is closed. It knows the
// protocol and its limits; what a request means is the Router's and its handlers' affair.
//
// A head is only looked at until it is known to be no upgrade. One request is in flight: what a client sends behind it
// waits in the socket, and must stay below a limit there, because a full socket does not notice that its client leaves.
// Whatever calls a handler comes from the event loop and never from inside another call of the handler, so a handler
// lives until the end of the turn in which its exchange has ended.

#pragma once

#include "answerwriter.h"
#include "bodyreader.h"
#include "exchange.h"
#include "headreader.h"
#include "loopturn.h"
#include "requestparser.h"
#include "socketwriter.h"

#include <QTcpSocket>

namespace hearth::http {

struct ServerContext;

class Connection final : public QObject, private Exchange, private LoopTurn::Guest
{
    Q_OBJECT

public:
    /// `context` must outlive the connection. A QSslSocket brings its configuration with it.
    Connection(std::unique_ptr<QTcpSocket> socket, ServerContext &context, QObject *parent);
    ~Connection() override;

    /// Begins to read, after the TLS handshake where there is one.
    void start();
    /// The server drains: an idle connection closes now, the others after their answer.
    void drain();

Q_SIGNALS:
    /// The client is gone or its socket handed over. Sent once, and not from the destructor.
    void closed();

private:
    enum class State { Handshake, Head, Body, Answering, Answered, Lingering, Upgrading, Gone };

    const RequestHead &head() const override { return m_head; }

    void respond(const Response &response) override;
    void begin(int status, const HttpFields &fields, std::optional<qint64> contentLength) override;

    bool begun() const override { return m_answerBegun; }

    void write(QByteArrayView piece) override;

    qint64 bufferedBytes() const override { return m_answer.size() + m_writer.pending(); }

    void finish() override;
    void cut() override;
    void abort() override;

    void turnEnded() override;

    void setState(State state);
    void enterHead(Duration patience);
    void readyRead();
    void readHead();
    void routeRequest(qsizetype headSize);
    HeadDecision decide();
    void readBody();
    void dispatch(QByteArray body);
    void limitReadAhead();
    void refuse(const Error &error);
    Response ownError(const Error &error) const;
    AnswerTerms answerTerms() const;
    void endAnswer(bool keepConnection);
    bool sendAnswer();
    void linger();
    void discardInput();
    void handOver();
    void phaseTimedOut();
    void dismissHandler();
    void reset();
    void drop();
    void gone();

    ServerContext &m_context;
    std::unique_ptr<QTcpSocket> m_socket;
    /// Those that held when the request, or the connection, began: what runs is served as it was begun.
    HttpLimits m_limits;
    HttpTimeouts m_timeouts;
    RequestParser m_parser;
    HeadReader m_headReader;
    BodyReader m_body;
    AnswerWriter m_answer;
    SocketWriter m_writer;
    /// Of the handshake, the head, the body, the pause between requests, and the lingering close.
    Timer m_phaseTimer;

    State m_state = State::Head;
    RequestHead m_head;
    std::unique_ptr<ExchangeHandler> m_handler;
    /// The handler of the exchange that has ended in this turn; it may still be at work.
    std::unique_ptr<ExchangeHandler> m_retired;
    std::function<void(std::unique_ptr<QTcpSocket>)> m_takeSocket;
    qint64 m_discarded = 0;
    bool m_headBegun = false;
    bool m_inputStopped = false;
    /// Whether the request in hand has been read to its end.
    bool m_requestRead = false;
    bool m_keepAlive = false;
    bool m_answerBegun = false;
    /// Whether the operating system has taken bytes since the last turn.
    bool m_taken = false;
};

} // namespace hearth::http
