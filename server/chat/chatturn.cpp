#include "chatturn.h"

#include "chatbody.h"
#include "chatlog.h"
#include "chatservice.h"
#include "conversation.h"
#include "logging.h"
#include "messagetable.h"
#include "threadtable.h"
#include "turnstart.h"

namespace hearth::chat {

using domain::ChatMessage;
using domain::MessageStatus;

namespace {

Result<void> storeAnswer(storage::Database &database, const AgentId &agent, const ChatMessage &answer)
{
    if (const Result<void> finished = storage::MessageTable(database).finish(answer); !finished)
        return finished.error();
    return storage::ThreadTable(database).touch(answer.thread, agent, *answer.finishedAt);
}

} // namespace

ChatTurn::ChatTurn(ChatService &service, domain::Agent agent, domain::Principal principal, QJsonObject params,
                   TurnOrder order, TurnListener &listener)
    : m_service(service)
    , m_agent(std::move(agent))
    , m_principal(std::move(principal))
    , m_params(std::move(params))
    , m_order(std::move(order))
    , m_listener(&listener)
    , m_answer(service.settings().maxAnswer)
    , m_storeRetry(service.settings().storeRetry)
    , m_storeTimer(service.context().clock, [this] { store(); })
{}

ChatTurn::~ChatTurn()
{
    m_listener = nullptr;
    if (m_row && m_row->status == MessageStatus::Pending)
        fail(interrupted());
    else if (m_storeTimer.isActive())
        store();
}

void ChatTurn::begin()
{
    m_service.context().storage.submit<TurnStart>(
        this, [order = m_order](storage::Database &database) { return beginTurn(database, order); },
        [this](const Result<TurnStart> &start) { begun(start); });
}

void ChatTurn::begun(const Result<TurnStart> &start)
{
    if (!start)
        return finish(start.error());
    m_row = start->assistant;
    if (const Result<void> asked = ask(*start); !asked)
        return fail(asked.error());
    if (m_task->isWaiting())
        answerDelayed();
}

Result<void> ChatTurn::ask(const TurnStart &start)
{
    relay::InferRequest request;
    request.model = m_agent.name;
    request.path = chatPath;
    request.fields = {{"content-type", "application/json"}, {"accept", "text/event-stream"}};
    // Never empty: it has messages.
    request.body = relay::RequestBody::withoutModel(chatBody(m_agent, m_params, start), 1, false);
    request.body.setUsageEdit(metering::usageRequest(1));
    // The turn stores it.
    request.hidesUsage = false;
    request.conversation =
        scheduling::conversationOf(m_principal.key().id, QByteArray('"' + thread().toString().toUtf8() + '"'), {});
    auto task = m_service.context().relay.submit(m_agent.pinnedTo, std::move(request), m_principal, *this);
    if (!task)
        return task.error();
    m_task = std::move(*task);
    return {};
}

std::optional<relay::WaitStatus> ChatTurn::waitStatus() const
{
    return m_task ? m_task->waitStatus() : std::nullopt;
}

void ChatTurn::giveUp(const Error &error)
{
    if (m_task && m_task->isWaiting())
        fail(error);
}

void ChatTurn::answerDelayed()
{
    if (m_listener)
        m_listener->turnDelayed();
}

void ChatTurn::answerHead(int status, const HttpFields &fields)
{
    m_answer.begin(status, fields);
}

void ChatTurn::answerBody(QByteArrayView piece)
{
    const Result<void> read = m_answer.append(piece);
    passTextOn();
    if (!read)
        return fail(read.error());
    // Nobody has to wait for a slow client: what it has not taken yet is bounded with the answer.
    m_task->consumed(piece.size());
}

void ChatTurn::answerEnded()
{
    const Result<void> read = m_answer.end();
    passTextOn();
    if (read)
        complete();
    else
        fail(read.error());
}

void ChatTurn::answerFailed(const Error &error)
{
    fail(error);
}

void ChatTurn::passTextOn()
{
    const QString text = m_answer.takeNewText();
    if (m_listener && !text.isEmpty())
        m_listener->turnText(text);
}

void ChatTurn::complete()
{
    m_row->status = MessageStatus::Complete;
    store();
}

void ChatTurn::fail(const Error &error)
{
    // A connection that breaks behind the end of an answer, or a server that stops then, takes nothing from it.
    if (m_answer.isDone())
        return complete();
    m_failure = error;
    if (m_task)
        m_task->giveUp(error);
    m_row->status = MessageStatus::Error;
    m_row->error = Error{error.code, redact(error.message)};
    store();
}

void ChatTurn::store()
{
    m_task.reset();
    m_row->content = m_answer.text();
    m_row->toolCalls = m_answer.toolCalls();
    m_row->finishReason = m_answer.finishReason();
    m_row->usage = m_answer.usage();
    m_row->finishedAt = m_service.context().clock.wallNow();
    *m_row = storage::MessageTable::storable(*m_row);
    m_service.context().storage.submit<void>(
        this,
        [agent = m_agent.id, answer = *m_row](storage::Database &database) {
            return storeAnswer(database, agent, answer);
        },
        [this](const Result<void> &outcome) { stored(outcome); });
}

void ChatTurn::stored(const Result<void> &outcome)
{
    // A commit that was given up may have succeeded all the same: then nothing is pending any more.
    if (outcome || outcome.error().code == ErrorCode::NotFound)
        return finish(m_failure);
    qCWarning(lcChat).noquote() << "An answer cannot be stored:" << outcome.error().message;
    if (outcome.error().code != ErrorCode::StorageUnavailable)
        return finish(outcome.error());
    if (m_listener)
        std::exchange(m_listener, nullptr)->turnFailed(outcome.error());
    m_storeTimer.start(m_storeRetry);
}

void ChatTurn::finish(const std::optional<Error> &error)
{
    // The thread is free before the listener hears of it. This object goes at the end of the function.
    const std::unique_ptr<ChatTurn> self = m_service.release(*this);
    if (!m_listener)
        return;
    if (error)
        m_listener->turnFailed(*error);
    else
        m_listener->turnEnded(*m_row);
}

} // namespace hearth::chat
