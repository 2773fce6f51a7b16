#include "inferhandler.h"

#include "errorresponse.h"
#include "forwardedfields.h"
#include "modelnotfound.h"
#include "wakenotice.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>
#include <QThreadPool>

namespace hearth::api {

namespace {

/// The members that Hearth reads or edits, and which may therefore occur only once.
constexpr std::array<QByteArrayView, 4> watchedKeys{"model", "stream", "messages", "stream_options"};
constexpr size_t modelKey = 0;
constexpr size_t streamKey = 1;

/// Enough for any error that a backend explains.
constexpr qsizetype maxUnwantedBody = 64 * 1024;

} // namespace

void EventBoundary::append(QByteArrayView piece)
{
    // Only the tail matters, and only its line ends.
    qsizetype i = piece.size();
    while (i > 0 && (piece[i - 1] == '\n' || piece[i - 1] == '\r'))
        --i;
    if (i > 0) {
        m_lineEnds = 0;
        m_afterReturn = false;
    }
    for (; i < piece.size(); ++i) {
        const bool isReturn = piece[i] == '\r';
        // The LF of a CR LF is no line end of its own.
        if (isReturn || !m_afterReturn)
            m_lineEnds = std::min(m_lineEnds + 1, endsOfAnEvent);
        m_afterReturn = isReturn;
    }
}

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
    , m_exchange(exchange)
    , m_principal(std::move(principal))
    , m_route(route)
    , m_llmName(std::move(llmName))
{}

InferHandler::~InferHandler() = default;

void InferHandler::requestComplete(http::Exchange &, QByteArray body)
{
    if (body.size() > m_context.settings.scanInlineLimit)
        return scanElsewhere(body);
    const Result<json::ObjectScan> scan = json::scanObject(body, watchedKeys);
    scanned(std::move(body), scan);
}

void InferHandler::scanElsewhere(const QByteArray &body)
{
    m_scanContext = std::make_unique<QObject>();
    m_context.scanners.start(
        [this, body, context = QPointer<QObject>(m_scanContext.get()), home = &m_context.scanners] {
            const Result<json::ObjectScan> scan = json::scanObject(body, watchedKeys);
            // Posted to an object that outlives every handler; only there, on the main thread, is it known who is still
            // alive.
            QMetaObject::invokeMethod(
                home,
                [this, body, scan, context] {
                    if (context)
                        scanned(body, scan);
                },
                Qt::QueuedConnection);
        });
}

void InferHandler::scanned(QByteArray body, const Result<json::ObjectScan> &scan)
{
    if (!scan)
        return refuse(scan.error());
    Result<relay::InferRequest> wanted = request(std::move(body), *scan);
    if (!wanted)
        return refuse(wanted.error());
    const std::optional<json::Span> stream = scan->values[streamKey];
    m_wantsStream = m_route.streams && stream && wanted->body.original(*stream) == "true";
    submit(std::move(*wanted));
}

Result<relay::InferRequest> InferHandler::request(QByteArray body, const json::ObjectScan &scan) const
{
    const std::optional<json::Span> place = scan.values[modelKey];
    relay::InferRequest request;
    request.model = m_llmName;
    if (m_llmName.isEmpty()) {
        const auto name =
            place ? json::decodeString(QByteArrayView(body).sliced(place->offset, place->length)) : std::nullopt;
        if (!name || name->isEmpty()) {
            return Error{ErrorCode::InvalidRequest,
                         QStringLiteral("\"model\" must be the name of a model; GET /v1/models lists them."),
                         QStringLiteral("model")};
        }
        request.model = *name;
    }
    request.body = place ? relay::RequestBody::withModelAt(std::move(body), *place)
                         : relay::RequestBody::withoutModel(std::move(body), scan.firstMember, scan.empty);
    return request;
}

void InferHandler::submit(relay::InferRequest request)
{
    const domain::Llm *const llm = m_context.registry.findLlm(request.model);
    if (!llm || !m_principal.mayUse(request.model))
        return refuse(modelNotFound(request.model));
    const http::RequestHead &head = m_exchange.head();
    request.path = m_route.path.toByteArray();
    request.query = head.query;
    request.fields = channel::fieldsForBackend(head.fields);
    Result<std::unique_ptr<relay::RelayTask>> task = m_context.relay.submit(*llm, std::move(request), *this);
    if (!task)
        return refuse(task.error());
    m_llm = llm->id;
    m_task = std::move(*task);
    if (m_task->isWaiting())
        watchWait();
}

void InferHandler::watchWait()
{
    if (!m_waitTimer)
        m_waitTimer = std::make_unique<Timer>(m_context.clock, [this] { tellOfWait(); });
    const ApiSettings &settings = m_context.settings;
    m_waitTimer->start(m_wantsStream ? settings.wakeGrace : settings.wakeMaxHold);
}

void InferHandler::tellOfWait()
{
    const domain::Llm *const llm = m_context.registry.findLlm(m_llm);
    if (!m_task || !m_task->isWaiting() || !llm)
        return;
    const std::optional<relay::WakeStatus> wake = m_context.relay.wakeStatus(m_llm);
    if (wake && !m_wantsStream) {
        // The client gives up waiting; the wake goes on.
        m_task.reset();
        return refuse(heldTooLong(llm->name, *wake));
    }
    if (wake && !m_exchange.begun())
        beginStream({{"content-type", "text/event-stream"}});
    if (m_exchange.begun())
        m_exchange.write(wake ? wakeNotice(llm->name, *wake, m_route.dialect) : waitNotice(llm->name, m_route.dialect));
    m_waitTimer->start(m_context.settings.wakeComment);
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
    m_scanContext.reset();
}

void InferHandler::answerHead(int status, const HttpFields &fields)
{
    const HttpFields answer = channel::fieldsForClient(fields);
    const bool isEventStream = answer.value("content-type").toLower().startsWith("text/event-stream");
    const bool isPromised = m_exchange.begun();
    if (isPromised && isEventStream && status == 200)
        return;
    if (isPromised)
        m_unwanted = UnwantedAnswer{status, {}};
    else if (isEventStream)
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
