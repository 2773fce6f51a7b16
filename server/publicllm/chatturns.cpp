#include "chatturns.h"

#include "contentblocks.h"
#include "jsonwriter.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

namespace hearth::publicllm {

namespace {

using namespace Qt::StringLiterals;

struct Turn
{
    QLatin1String role;
    QByteArrayList blocks;
};

QByteArray arrayOf(const QByteArrayList &items)
{
    return '[' + items.join(',') + ']';
}

Result<QByteArray> toolUse(const QJsonObject &call, const QString &where)
{
    const QJsonObject function = call["function"_L1].toObject();
    const QString name = function["name"_L1].toString();
    const QString id = call["id"_L1].toString();
    if (name.isEmpty() || id.isEmpty())
        return refusedAt(where, u"must be a call of a function, with an id and a name"_s);
    QByteArray input = function["arguments"_L1].toString().toUtf8();
    if (input.trimmed().isEmpty())
        input = "{}";
    if (!QJsonDocument::fromJson(input).isObject())
        return refusedAt(where + u".function.arguments"_s, u"must be a JSON object as a string"_s);
    QByteArray block;
    json::JsonWriter writer(block);
    writer.beginObject().field("type"_L1, "tool_use"_L1).field("id"_L1, toolUseId(id)).field("name"_L1, name);
    writer.key("input"_L1).raw(input).endObject();
    return block;
}

class TurnsReader
{
public:
    Result<void> read(const QJsonObject &message, const QString &where)
    {
        const QString role = message["role"_L1].toString();
        if (role == "system"_L1 || role == "developer"_L1)
            return readSystem(message, where);
        if (role == "user"_L1)
            return readUser(message, where);
        if (role == "assistant"_L1)
            return readAssistant(message, where);
        if (role == "tool"_L1)
            return readToolResult(message, where);
        return refusedAt(where + u".role"_s, u"must be system, developer, user, assistant or tool"_s);
    }

    ChatTurns turns() const
    {
        ChatTurns result;
        result.called = m_called;
        if (!m_system.isEmpty())
            result.system = arrayOf(m_system);
        json::JsonWriter writer(result.messages);
        writer.beginArray();
        for (const Turn &turn : m_turns) {
            writer.beginObject().field("role"_L1, turn.role);
            writer.key("content"_L1).raw(arrayOf(turn.blocks)).endObject();
        }
        writer.endArray();
        return result;
    }

private:
    void append(QLatin1String role, const QByteArrayList &blocks)
    {
        // The Messages API refuses an empty message.
        if (blocks.isEmpty())
            return;
        if (m_turns.isEmpty() || m_turns.constLast().role != role)
            m_turns.append(Turn{role, {}});
        m_turns.last().blocks += blocks;
    }

    void noteCalled(const QString &name)
    {
        if (m_isCalled.contains(name))
            return;
        m_isCalled.insert(name);
        m_called.append(name);
    }

    Result<void> readSystem(const QJsonObject &message, const QString &where)
    {
        const Result<QByteArrayList> blocks =
            contentBlocks(message["content"_L1], BlockKinds::Text, where + u".content"_s);
        if (!blocks)
            return blocks.error();
        m_system += *blocks;
        return {};
    }

    Result<void> readUser(const QJsonObject &message, const QString &where)
    {
        const Result<QByteArrayList> blocks =
            contentBlocks(message["content"_L1], BlockKinds::TextAndImages, where + u".content"_s);
        if (!blocks)
            return blocks.error();
        append("user"_L1, *blocks);
        return {};
    }

    Result<void> readAssistant(const QJsonObject &message, const QString &where)
    {
        if (message["function_call"_L1].isObject())
            return refusedAt(where + u".function_call"_s, u"is not supported; use tool_calls"_s);
        Result<QByteArrayList> blocks = contentBlocks(message["content"_L1], BlockKinds::Text, where + u".content"_s);
        if (!blocks)
            return blocks.error();
        if (const QString refusal = message["refusal"_L1].toString(); !refusal.isEmpty())
            blocks->append(textBlock(refusal));
        const QJsonArray calls = message["tool_calls"_L1].toArray();
        for (qsizetype i = 0; i < calls.size(); ++i) {
            const Result<QByteArray> block = toolUse(calls[i].toObject(), where + u".tool_calls[%1]"_s.arg(i));
            if (!block)
                return block.error();
            blocks->append(*block);
            noteCalled(calls[i]["function"_L1]["name"_L1].toString());
        }
        append("assistant"_L1, *blocks);
        return {};
    }

    Result<void> readToolResult(const QJsonObject &message, const QString &where)
    {
        const QString id = message["tool_call_id"_L1].toString();
        if (id.isEmpty())
            return refusedAt(where + u".tool_call_id"_s, u"must be the id of the call that is answered"_s);
        const Result<QByteArrayList> blocks =
            contentBlocks(message["content"_L1], BlockKinds::TextAndImages, where + u".content"_s);
        if (!blocks)
            return blocks.error();
        QByteArray block;
        json::JsonWriter writer(block);
        writer.beginObject().field("type"_L1, "tool_result"_L1).field("tool_use_id"_L1, toolUseId(id));
        if (!blocks->isEmpty())
            writer.key("content"_L1).raw(arrayOf(*blocks));
        writer.endObject();
        append("user"_L1, {block});
        return {};
    }

    QByteArrayList m_system;
    QList<Turn> m_turns;
    /// In the order of their first calls.
    QStringList m_called;
    QSet<QString> m_isCalled;
};

} // namespace

Result<ChatTurns> ChatTurns::read(const QJsonArray &messages)
{
    TurnsReader reader;
    for (qsizetype i = 0; i < messages.size(); ++i) {
        if (const Result<void> read = reader.read(messages[i].toObject(), u"messages[%1]"_s.arg(i)); !read)
            return read.error();
    }
    return reader.turns();
}

} // namespace hearth::publicllm
