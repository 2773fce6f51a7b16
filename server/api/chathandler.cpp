#include "chathandler.h"

#include "chatjson.h"
#include "chatrequestreader.h"
#include "errorresponse.h"
#include "handlers.h"
#include "modelnotfound.h"
#include "waitnotice.h"

namespace hearth::api {

using namespace Qt::StringLiterals;

namespace {

/// The data of a `text` event.
QByteArray textData(const QString &delta)
{
    QByteArray data;
    json::JsonWriter(data).beginObject().field("delta"_L1, delta).endObject();
    return data;
}

QByteArray toolCallData(const domain::ToolCall &call)
{
    QByteArray data;
    json::JsonWriter writer(data);
    writeToolCall(writer, call);
    return data;
}

} // namespace

ChatHandler::ChatHandler(const ApiContext &context, http::Exchange &exchange, domain::Principal principal,
                         QString agentName)
    : m_context(context)
    , m_settings(context.settings)
    , m_exchange(exchange)
    , m_principal(std::move(principal))
    , m_agentName(std::move(agentName))
    , m_waitTimer(context.clock, [this] { tellOfWait(); })
{}

ChatHandler::~ChatHandler()
{
    if (m_turn)
        m_turn->leave();
}

void ChatHandler::requestComplete(http::Exchange &, QByteArray body)
{
    const Result<chat::ChatTurn *> turn = ask(body);
    if (turn)
        m_turn = *turn;
    else
        refuse(turn.error());
}

Result<chat::ChatTurn *> ChatHandler::ask(const QByteArray &body)
{
    const qint64 maxBody = m_context.chat.settings().maxRequest;
    if (body.size() > maxBody) {
        return Error{ErrorCode::BodyTooLarge,
                     QStringLiteral("A request to chat may have at most %1 bytes.").arg(maxBody)};
    }
    const Result<ChatBody> wanted = readChatBody(body);
    if (!wanted)
        return wanted.error();
    const domain::Agent *const agent = m_context.registry.findAgent(m_agentName);
    if (!agent || !m_principal.mayUse(m_agentName))
        return modelNotFound(m_agentName);
    m_wantsStream = wanted->stream;
    return m_context.chat.ask(*agent,
                              {.principal = m_principal,
                               .thread = wanted->thread,
                               .message = wanted->message,
                               .toolResults = wanted->toolResults,
                               .params = wanted->params},
                              *this);
}

void ChatHandler::clientGone()
{
    m_waitTimer.stop();
    if (m_turn)
        std::exchange(m_turn, nullptr)->leave();
}

void ChatHandler::turnDelayed()
{
    m_waitTimer.start(m_wantsStream ? m_settings.wakeGrace : m_settings.wakeMaxHold);
}

void ChatHandler::tellOfWait()
{
    const std::optional<relay::WaitStatus> wait = m_turn ? m_turn->waitStatus() : std::nullopt;
    if (!wait)
        return;
    if (m_wantsStream) {
        beginStream();
        m_exchange.write(waitNotice(*wait, StreamDialect::Chat));
    } else if (wait->wake) {
        // The turn has failed then; the wake goes on, and whoever comes back finds the thread free.
        return m_turn->giveUp(heldTooLong(*wait->wake));
    }
    m_waitTimer.start(m_settings.wakeComment);
}

void ChatHandler::beginStream()
{
    if (m_exchange.begun())
        return;
    // The last field asks an nginx in front of us not to hold events back.
    m_exchange.begin(
        200, {{"content-type", "text/event-stream"}, {"cache-control", "no-store"}, {"x-accel-buffering", "no"}});
}

void ChatHandler::writeEvent(QByteArrayView name, QByteArrayView data)
{
    beginStream();
    QByteArray event = "event: ";
    event.append(name).append("\ndata: ").append(data).append("\n\n");
    m_exchange.write(event);
}

void ChatHandler::turnText(const QString &delta)
{
    if (m_wantsStream)
        writeEvent("text", textData(delta));
}

void ChatHandler::turnEnded(const domain::ChatMessage &answer)
{
    m_turn = nullptr;
    if (!m_wantsStream)
        return m_exchange.respond(jsonResponse(finalBody(answer)));
    for (const domain::ToolCall &call : answer.toolCalls)
        writeEvent("toolCall", toolCallData(call));
    writeEvent("final", finalBody(answer));
    m_exchange.finish();
}

void ChatHandler::turnFailed(const Error &error)
{
    m_turn = nullptr;
    if (!m_exchange.begun())
        return refuse(error);
    writeEvent("error", http::errorBody(error, http::ErrorShape::OpenAi));
    m_exchange.cut();
}

void ChatHandler::refuse(const Error &error)
{
    m_exchange.respond(http::errorResponse(error, http::ErrorShape::OpenAi, m_exchange.head().requestId));
}

} // namespace hearth::api
