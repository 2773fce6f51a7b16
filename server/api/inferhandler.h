// InferHandler: one relayed model request, from its HTTP body to the last byte of its answer.
//
// Made by the router for an authenticated request, owned by the connection. It finds the model in the body, submits the
// request to the relay, and writes the answer as it comes; how fast it grants the backend new credit follows from how
// fast the client takes the bytes. While an Llm is being woken, it tells a streaming client how far that is, and sends
// one that does not stream away before it loses patience. Main thread, except for the scan of a large body.

#pragma once

#include "apicontext.h"
#include "exchange.h"
#include "modelroute.h"
#include "objectscan.h"
#include "relaytask.h"

#include <QObject>

namespace hearth::api {

/// Watches the end of an event stream, to know whether the last event is complete.
class EventBoundary
{
public:
    void append(QByteArrayView piece);

    /// True at the start and behind a blank line.
    bool atBoundary() const { return m_lineEnds == endsOfAnEvent; }

private:
    /// A line's own end and a blank line's. CR LF, LF and CR each end a line (WHATWG HTML section 9.2.5).
    static constexpr int endsOfAnEvent = 2;

    /// Line ends since the last other character, as far as they matter.
    int m_lineEnds = endsOfAnEvent;
    /// The last character was a CR, whose LF may be yet to come.
    bool m_afterReturn = false;
};

/// An answer of the backend that comes too late to be passed on as it is, kept to tell the client what it says.
struct UnwantedAnswer
{
    int status = 0;
    /// Its beginning.
    QByteArray body;

    void append(QByteArrayView piece);
    Error error() const;
};

class InferHandler final : public http::ExchangeHandler, private relay::ResponseSink
{
public:
    /// `llmName` is the Llm that the path names, or empty where the body's `model` decides.
    InferHandler(const ApiContext &context, http::Exchange &exchange, domain::Principal principal,
                 const ModelRoute &route, QString llmName);
    ~InferHandler() override;

    void requestComplete(http::Exchange &exchange, QByteArray body) override;
    void drained() override;
    void clientGone() override;

private:
    void scanElsewhere(const QByteArray &body);
    void scanned(QByteArray body, const Result<json::ObjectScan> &scan);
    /// The name of the model that is asked for, and the body with its place marked.
    Result<relay::InferRequest> request(QByteArray body, const json::ObjectScan &scan) const;
    void submit(relay::InferRequest request);
    /// To be called when the request has to wait: keeps the client informed from now on.
    void watchWait();
    void tellOfWait();
    void beginStream(HttpFields fields, int status = 200);
    void failStream(const Error &error);
    void refuse(const Error &error);
    /// Grants credit for what has left since the last time.
    void settle();

    void answerDelayed() override { watchWait(); }

    void answerHead(int status, const HttpFields &fields) override;
    void answerBody(QByteArrayView piece) override;
    void answerEnded() override;
    void answerFailed(const Error &error) override;

    const ApiContext &m_context;
    http::Exchange &m_exchange;
    domain::Principal m_principal;
    const ModelRoute &m_route;
    QString m_llmName;
    /// Present while the relay works on the request.
    std::unique_ptr<relay::RelayTask> m_task;
    LlmId m_llm;
    /// The client has asked for an event stream.
    bool m_wantsStream = false;
    /// Made for requests that have to wait only.
    std::unique_ptr<Timer> m_waitTimer;
    /// Present when the stream was begun before the backend's answer, which then turned out to be no stream.
    std::optional<UnwantedAnswer> m_unwanted;
    /// Destroyed with the handler: a scan that comes back later finds nobody. Made for large bodies only.
    std::unique_ptr<QObject> m_scanContext;
    bool m_isEventStream = false;
    EventBoundary m_boundary;
    /// Written and not yet granted back.
    qint64 m_unsettled = 0;
};

} // namespace hearth::api
