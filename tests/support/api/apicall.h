// ApiCall: one request to a Router and all that it is answered, without a connection.
//
// It does what server/http's Connection does: it asks the router about the head, hands the handler the whole body, lets
// each write leave in the next turn of the event loop, and destroys the handler in the turn after the answer has ended.
// Whoever breaks the rules of Exchange stops the program. The test plays the client: it can stop reading, read a
// little, and leave. For the thread of the test.

#pragma once

#include "exchange.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QObject>

namespace hearth::testsupport {

struct ApiRequest
{
    http::Method method = http::Method::Get;
    QByteArray target;
    HttpFields fields = {};
    QByteArray body = {};
    QByteArray requestId = "request-1";
};

class ApiCall final : public QObject, private http::Exchange
{
    Q_OBJECT

public:
    /// How the answer has ended.
    enum class End { Not, Refused, Responded, Upgraded, Finished, Cut, Aborted };
    Q_ENUM(End)

    /// A call whose client `reads` takes every byte at once.
    ApiCall(http::Router &router, const ApiRequest &request, bool reads = true);
    /// The client leaves, if it is still there.
    ~ApiCall() override;

    End end() const { return m_end; }

    /// 0 until the head has come.
    int status() const { return m_status; }

    QByteArray field(QByteArrayView name) const { return m_fields.value(name); }

    const HttpFields &fields() const { return m_fields; }

    const QByteArray &body() const { return m_body; }

    QJsonObject json() const { return QJsonDocument::fromJson(m_body).object(); }

    /// A member of the error in a body of the OpenAI shape.
    QString error(QLatin1String member) const;

    QString errorCode() const { return error(QLatin1String("code")); }

    /// Waits until the answer has ended; false when it does not within five seconds.
    bool waitForEnd() const;
    /// Waits until the body contains `text`.
    bool waitForBody(QByteArrayView text) const;

    /// A client that does not read takes `bytes` of what waits for it.
    void take(qint64 bytes);

    /// What waits for a client that does not read.
    qint64 waitingBytes() const { return m_buffered; }

    /// The client goes away.
    void leave();
    /// Hands the connection of an upgrade over; there is no socket.
    void handOver();

private:
    const http::RequestHead &head() const override { return m_head; }

    bool begun() const override { return m_begun; }

    qint64 bufferedBytes() const override { return m_buffered; }

    void respond(const http::Response &response) override;
    void begin(int status, const HttpFields &fields, std::optional<qint64> contentLength) override;
    void write(QByteArrayView piece) override;
    void finish() override;
    void cut() override;
    void abort() override;

    void store(const http::Response &response, End end);
    void require(bool condition, const char *rule) const;
    void endAnswer(End end);

    http::RequestHead m_head;
    std::unique_ptr<http::ExchangeHandler> m_handler;
    /// The handler of the answer that has just ended; it may still be at work.
    std::unique_ptr<http::ExchangeHandler> m_retired;
    std::function<void(std::unique_ptr<QTcpSocket>)> m_takeSocket;
    const bool m_reads;
    End m_end = End::Not;
    bool m_begun = false;
    int m_status = 0;
    HttpFields m_fields;
    QByteArray m_body;
    qint64 m_buffered = 0;
};

} // namespace hearth::testsupport
