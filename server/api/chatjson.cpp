#include "chatjson.h"

#include "logging.h"
#include "timestamp.h"

namespace hearth::api {

using namespace Qt::StringLiterals;

using domain::ChatMessage;
using domain::MessageRole;
using json::JsonWriter;

namespace {

void writeUsage(JsonWriter &writer, const ChatMessage &message)
{
    writer.key("usage"_L1);
    if (message.usage)
        writer.value(*message.usage);
    else
        writer.null();
}

/// What only answers have.
void writeAnswerFields(JsonWriter &writer, const ChatMessage &message)
{
    writer.key("toolCalls"_L1).beginArray();
    for (const domain::ToolCall &call : message.toolCalls)
        writeToolCall(writer, call);
    writer.endArray();
    writer.key("finishReason"_L1);
    if (message.finishReason.isEmpty())
        writer.null();
    else
        writer.value(message.finishReason);
    writeUsage(writer, message);
    writer.key("error"_L1);
    if (!message.error) {
        writer.null();
        return;
    }
    writer.beginObject()
        .field("code"_L1, toString(message.error->code))
        .field("message"_L1, redact(message.error->message))
        .endObject();
}

} // namespace

void writeThread(JsonWriter &writer, const domain::ChatThread &thread)
{
    writer.beginObject()
        .field("id"_L1, thread.id.toString())
        .field("agent"_L1, thread.agentName)
        .field("owner"_L1, thread.owner)
        .field("title"_L1, thread.title);
    writeTime(writer, "createdAt"_L1, thread.createdAt);
    writeTime(writer, "updatedAt"_L1, thread.updatedAt);
    writer.endObject();
}

void writeMessage(JsonWriter &writer, const ChatMessage &message)
{
    writer.beginObject()
        .field("turn"_L1, message.turn)
        .field("position"_L1, message.position)
        .field("role"_L1, toString(message.role))
        .field("content"_L1, message.content)
        .field("status"_L1, toString(message.status));
    if (message.role == MessageRole::Tool)
        writer.field("toolCallId"_L1, message.toolCallId);
    if (message.role == MessageRole::Assistant)
        writeAnswerFields(writer, message);
    writeTime(writer, "createdAt"_L1, message.createdAt);
    writeTime(writer, "finishedAt"_L1, message.finishedAt);
    writer.endObject();
}

void writeToolCall(JsonWriter &writer, const domain::ToolCall &call)
{
    writer.beginObject()
        .field("id"_L1, call.id)
        .field("name"_L1, call.name)
        .field("arguments"_L1, call.arguments)
        .endObject();
}

QByteArray finalBody(const ChatMessage &answer)
{
    QByteArray body;
    JsonWriter writer(body);
    writer.beginObject().field("threadId"_L1, answer.thread.toString()).key("assistant"_L1);
    writeMessage(writer, answer);
    writeUsage(writer, answer);
    writer.endObject();
    return body;
}

} // namespace hearth::api
