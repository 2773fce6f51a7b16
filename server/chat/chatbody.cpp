#include "chatbody.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace hearth::chat {

using namespace Qt::StringLiterals;

using domain::ChatMessage;
using domain::MessageRole;
using domain::ToolCall;

namespace {

/// Some backends read the arguments, and refuse the whole history for the sake of one call that was cut off.
QString replayable(const QString &arguments)
{
    return QJsonDocument::fromJson(arguments.toUtf8()).isObject() ? arguments : QStringLiteral("{}");
}

QJsonArray toJson(const QList<ToolCall> &calls)
{
    QJsonArray array;
    for (const ToolCall &call : calls) {
        array.append(QJsonObject{
            {"id"_L1, call.id},
            {"type"_L1, "function"_L1},
            {"function"_L1, QJsonObject{{"name"_L1, call.name}, {"arguments"_L1, replayable(call.arguments)}}}});
    }
    return array;
}

QJsonObject toJson(const ChatMessage &message)
{
    QJsonObject object{{"role"_L1, toString(message.role)}, {"content"_L1, message.content}};
    if (message.role == MessageRole::Tool)
        object.insert("tool_call_id"_L1, message.toolCallId);
    if (!message.toolCalls.isEmpty())
        object.insert("tool_calls"_L1, toJson(message.toolCalls));
    return object;
}

/// Backends refuse calls that nothing answers: those of a turn that was given up.
void appendMessages(const QList<ChatMessage> &messages, QJsonArray &array)
{
    for (qsizetype i = 0; i < messages.size(); ++i) {
        ChatMessage message = messages[i];
        if (i + 1 == messages.size() || messages[i + 1].role != MessageRole::Tool)
            message.toolCalls.clear();
        array.append(toJson(message));
    }
}

} // namespace

QByteArray chatBody(const domain::Agent &agent, const QJsonObject &params, const TurnStart &start)
{
    QJsonArray messages;
    if (!agent.systemPrompt.isEmpty())
        messages.append(QJsonObject{{"role"_L1, "system"_L1}, {"content"_L1, agent.systemPrompt}});
    appendMessages(start.history, messages);
    appendMessages(start.present, messages);

    QJsonObject body = agent.defaultParams;
    for (auto param = params.begin(); param != params.end(); ++param)
        body.insert(param.key(), param.value());
    body.remove("model"_L1);
    body.remove("stream_options"_L1);
    body.insert("messages"_L1, messages);
    body.insert("stream"_L1, true);
    return QJsonDocument(body).toJson(QJsonDocument::Compact);
}

} // namespace hearth::chat
