#include "chatservice.h"

#include "chatbody.h"
#include "chatlog.h"

#include <algorithm>

namespace hearth {

Q_LOGGING_CATEGORY(lcChat, "hearth.chat")

namespace chat {

ChatService::ChatService(ChatContext context, ChatSettings settings, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_settings(settings)
{}

ChatService::~ChatService() = default;

const QString *ChatService::ownerAtWork(const domain::ThreadId &thread) const
{
    const auto found = m_turns.find(thread.toString());
    return found == m_turns.end() ? nullptr : &found->second->owner();
}

Result<ChatTurn *> ChatService::ask(const domain::Agent &agent, const ChatRequest &request, TurnListener &listener)
{
    if (agent.status == domain::LlmStatus::Inactive) {
        return Error{ErrorCode::PublisherOffline,
                     QStringLiteral("Agent '%1' is inactive; publisher offline").arg(agent.name)};
    }
    if (const QString *const owner = ownerAtWork(request.thread)) {
        if (*owner != request.principal.owner())
            return Error{ErrorCode::NotFound, QStringLiteral("This thread does not exist."),
                         QStringLiteral("threadId")};
        return Error{ErrorCode::Conflict, QStringLiteral("A message is being answered in this thread; wait for it."),
                     QStringLiteral("threadId")};
    }
    if (const Result<void> room = checkRoom(request.principal.owner()); !room)
        return room.error();
    // Asked before anything is stored: who is refused may ask the same again, and finds the thread as it was.
    const Result<void> admitted =
        m_context.relay.admit(agent.pinnedTo, {.model = agent.name, .path = chatPath}, request.principal);
    if (!admitted)
        return admitted.error();
    const bool isNew = request.thread.isEmpty();
    auto turn = std::make_unique<ChatTurn>(*this, agent, request.principal, request.params,
                                           TurnOrder{.thread = isNew ? domain::ThreadId::create() : request.thread,
                                                     .isNewThread = isNew,
                                                     .owner = request.principal.owner(),
                                                     .agentId = agent.id,
                                                     .agentName = agent.name,
                                                     .agentOwner = agent.owner,
                                                     .message = request.message,
                                                     .toolResults = request.toolResults,
                                                     .historyTokens = m_settings.historyTokens,
                                                     .maxIterations = m_settings.maxIterations,
                                                     .now = m_context.clock.wallNow()},
                                           listener);
    ChatTurn *const begun = turn.get();
    m_turns.emplace(begun->thread().toString(), std::move(turn));
    begun->begin();
    return begun;
}

Result<void> ChatService::checkRoom(const QString &owner) const
{
    if (m_turns.size() >= static_cast<size_t>(m_settings.maxTurns)) {
        return Error{ErrorCode::Overloaded,
                     QStringLiteral("The server is answering as many messages as it can; try again in a moment.")};
    }
    const auto isOwners = [&owner](const auto &entry) { return entry.second->owner() == owner; };
    if (std::count_if(m_turns.begin(), m_turns.end(), isOwners) >= m_settings.maxTurnsPerOwner) {
        return Error{
            ErrorCode::Overloaded,
            QStringLiteral("%1 of your messages are being answered, and no more may be at a time; wait for one "
                           "of them.")
                .arg(m_settings.maxTurnsPerOwner)};
    }
    return {};
}

std::unique_ptr<ChatTurn> ChatService::release(const ChatTurn &turn)
{
    auto node = m_turns.extract(turn.thread().toString());
    if (m_turns.empty())
        Q_EMIT idle();
    return std::move(node.mapped());
}

} // namespace chat

} // namespace hearth
