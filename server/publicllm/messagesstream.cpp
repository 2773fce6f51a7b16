#include "messagesstream.h"

#include "jsonwriter.h"

#include <QJsonDocument>

namespace hearth::publicllm {

namespace {

using namespace Qt::StringLiterals;
using json::JsonWriter;

/// Tool calls in one answer: far more than any model makes at once.
constexpr int maxToolCalls = 1024;

Error brokenStream(const QString &what)
{
    return {ErrorCode::BackendError, u"The backend's event stream %1."_s.arg(what)};
}

} // namespace

QByteArray MessagesStream::feed(QByteArrayView piece)
{
    if (m_isComplete || m_failure)
        return {};
    const bool goesOn = m_reader.feed(piece, [this](const QByteArray &data) { return handle(data); });
    if (!goesOn && !m_isComplete && !m_failure)
        m_failure = brokenStream(u"has an event that is too long"_s);
    return std::exchange(m_output, {});
}

bool MessagesStream::handle(const QByteArray &data)
{
    const QJsonDocument document = QJsonDocument::fromJson(data);
    if (!document.isObject()) {
        m_failure = brokenStream(u"has an event that is no JSON object"_s);
        return false;
    }
    const QJsonObject event = document.object();
    const QString type = event["type"_L1].toString();
    const qint64 index = event["index"_L1].toInteger();
    if (type == "content_block_delta"_L1) {
        appendToBlock(index, event["delta"_L1].toObject());
    } else if (type == "content_block_start"_L1) {
        startBlock(index, event["content_block"_L1].toObject());
    } else if (type == "content_block_stop"_L1) {
        endBlock(index);
    } else if (type == "message_start"_L1) {
        start(event["message"_L1].toObject());
    } else if (type == "message_delta"_L1) {
        m_usage.update(event["usage"_L1].toObject());
        if (const QString reason = event["delta"_L1]["stop_reason"_L1].toString(); !reason.isEmpty())
            writeChunk([](JsonWriter &) {}, reason);
    } else if (type == "message_stop"_L1) {
        end();
    } else if (type == "ping"_L1) {
        m_output += ": ping\n\n";
    } else if (type == "error"_L1) {
        m_toldError = MessagesError::read(event).value_or(MessagesError{u"api_error"_s, {}});
        m_failure = brokenStream(u"ends with an error (%1): %2"_s.arg(m_toldError->type, m_toldError->message));
    }
    return !m_isComplete && !m_failure;
}

void MessagesStream::start(const QJsonObject &message)
{
    m_id = message["id"_L1].toString();
    m_model = message["model"_L1].toString();
    m_usage.update(message["usage"_L1].toObject());
    writeChunk([](JsonWriter &writer) { writer.field("role"_L1, "assistant"_L1).field("content"_L1, ""_L1); });
}

void MessagesStream::startBlock(qint64 index, const QJsonObject &block)
{
    const QString type = block["type"_L1].toString();
    if (type == "text"_L1)
        return writeText(block["text"_L1].toString());
    if (type != "tool_use"_L1)
        return;
    if (m_toolCallCount == maxToolCalls) {
        m_failure = brokenStream(u"has too many tool calls"_s);
        return;
    }
    const ToolCall call{m_toolCallCount++};
    m_toolCalls.insert(index, call);
    writeChunk([&](JsonWriter &writer) {
        writer.key("tool_calls"_L1).beginArray().beginObject().field("index"_L1, call.index);
        writer.field("id"_L1, block["id"_L1].toString()).field("type"_L1, "function"_L1);
        writer.key("function"_L1).beginObject().field("name"_L1, block["name"_L1].toString());
        writer.field("arguments"_L1, ""_L1).endObject().endObject().endArray();
    });
}

void MessagesStream::appendToBlock(qint64 index, const QJsonObject &delta)
{
    const QString type = delta["type"_L1].toString();
    if (type == "text_delta"_L1) {
        writeText(delta["text"_L1].toString());
    } else if (type == "input_json_delta"_L1) {
        const auto call = m_toolCalls.find(index);
        if (call != m_toolCalls.end())
            writeArguments(*call, delta["partial_json"_L1].toString());
    } else if (type == "thinking_delta"_L1) {
        m_output += ": thinking\n\n";
    }
}

void MessagesStream::endBlock(qint64 index)
{
    // A call without arguments has said nothing, and clients parse what they were given.
    const auto call = m_toolCalls.find(index);
    if (call != m_toolCalls.end() && !call->hasArguments)
        writeArguments(*call, u"{}"_s);
}

void MessagesStream::end()
{
    m_isComplete = true;
    if (m_settings.includeUsage)
        writeUsageChunk();
    m_output += "data: [DONE]\n\n";
}

void MessagesStream::openChunk(JsonWriter &writer) const
{
    writer.beginObject().field("id"_L1, m_id).field("object"_L1, "chat.completion.chunk"_L1);
    writer.field("created"_L1, m_settings.created).field("model"_L1, m_model);
}

void MessagesStream::writeChunk(const std::function<void(JsonWriter &)> &delta, const QString &stopReason)
{
    m_output += "data: ";
    JsonWriter writer(m_output);
    openChunk(writer);
    writer.key("choices"_L1).beginArray().beginObject().field("index"_L1, 0).key("delta"_L1).beginObject();
    delta(writer);
    writer.endObject().key("logprobs"_L1).null().key("finish_reason"_L1);
    if (stopReason.isEmpty())
        writer.null();
    else
        writer.value(finishReason(stopReason));
    writer.endObject().endArray();
    if (m_settings.includeUsage)
        writer.key("usage"_L1).null();
    writer.endObject();
    m_output += "\n\n";
}

void MessagesStream::writeUsageChunk()
{
    m_output += "data: ";
    JsonWriter writer(m_output);
    openChunk(writer);
    writer.key("choices"_L1).beginArray().endArray().key("usage"_L1);
    m_usage.write(writer);
    writer.endObject();
    m_output += "\n\n";
}

void MessagesStream::writeText(const QString &text)
{
    if (!text.isEmpty())
        writeChunk([&text](JsonWriter &writer) { writer.field("content"_L1, text); });
}

void MessagesStream::writeArguments(ToolCall &call, const QString &arguments)
{
    if (arguments.isEmpty())
        return;
    call.hasArguments = true;
    writeChunk([&](JsonWriter &writer) {
        writer.key("tool_calls"_L1).beginArray().beginObject().field("index"_L1, call.index);
        writer.key("function"_L1).beginObject().field("arguments"_L1, arguments);
        writer.endObject().endObject().endArray();
    });
}

} // namespace hearth::publicllm
