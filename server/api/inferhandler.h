// InferHandler: one relayed model request, from its HTTP body to the last byte of its answer.
//
// Made by the router for an authenticated request, owned by the connection. It finds the model in the body, an Llm, an
// agent or a pool, submits the request to the relay, and writes the answer as it comes; how fast it grants the backend
// new credit follows from how fast the client takes the bytes. While the request waits, it tells a streaming client how
// many come first or how far the wake is, and sends one that does not stream away before it loses patience with a wake.
// Main thread, except for the scan of a large body.

#pragma once

#include "apicontext.h"
#include "bodyscanner.h"
#include "eventboundary.h"
#include "exchange.h"
#include "modelroute.h"
#include "relaytask.h"

namespace hearth::api {

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
    void scanned(QByteArray body, const json::ObjectScan &scan);
    /// The name of the model that is asked for.
    Result<QString> modelName(const QByteArray &body, const json::ObjectScan &scan) const;
    void submitToAgent(const domain::Agent &agent, QByteArray body, const json::ObjectScan &scan);
    void submitEdited(const domain::Agent &agent, Result<QByteArray> edited);
    /// `model` is what the caller has asked for: the destination, or an agent that is pinned to it.
    void submit(const domain::Destination &destination, const QString &model, QByteArray body,
                const json::ObjectScan &scan);
    void refuse(const Error &error);
    /// To be called when the request has to wait: keeps the client informed from now on.
    void watchWait();
    void tellOfWait();
    void beginStream(HttpFields fields, int status = 200);
    void failStream(const Error &error);
    /// Grants credit for what has left since the last time.
    void settle();

    void answerDelayed() override { watchWait(); }

    void answerHead(int status, const HttpFields &fields) override;
    void answerBody(QByteArrayView piece) override;
    void answerEnded() override;
    void answerFailed(const Error &error) override;

    const ApiContext &m_context;
    /// Those that held when the request came.
    const ApiSettings m_settings;
    http::Exchange &m_exchange;
    domain::Principal m_principal;
    const ModelRoute &m_route;
    QString m_llmName;
    /// Present while the relay works on the request.
    std::unique_ptr<relay::RelayTask> m_task;
    /// The client has asked for an event stream.
    bool m_wantsStream = false;
    /// Made for requests that have to wait only.
    std::unique_ptr<Timer> m_waitTimer;
    MonotonicTime m_waitingSince;
    /// Present when the stream was begun before the backend's answer, which then turned out to be no stream.
    std::optional<UnwantedAnswer> m_unwanted;
    BodyScanner m_scanner;
    bool m_isEventStream = false;
    EventBoundary m_boundary;
    /// Written and not yet granted back.
    qint64 m_unsettled = 0;
};

} // namespace hearth::api
