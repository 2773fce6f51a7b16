#include "chattomessages.h"

#include "chattools.h"
#include "chatturns.h"
#include "contentblocks.h"
#include "jsonwriter.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace hearth::publicllm {

namespace {

using namespace Qt::StringLiterals;

bool isAbsent(const QJsonValue &value)
{
    return value.isNull() || value.isUndefined();
}

/// What is asked for and cannot be had.
std::optional<Error> obstacle(const QJsonObject &chat)
{
    if (const QJsonValue n = chat["n"_L1]; !isAbsent(n) && n.toInteger() != 1)
        return refusedAt(u"n"_s, u"must be 1"_s);
    for (const auto key : {"functions"_L1, "function_call"_L1}) {
        if (!isAbsent(chat[key]))
            return refusedAt(key, u"is not supported; use tools"_s);
    }
    if (chat["logprobs"_L1].toBool())
        return refusedAt(u"logprobs"_s, u"is not supported"_s);
    const QJsonValue format = chat["response_format"_L1];
    if (!isAbsent(format) && format["type"_L1].toString() != "text"_L1)
        return refusedAt(u"response_format"_s, u"must be of the type text"_s);
    for (const QJsonValue &modality : chat["modalities"_L1].toArray()) {
        if (modality.toString() != "text"_L1)
            return refusedAt(u"modalities"_s, u"must be [\"text\"]"_s);
    }
    return std::nullopt;
}

Result<qint64> maxTokens(const QJsonObject &chat, int fallback)
{
    for (const auto key : {"max_completion_tokens"_L1, "max_tokens"_L1}) {
        const QJsonValue value = chat[key];
        if (isAbsent(value))
            continue;
        const qint64 tokens = value.toInteger(0);
        if (tokens < 1)
            return refusedAt(key, u"must be a whole number above 0"_s);
        return tokens;
    }
    return fallback;
}

Result<void> writeSampling(json::JsonWriter &writer, const QJsonObject &chat)
{
    for (const auto key : {"temperature"_L1, "top_p"_L1}) {
        const QJsonValue value = chat[key];
        if (isAbsent(value))
            continue;
        if (!value.isDouble())
            return refusedAt(key, u"must be a number"_s);
        // The Messages API ends at 1, where OpenAI's scale goes on to 2.
        writer.field(key, std::min(value.toDouble(), 1.0));
    }
    return {};
}

Result<void> writeStop(json::JsonWriter &writer, const QJsonValue &stop)
{
    if (isAbsent(stop))
        return {};
    const QJsonArray sequences = stop.isString() ? QJsonArray{stop} : stop.toArray();
    const auto isText = [](const QJsonValue &sequence) { return sequence.isString(); };
    if ((!stop.isString() && !stop.isArray()) || !std::all_of(sequences.begin(), sequences.end(), isText))
        return refusedAt(u"stop"_s, u"must be a text or a list of texts"_s);
    if (sequences.isEmpty())
        return {};
    writer.key("stop_sequences"_L1).beginArray();
    for (const QJsonValue &sequence : sequences)
        writer.value(sequence.toString());
    writer.endArray();
    return {};
}

Result<void> writeParameters(json::JsonWriter &writer, const QJsonObject &chat, int defaultMaxTokens)
{
    const Result<qint64> tokens = maxTokens(chat, defaultMaxTokens);
    if (!tokens)
        return tokens.error();
    writer.field("max_tokens"_L1, *tokens);
    if (const Result<void> written = writeSampling(writer, chat); !written)
        return written;
    if (const Result<void> written = writeStop(writer, chat["stop"_L1]); !written)
        return written;
    if (const QString user = chat["user"_L1].toString(); !user.isEmpty())
        writer.key("metadata"_L1).beginObject().field("user_id"_L1, user).endObject();
    return {};
}

} // namespace

Result<MessagesRequest> chatToMessages(const QByteArray &text, const QString &model, int defaultMaxTokens)
{
    const QJsonDocument document = QJsonDocument::fromJson(text);
    if (!document.isObject())
        return Error{ErrorCode::InvalidJson, u"The body must be one JSON object."_s};
    const QJsonObject chat = document.object();
    if (std::optional<Error> error = obstacle(chat))
        return std::move(*error);
    if (chat["messages"_L1].toArray().isEmpty())
        return refusedAt(u"messages"_s, u"must be a list with at least one message"_s);
    const Result<ChatTurns> turns = ChatTurns::read(chat["messages"_L1].toArray());
    if (!turns)
        return turns.error();

    MessagesRequest request{.stream = chat["stream"_L1].toBool(),
                            .includeUsage = chat["stream_options"_L1]["include_usage"_L1].toBool()};
    json::JsonWriter writer(request.body);
    writer.beginObject().field("model"_L1, model);
    if (const Result<void> written = writeParameters(writer, chat, defaultMaxTokens); !written)
        return written.error();
    if (!turns.value().system.isEmpty())
        writer.key("system"_L1).raw(turns.value().system);
    writer.key("messages"_L1).raw(turns.value().messages);
    if (const Result<void> written = writeTools(writer, chat, text, turns.value().called); !written)
        return written.error();
    if (request.stream)
        writer.field("stream"_L1, true);
    writer.endObject();
    return request;
}

} // namespace hearth::publicllm
