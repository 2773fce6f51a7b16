#include "messagetable.h"

#include "database.h"
#include "rowchange.h"
#include "storabletext.h"

#include <algorithm>

namespace hearth::storage {

using namespace Qt::StringLiterals;

using domain::ChatMessage;
using domain::MessageRole;
using domain::ThreadId;
using domain::ToolCall;

namespace {

/// Behind any message.
constexpr MessageCursor endOfThread{std::numeric_limits<int>::max(), 0};

QString toJson(const QList<ToolCall> &calls)
{
    QJsonArray array;
    for (const ToolCall &call : calls)
        array.append(QJsonObject{{"id"_L1, call.id}, {"name"_L1, call.name}, {"arguments"_L1, call.arguments}});
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

std::optional<QList<ToolCall>> fromJson(const QString &text)
{
    const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8());
    if (!document.isArray())
        return std::nullopt;
    QList<ToolCall> calls;
    const QJsonArray array = document.array();
    for (const QJsonValue value : array)
        calls.append({value["id"_L1].toString(), value["name"_L1].toString(), value["arguments"_L1].toString()});
    return calls;
}

std::optional<Error> readError(const SqlRow &row)
{
    if (row.isNull("error_code"_L1))
        return std::nullopt;
    const auto code = errorCodeFromString(row.text("error_code"_L1).toLatin1());
    return Error{row.required("error_code"_L1, code), row.text("error_message"_L1)};
}

ChatMessage readMessage(const SqlRow &row)
{
    ChatMessage message;
    message.thread = row.id<ThreadId>("thread_id"_L1);
    message.turn = static_cast<int>(row.integer("turn"_L1));
    message.position = static_cast<int>(row.integer("position"_L1));
    message.role = row.spelled("role"_L1, domain::messageRoleFromString);
    message.content = row.text("content"_L1);
    message.toolCalls = row.required("tool_calls"_L1, fromJson(row.text("tool_calls"_L1)));
    message.toolCallId = row.text("tool_call_id"_L1);
    message.status = row.spelled("status"_L1, domain::messageStatusFromString);
    message.error = readError(row);
    message.finishReason = row.text("finish_reason"_L1);
    if (!row.isNull("token_usage"_L1))
        message.usage = row.object("token_usage"_L1);
    message.createdAt = row.moment("created_at"_L1);
    message.finishedAt = row.optionalMoment("finished_at"_L1);
    return message;
}

TurnSize readTurnSize(const SqlRow &row)
{
    return {static_cast<int>(row.integer("turn"_L1)), row.integer("characters"_L1)};
}

std::optional<QLatin1String> codeOf(const std::optional<Error> &error)
{
    return error ? std::optional(toString(error->code)) : std::nullopt;
}

std::optional<QString> wordsOf(const std::optional<Error> &error)
{
    return error ? std::optional(error->message) : std::nullopt;
}

/// What finish() changes, with the place of the message.
SqlBindings outcome(const ChatMessage &message)
{
    return {{"thread", message.thread},
            {"turn", message.turn},
            {"position", message.position},
            {"content", message.content},
            {"toolCalls", toJson(message.toolCalls)},
            {"status", toString(message.status)},
            {"errorCode", codeOf(message.error)},
            {"errorMessage", wordsOf(message.error)},
            {"finishReason", message.finishReason},
            {"usage", message.usage},
            {"finishedAt", message.finishedAt}};
}

} // namespace

ChatMessage MessageTable::storable(ChatMessage message)
{
    message.content = storableText(message.content);
    for (ToolCall &call : message.toolCalls)
        call = {storableText(call.id), storableText(call.name), storableText(call.arguments)};
    message.toolCallId = storableText(message.toolCallId);
    message.finishReason = storableText(message.finishReason);
    if (message.error)
        message.error = Error{message.error->code, storableText(message.error->message)};
    return message;
}

Result<QList<ChatMessage>> MessageTable::page(const ThreadId &thread, const std::optional<MessageCursor> &before,
                                              int count) const
{
    const MessageCursor end = before.value_or(endOfThread);
    auto messages = m_database.select(
        "message_page"_L1,
        {{"thread", thread}, {"beforeTurn", end.turn}, {"beforePosition", end.position}, {"count", count}},
        readMessage);
    if (messages)
        std::reverse(messages->begin(), messages->end());
    return messages;
}

Result<QList<ChatMessage>> MessageTable::lastTurn(const ThreadId &thread) const
{
    return m_database.select("message_last_turn"_L1, {{"thread", thread}}, readMessage);
}

Result<QList<TurnSize>> MessageTable::turnSizes(const ThreadId &thread, int beforeTurn, int count) const
{
    return m_database.select("message_turn_sizes"_L1,
                             {{"thread", thread}, {"beforeTurn", beforeTurn}, {"count", count}}, readTurnSize);
}

Result<QList<ChatMessage>> MessageTable::history(const ThreadId &thread, int fromTurn, int beforeTurn) const
{
    return m_database.select("message_history"_L1,
                             {{"thread", thread}, {"fromTurn", fromTurn}, {"beforeTurn", beforeTurn}}, readMessage);
}

Result<void> MessageTable::insert(const ChatMessage &message)
{
    const ChatMessage row = storable(message);
    SqlBindings bindings = outcome(row);
    bindings.append({"role", toString(row.role)});
    bindings.append(
        {"toolCallId", row.role == MessageRole::Tool ? std::optional(row.toolCallId) : std::optional<QString>()});
    bindings.append({"createdAt", row.createdAt});
    return withoutCount(m_database.execute("message_insert"_L1, bindings));
}

Result<void> MessageTable::finish(const ChatMessage &message)
{
    return requireOneRow(m_database.execute("message_finish"_L1, outcome(storable(message))),
                         QStringLiteral("This pending message"));
}

Result<qint64> MessageTable::failPending(const ThreadId &thread, const Error &error, WallTime now)
{
    return m_database.execute("message_fail_pending"_L1, {{"thread", thread},
                                                          {"errorCode", toString(error.code)},
                                                          {"errorMessage", storableText(error.message)},
                                                          {"finishedAt", now}});
}

} // namespace hearth::storage
