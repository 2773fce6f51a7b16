#include "turnstart.h"

#include "threadtable.h"

#include <algorithm>

namespace hearth::chat {

using domain::ChatMessage;
using domain::ChatThread;
using domain::MessageRole;
using domain::MessageStatus;
using domain::ToolCall;
using storage::MessageTable;
using storage::ThreadTable;
using storage::TurnSize;

namespace {

constexpr qsizetype maxTitle = 60;
constexpr qint64 charactersPerToken = 4;
/// However short they are: nobody's conversation depends on more.
constexpr int maxHistoryTurns = 500;

Error invalid(const QString &message, const char *param)
{
    return {ErrorCode::InvalidRequest, message, QString::fromLatin1(param)};
}

QString idsOf(const QList<ToolCall> &calls)
{
    QStringList ids;
    for (const ToolCall &call : calls)
        ids.append(call.id);
    return ids.join(QLatin1String(", "));
}

int answersIn(const QList<ChatMessage> &turn)
{
    return static_cast<int>(std::count_if(
        turn.begin(), turn.end(), [](const ChatMessage &message) { return message.role == MessageRole::Assistant; }));
}

/// Why these results do not answer the calls that the turn has open.
std::optional<Error> resultsProblem(const QList<ToolResult> &results, const QList<ChatMessage> &turn, int maxIterations)
{
    if (openCalls(turn, std::numeric_limits<int>::max()).isEmpty())
        return invalid(QStringLiteral("No tool call waits for a result in this thread; send a \"message\"."),
                       "toolResults");
    const QList<ToolCall> open = openCalls(turn, maxIterations);
    if (open.isEmpty()) {
        return Error{ErrorCode::Conflict,
                     QStringLiteral("This turn has had its %1 answers; send a new \"message\".").arg(maxIterations)};
    }
    QStringList ids;
    for (const ToolResult &result : results) {
        const auto isAnswered = [&result](const ToolCall &call) { return call.id == result.toolCallId; };
        if (std::none_of(open.begin(), open.end(), isAnswered)) {
            return invalid(QStringLiteral("No tool call '%1' waits for a result; these do: %2.")
                               .arg(result.toolCallId.left(128), idsOf(open)),
                           "toolResults");
        }
        if (ids.contains(result.toolCallId))
            return invalid(QStringLiteral("The tool call '%1' is answered twice.").arg(result.toolCallId),
                           "toolResults");
        ids.append(result.toolCallId);
    }
    if (ids.size() < open.size())
        return invalid(QStringLiteral("Every tool call needs a result: %1.").arg(idsOf(open)), "toolResults");
    return std::nullopt;
}

ChatMessage nextMessage(const TurnOrder &order, const QList<ChatMessage> &present, int turn, MessageRole role)
{
    ChatMessage message;
    message.thread = order.thread;
    message.turn = turn;
    message.position = static_cast<int>(present.size());
    message.role = role;
    message.createdAt = order.now;
    message.finishedAt = order.now;
    return message;
}

/// What the order adds to the turn, or why it may not.
Result<void> addOrdered(const TurnOrder &order, const QList<ChatMessage> &lastTurn, QList<ChatMessage> &present,
                        int &turn)
{
    turn = lastTurn.isEmpty() ? 0 : lastTurn.first().turn;
    if (!order.toolResults.isEmpty()) {
        if (const std::optional<Error> problem = resultsProblem(order.toolResults, lastTurn, order.maxIterations))
            return *problem;
        present = lastTurn;
        for (const ToolResult &result : order.toolResults) {
            ChatMessage message = nextMessage(order, present, turn, MessageRole::Tool);
            message.toolCallId = result.toolCallId;
            message.content = result.content;
            present.append(MessageTable::storable(message));
        }
        return {};
    }
    if (const QList<ToolCall> open = openCalls(lastTurn, order.maxIterations); !open.isEmpty()) {
        return Error{ErrorCode::Conflict, QStringLiteral("The last answer waits for the results of its tool calls; "
                                                         "send \"toolResults\" for: %1.")
                                              .arg(idsOf(open))};
    }
    turn += lastTurn.isEmpty() ? 0 : 1;
    ChatMessage message = nextMessage(order, {}, turn, MessageRole::User);
    message.content = order.message;
    present = {MessageTable::storable(message)};
    return {};
}

Result<ChatThread> makeThread(storage::Database &database, const TurnOrder &order)
{
    const ChatThread thread{.id = order.thread,
                            .owner = order.owner,
                            .agentId = order.agentId,
                            .agentName = order.agentName,
                            .agentOwner = order.agentOwner,
                            .title = titleOf(order.message),
                            .createdAt = order.now,
                            .updatedAt = order.now};
    const Result<void> inserted = ThreadTable(database).insert(thread);
    return inserted ? Result<ChatThread>(thread) : Result<ChatThread>(inserted.error());
}

Result<ChatThread> findThread(storage::Database &database, const TurnOrder &order)
{
    ThreadTable threads(database);
    const Result<std::optional<ChatThread>> found = threads.find(order.thread, order.owner);
    if (!found)
        return found.error();
    if (!*found)
        return Error{ErrorCode::NotFound, QStringLiteral("This thread does not exist."), QStringLiteral("threadId")};
    ChatThread thread = **found;
    if (thread.agentName != order.agentName || thread.agentOwner != order.agentOwner) {
        return invalid(QStringLiteral("This thread is a conversation with another agent, '%1'.").arg(thread.agentName),
                       "threadId");
    }
    thread.agentId = order.agentId;
    thread.updatedAt = order.now;
    if (const Result<void> touched = threads.touch(thread.id, thread.agentId, order.now); !touched)
        return touched.error();
    // Nobody works on an answer here, or this turn could not begin.
    const Result<qint64> failed = MessageTable(database).failPending(thread.id, interrupted(), order.now);
    return failed ? Result<ChatThread>(thread) : Result<ChatThread>(failed.error());
}

/// As MessageTable::turnSizes() counts, but for the form that calls are stored in.
qint64 charactersOf(const QList<ChatMessage> &messages)
{
    qint64 characters = 0;
    for (const ChatMessage &message : messages) {
        characters += message.content.size();
        for (const ToolCall &call : message.toolCalls)
            characters += call.name.size() + call.arguments.size();
    }
    return characters;
}

/// The messages of the newest turns that fit into what the present turn leaves of the budget.
Result<QList<ChatMessage>> readHistory(const MessageTable &messages, const TurnOrder &order, const TurnStart &start)
{
    const int before = start.assistant.turn;
    const Result<QList<TurnSize>> sizes = messages.turnSizes(order.thread, before, maxHistoryTurns);
    if (!sizes)
        return sizes.error();
    const qint64 left = order.historyTokens - charactersOf(start.present) / charactersPerToken;
    const qsizetype count = turnsThatFit(*sizes, left);
    if (count == 0)
        return QList<ChatMessage>();
    return messages.history(order.thread, sizes->at(count - 1).turn, before);
}

} // namespace

qsizetype turnsThatFit(const QList<TurnSize> &turns, qint64 tokens)
{
    qsizetype count = 0;
    for (const TurnSize &turn : turns) {
        tokens -= (turn.characters + charactersPerToken - 1) / charactersPerToken;
        if (tokens < 0)
            break;
        ++count;
    }
    return count;
}

QList<ToolCall> openCalls(const QList<ChatMessage> &turn, int maxIterations)
{
    if (turn.isEmpty() || answersIn(turn) >= maxIterations)
        return {};
    const ChatMessage &last = turn.last();
    return last.status == MessageStatus::Complete ? last.toolCalls : QList<ToolCall>();
}

QString titleOf(const QString &message)
{
    QString line = message.simplified();
    if (line.size() <= maxTitle)
        return line;
    const QString beginning = line.left(maxTitle - 1);
    // A language without spaces, or a very long word, is cut where the room ends.
    const qsizetype lastSpace = line.at(maxTitle - 1) == u' ' ? beginning.size() : beginning.lastIndexOf(u' ');
    QString title = lastSpace > maxTitle / 2 ? beginning.left(lastSpace) : beginning;
    if (title.back().isHighSurrogate())
        title.chop(1);
    return title + u'\u2026';
}

Result<TurnStart> beginTurn(storage::Database &database, const TurnOrder &order)
{
    MessageTable messages(database);
    const Result<ChatThread> thread = order.isNewThread ? makeThread(database, order) : findThread(database, order);
    if (!thread)
        return thread.error();
    const Result<QList<ChatMessage>> lastTurn = messages.lastTurn(order.thread);
    if (!lastTurn)
        return lastTurn.error();
    TurnStart start;
    start.thread = *thread;
    int turn = 0;
    if (const Result<void> added = addOrdered(order, *lastTurn, start.present, turn); !added)
        return added.error();
    start.assistant = nextMessage(order, start.present, turn, MessageRole::Assistant);
    start.assistant.status = MessageStatus::Pending;
    start.assistant.finishedAt.reset();
    Result<QList<ChatMessage>> history = readHistory(messages, order, start);
    if (!history)
        return history.error();
    start.history = std::move(*history);
    const qsizetype stored = order.toolResults.isEmpty() ? 0 : lastTurn->size();
    QList<ChatMessage> added = start.present.mid(stored);
    added.append(start.assistant);
    for (const ChatMessage &message : added) {
        if (const Result<void> inserted = messages.insert(message); !inserted)
            return inserted.error();
    }
    return start;
}

Error interrupted()
{
    return {ErrorCode::ShuttingDown, QStringLiteral("The server stopped before this answer was complete.")};
}

Result<void> failInterrupted(storage::Database &database, WallTime now)
{
    const Result<qint64> failed = MessageTable(database).failPending({}, interrupted(), now);
    return failed ? Result<void>() : Result<void>(failed.error());
}

} // namespace hearth::chat
