#include "messagestochat.h"

#include "jsonwriter.h"
#include "messagesparts.h"
#include "rawjson.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace hearth::publicllm {

namespace {

using namespace Qt::StringLiterals;

/// The tool calls among the blocks, as a JSON array; empty where there is none.
QByteArray toolCalls(const QJsonArray &blocks, const QByteArrayList &texts)
{
    QByteArray calls;
    json::JsonWriter writer(calls);
    for (qsizetype i = 0; i < blocks.size(); ++i) {
        if (blocks[i]["type"_L1].toString() != "tool_use"_L1)
            continue;
        if (calls.isEmpty())
            writer.beginArray();
        writer.beginObject().field("id"_L1, blocks[i]["id"_L1].toString()).field("type"_L1, "function"_L1);
        writer.key("function"_L1).beginObject().field("name"_L1, blocks[i]["name"_L1].toString());
        writer.field("arguments"_L1, rawMember(texts.value(i), "input").value_or("{}"));
        writer.endObject().endObject();
    }
    if (!calls.isEmpty())
        writer.endArray();
    return calls;
}

void writeMessage(json::JsonWriter &writer, const QJsonArray &blocks, const QByteArrayList &texts)
{
    QString text;
    for (const QJsonValue &block : blocks) {
        if (block["type"_L1].toString() == "text"_L1)
            text += block["text"_L1].toString();
    }
    const QByteArray calls = toolCalls(blocks, texts);
    writer.key("message"_L1).beginObject().field("role"_L1, "assistant"_L1);
    if (text.isEmpty() && !calls.isEmpty())
        writer.key("content"_L1).null();
    else
        writer.field("content"_L1, text);
    writer.key("refusal"_L1).null();
    if (!calls.isEmpty())
        writer.key("tool_calls"_L1).raw(calls);
    writer.endObject();
}

} // namespace

Result<QByteArray> messagesToChat(const QByteArray &text, qint64 created)
{
    const QJsonObject message = QJsonDocument::fromJson(text).object();
    if (message["type"_L1].toString() != "message"_L1 || !message["content"_L1].isArray())
        return Error{ErrorCode::BackendError, u"The backend's answer is no message of the Messages API."_s};
    const QByteArrayList blocks = rawItems(rawMember(text, "content").value_or(QByteArray()));
    MessagesUsage usage;
    usage.update(message["usage"_L1].toObject());

    QByteArray chat;
    json::JsonWriter writer(chat);
    writer.beginObject().field("id"_L1, message["id"_L1].toString()).field("object"_L1, "chat.completion"_L1);
    writer.field("created"_L1, created).field("model"_L1, message["model"_L1].toString());
    writer.key("choices"_L1).beginArray().beginObject().field("index"_L1, 0);
    writeMessage(writer, message["content"_L1].toArray(), blocks);
    writer.key("logprobs"_L1).null();
    writer.field("finish_reason"_L1, finishReason(message["stop_reason"_L1].toString()));
    writer.endObject().endArray().key("usage"_L1);
    usage.write(writer);
    writer.endObject();
    return chat;
}

QByteArray messagesErrorToChat(const QByteArray &body, int status)
{
    const std::optional<MessagesError> error = MessagesError::read(QJsonDocument::fromJson(body).object());
    return error.value_or(MessagesError{u"api_error"_s, u"The backend answered with status %1."_s.arg(status)})
        .toChat();
}

} // namespace hearth::publicllm
