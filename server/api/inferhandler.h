// InferHandler: one relayed model request, from its HTTP body to the last byte of its answer.
//
// Made by the router for an authenticated request, owned by the connection. It finds the model in the body, submits the
// request to the relay, and writes the answer as it comes; how fast it grants the backend new credit follows from how
// fast the client takes the bytes. Main thread, except for the scan of a large body.

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
    void refuse(const Error &error);
    /// Grants credit for what has left since the last time.
    void settle();

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
    /// Destroyed with the handler: a scan that comes back later finds nobody. Made for large bodies only.
    std::unique_ptr<QObject> m_scanContext;
    bool m_isEventStream = false;
    EventBoundary m_boundary;
    /// Written and not yet granted back.
    qint64 m_unsettled = 0;
};

} // namespace hearth::api
