#include "inferhandler.h"

#include "agentrequest.h"
#include "errorresponse.h"
#include "forwardedfields.h"
#include "modelbody.h"
#include "modelnotfound.h"
#include "waitnotice.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace hearth::api {

namespace {

/// Enough for any error that a backend explains.
constexpr qsizetype maxUnwantedBody = 64 * 1024;

} // namespace

void UnwantedAnswer::append(QByteArrayView piece)
{
    body.append(piece.first(std::min(piece.size(), maxUnwantedBody - body.size())));
}

Error UnwantedAnswer::error() const
{
    if (status >= 200 && status < 300)
        return {ErrorCode::BackendError, QStringLiteral("The backend did not answer with an event stream.")};
    const QJsonObject answer = QJsonDocument::fromJson(body).object();
    const QString words = answer[QLatin1String("error")].toObject()[QLatin1String("message")].toString();
    return {ErrorCode::BackendError,
            words.isEmpty() ? QStringLiteral("The backend answered with status %1.").arg(status)
                            : QStringLiteral("The backend answered with status %1: %2").arg(status).arg(words)};
}

InferHandler::InferHandler(const ApiContext &context, http::Exchange &exchange, domain::Principal principal,
                           const ModelRoute &route, QString llmName)
    : m_context(context)
    , m_settings(context.settings)
    , m_exchange(exchange)
    , m_principal(std::move(principal))
    , m_route(route)
    , m_llmName(std::move(llmName))
    , m_scanner(context.scanners, m_settings.scanInlineLimit)
{}

InferHandler::~InferHandler() = default;

void InferHandler::requestComplete(http::Exchange &, QByteArray body)
{
    m_scanner.scan(std::move(body), watchedKeys, [this](QByteArray scannedBody, const Result<json::ObjectScan> &scan) {
        if (scan)
            scanned(std::move(scannedBody), *scan);
        else
            refuse(scan.error());
    });
}

void InferHandler::scanned(QByteArray body, const json::ObjectScan &scan)
{
    const Result<QString> name = modelName(body, scan);
    if (!name)
        return refuse(name.error());
    const std::optional<json::Span> stream = scan.values[BodyMember::Stream];
    m_wantsStream = m_route.streams && stream && part(body, *stream) == "true";
    if (!m_principal.mayUse(*name))
        return refuse(modelNotFound(*name));
    const domain::Registry &registry = m_context.registry;
    if (const domain::Llm *const llm = registry.findLlm(*name))
        return submit(llm->id, *name, std::move(body), scan);
    // A path names an Llm and nothing else.
    if (!m_llmName.isEmpty())
        return refuse(modelNotFound(*name));
    if (const domain::Agent *const agent = registry.findAgent(*name))
        return submitToAgent(*agent, std::move(body), scan);
    if (registry.poolMembers(*name).empty())
        return refuse(modelNotFound(*name));
    submit(domain::PoolName(*name), *name, std::move(body), scan);
}

Result<QString> InferHandler::modelName(const QByteArray &body, const json::ObjectScan &scan) const
{
    if (!m_llmName.isEmpty())
        return m_llmName;
    const std::optional<json::Span> place = scan.values[BodyMember::Model];
    const auto name = place ? json::decodeString(part(body, *place)) : std::nullopt;
    if (name && !name->isEmpty())
        return *name;
    return Error{ErrorCode::InvalidRequest,
                 QStringLiteral("\"model\" must be the name of a model; GET /v1/models lists them."),
                 QStringLiteral("model")};
}

void InferHandler::submitToAgent(const domain::Agent &agent, QByteArray body, const json::ObjectScan &scan)
{
    if (const std::optional<Error> error = agentObstacle(agent, m_route))
        return refuse(*error);
    // Which of the agent's parameters the caller has set is another question to the same bytes.
    m_scanner.scan(
        std::move(body), agentKeys(agent),
        [this, agent, scan](const QByteArray &scannedBody, const Result<json::ObjectScan> &params) {
            if (!params)
                return refuse(params.error());
            submitEdited(agent, agentBody(agent, scannedBody, scan, *params));
        },
        json::KeyCase::Folded);
}

void InferHandler::submitEdited(const domain::Agent &agent, Result<QByteArray> edited)
{
    if (!edited)
        return refuse(edited.error());
    // The edit has moved what was found before.
    m_scanner.scan(
        std::move(*edited), watchedKeys,
        [this, pinnedTo = agent.pinnedTo, name = agent.name](QByteArray body, const Result<json::ObjectScan> &scan) {
            if (scan)
                submit(pinnedTo, name, std::move(body), *scan);
            else
                refuse(scan.error());
        });
}

void InferHandler::submit(const domain::Destination &destination, const QString &model, QByteArray body,
                          const json::ObjectScan &scan)
{
    const http::RequestHead &head = m_exchange.head();
    relay::InferRequest request{.model = model,
                                .path = m_route.path.toByteArray(),
                                .query = head.query,
                                .fields = channel::fieldsForBackend(head.fields)};
    if (std::holds_alternative<domain::PoolName>(destination))
        request.conversation = conversationIn(body, scan, m_principal.key().id);
    Result<relay::RequestBody> made = modelBody(std::move(body), scan, m_wantsStream && m_route.hasStreamOptions);
    if (!made)
        return refuse(made.error());
    request.body = std::move(*made);
    auto task = m_context.relay.submit(destination, std::move(request), m_principal, *this);
    if (!task)
        return refuse(task.error());
    m_task = std::move(*task);
    if (m_task->isWaiting())
        watchWait();
}

void InferHandler::watchWait()
{
    if (!m_waitTimer) {
        m_waitTimer = std::make_unique<Timer>(m_context.clock, [this] { tellOfWait(); });
        m_waitingSince = m_context.clock.now();
    }
    // A request that waits once more has not come anew.
    const Duration waited = m_context.clock.now() - m_waitingSince;
    const Duration patience = m_wantsStream ? m_settings.wakeGrace : m_settings.wakeMaxHold;
    m_waitTimer->start(std::max(patience - waited, Duration::zero()));
}

void InferHandler::tellOfWait()
{
    const std::optional<relay::WaitStatus> wait = m_task ? m_task->waitStatus() : std::nullopt;
    if (!wait)
        return;
    if (m_wantsStream) {
        if (!m_exchange.begun())
            beginStream({{"content-type", "text/event-stream"}});
        m_exchange.write(waitNotice(*wait, m_route.dialect));
    } else if (wait->wake) {
        // The client gives up waiting; the wake goes on.
        const Error error = heldTooLong(*wait->wake);
        m_task->giveUp(error);
        return refuse(error);
    }
    m_waitTimer->start(m_settings.wakeComment);
}

void InferHandler::refuse(const Error &error)
{
    m_exchange.respond(http::errorResponse(error, m_route.errorShape(), m_exchange.head().requestId));
}

void InferHandler::drained()
{
    settle();
}

void InferHandler::settle()
{
    const qint64 left = m_unsettled - std::min(m_unsettled, m_exchange.bufferedBytes());
    if (left == 0 || !m_task)
        return;
    m_unsettled -= left;
    m_task->consumed(left);
}

void InferHandler::clientGone()
{
    m_task.reset();
    m_scanner.forget();
}

void InferHandler::answerHead(int status, const HttpFields &fields)
{
    HttpFields answer = channel::fieldsForClient(fields);
    const bool isEventStream = answer.value("content-type").toLower().startsWith("text/event-stream");
    const bool isPromised = m_exchange.begun();
    if (isPromised && isEventStream && status == 200)
        return;
    if (isPromised) {
        m_unwanted = UnwantedAnswer{status, {}};
        return;
    }
    answer.append("x-hearth-llm", m_task->servedBy().toUtf8());
    answer.append("x-hearth-queue-ms", QByteArray::number(qint64(m_task->queuedFor().count())));
    if (isEventStream)
        beginStream(answer, status);
    else
        m_exchange.begin(status, answer);
}

void InferHandler::beginStream(HttpFields fields, int status)
{
    m_isEventStream = true;
    if (!fields.contains("cache-control"))
        fields.append("cache-control", "no-store");
    // Asks an nginx in front of us not to hold events back.
    fields.append("x-accel-buffering", "no");
    m_exchange.begin(status, fields);
}

void InferHandler::answerBody(QByteArrayView piece)
{
    if (m_unwanted) {
        m_unwanted->append(piece);
        m_task->consumed(piece.size());
        return;
    }
    m_unsettled += piece.size();
    if (m_isEventStream)
        m_boundary.append(piece);
    m_exchange.write(piece);
}

void InferHandler::answerEnded()
{
    if (m_unwanted)
        failStream(m_unwanted->error());
    else
        m_exchange.finish();
}

void InferHandler::answerFailed(const Error &error)
{
    if (!m_exchange.begun())
        return refuse(error);
    if (!m_isEventStream)
        return m_exchange.abort();
    failStream(error);
}

void InferHandler::failStream(const Error &error)
{
    if (!m_boundary.atBoundary())
        m_exchange.write("\n\n");
    m_exchange.write(streamError(error, m_route.dialect));
    m_exchange.cut();
}

} // namespace hearth::api
