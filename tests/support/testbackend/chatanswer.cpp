// The answers of /v1/chat/completions and /v1/completions, tool calls and streams included.

#include "answers.h"
#include "orderedjson.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace hearth::testbackend {

namespace {

constexpr qsizetype argumentFragments = 4;

struct ToolCall
{
    QByteArray id;
    QByteArray name;
    /// JSON text, as the `arguments` string holds it.
    QByteArray arguments;
};

/// A value that fits the schema of one parameter.
QJsonValue argumentFor(const QJsonValue &schema, const Prompt &prompt)
{
    const QJsonArray choices = schema[QLatin1String("enum")].toArray();
    if (!choices.isEmpty())
        return choices.first();
    const QString type = schema[QLatin1String("type")].toString();
    if (type == QLatin1String("integer") || type == QLatin1String("number"))
        return prompt.tokens;
    if (type == QLatin1String("boolean"))
        return true;
    if (type == QLatin1String("array"))
        return QJsonArray();
    if (type == QLatin1String("object"))
        return QJsonObject();
    return QString::fromUtf8(prompt.lastUserText);
}

/// The tool that `tool_choice` names, or the first one; nothing when the answer is to be text.
std::optional<ToolCall> toolCallFor(const ModelRequest &request)
{
    const QJsonArray tools = request.json[QLatin1String("tools")].toArray();
    const QJsonValue choice = request.json[QLatin1String("tool_choice")];
    if (tools.isEmpty() || choice == QLatin1String("none") || !request.prompt.endsWithUser)
        return std::nullopt;
    const QJsonValue wanted = choice[QLatin1String("function")][QLatin1String("name")];
    const auto named = std::find_if(tools.begin(), tools.end(), [&](const QJsonValue &tool) {
        return tool[QLatin1String("function")][QLatin1String("name")] == wanted;
    });
    const QJsonValue function = (named != tools.end() ? QJsonValue(*named) : tools.first())[QLatin1String("function")];
    const QJsonObject properties = function[QLatin1String("parameters")][QLatin1String("properties")].toObject();
    QJsonObject arguments;
    for (auto it = properties.begin(); it != properties.end(); ++it)
        arguments[it.key()] = argumentFor(*it, request.prompt);
    return ToolCall{.id = "call_" + request.id,
                    .name = function[QLatin1String("name")].toString().toUtf8(),
                    .arguments = QJsonDocument(arguments).toJson(QJsonDocument::Compact)};
}

QByteArray functionAsJson(const ToolCall &call, QByteArrayView arguments)
{
    return OrderedJson().text("name", call.name).text("arguments", arguments).toJson();
}

QByteArray usageAsJson(const ModelRequest &request, qint64 completionTokens)
{
    return OrderedJson()
        .number("prompt_tokens", request.prompt.tokens)
        .number("completion_tokens", completionTokens)
        .number("total_tokens", request.prompt.tokens + completionTokens)
        .toJson();
}

QByteArray finishReason(const ModelRequest &request)
{
    return request.truncated ? "length" : "stop";
}

/// The fields that open every object of one answer.
OrderedJson opening(const ModelRequest &request, QByteArrayView idPrefix, QByteArrayView object)
{
    return OrderedJson()
        .text("id", QByteArray(idPrefix.toByteArray() + request.id))
        .text("object", object)
        .number("created", createdAt)
        .text("model", request.model);
}

/// Makes the chunks of one stream. `choice` is what differs between a chat and a plain completion.
class ChunkMaker
{
public:
    ChunkMaker(const ModelRequest &request, QByteArrayView idPrefix, QByteArrayView object)
        : m_opening(opening(request, idPrefix, object))
        , m_includeUsage(request.includeUsage)
    {}

    QByteArray chunk(QByteArrayView contentKey, QByteArrayView content, QByteArrayView finish = {}) const
    {
        OrderedJson choice;
        choice.number("index", 0).raw(contentKey, content).null("logprobs");
        if (finish.isEmpty())
            choice.null("finish_reason");
        else
            choice.text("finish_reason", finish);
        OrderedJson json = m_opening;
        json.raw("choices", arrayOf({choice.toJson()}));
        if (m_includeUsage)
            json.null("usage");
        return dataEvent(json.toJson());
    }

    /// What follows the chunk with the finish reason.
    QByteArrayList ending(const QByteArray &finishChunk, const QByteArray &usage) const
    {
        QByteArrayList events{finishChunk};
        if (m_includeUsage)
            events.append(dataEvent(OrderedJson(m_opening).raw("choices", "[]").raw("usage", usage).toJson()));
        events.append(dataEvent("[DONE]"));
        return events;
    }

private:
    OrderedJson m_opening;
    bool m_includeUsage;
};

/// `text` in pieces of about the same size, none of which ends inside a character.
QByteArrayList fragments(const QByteArray &text)
{
    QByteArrayList result;
    qsizetype begin = 0;
    for (qsizetype number = 1; number <= argumentFragments; ++number) {
        qsizetype end = text.size() * number / argumentFragments;
        while (end < text.size() && (static_cast<uchar>(text[end]) & 0xC0) == 0x80)
            ++end;
        result.append(text.mid(begin, end - begin));
        begin = end;
    }
    return result;
}

Answer textStream(const ModelRequest &request)
{
    const ChunkMaker maker(request, "chatcmpl-", "chat.completion.chunk");
    const QByteArray role = OrderedJson().text("role", "assistant").text("content", "").toJson();
    const AnswerText text = request.text;
    const auto piece = [maker, text](qint64 index) {
        return maker.chunk("delta", OrderedJson().text("content", text.piece(index)).toJson());
    };
    const QByteArray finish = maker.chunk("delta", "{}", finishReason(request));
    return streamAnswer({maker.chunk("delta", role)}, {.count = text.pieceCount(), .piece = piece},
                        maker.ending(finish, usageAsJson(request, text.pieceCount())));
}

Answer toolCallStream(const ModelRequest &request, const ToolCall &call)
{
    const ChunkMaker maker(request, "chatcmpl-", "chat.completion.chunk");
    OrderedJson first;
    first.number("index", 0).text("id", call.id).text("type", "function").raw("function", functionAsJson(call, {}));
    OrderedJson opening;
    opening.text("role", "assistant").null("content").raw("tool_calls", arrayOf({first.toJson()}));

    const QByteArrayList arguments = fragments(call.arguments);
    const auto piece = [maker, arguments](qint64 index) {
        const QByteArray function = OrderedJson().text("arguments", arguments[index]).toJson();
        const QByteArray fragment = OrderedJson().number("index", 0).raw("function", function).toJson();
        return maker.chunk("delta", OrderedJson().raw("tool_calls", arrayOf({fragment})).toJson());
    };
    const QByteArray finish = maker.chunk("delta", "{}", "tool_calls");
    return streamAnswer({maker.chunk("delta", opening.toJson())}, {.count = arguments.size(), .piece = piece},
                        maker.ending(finish, usageAsJson(request, arguments.size())));
}

Answer wholeCompletion(OrderedJson json, const QByteArray &contentKey, const QByteArray &content,
                       const QByteArray &finish, const QByteArray &usage)
{
    OrderedJson choice;
    choice.number("index", 0).raw(contentKey, content).null("logprobs").text("finish_reason", finish);
    return wholeAnswer(200, json.raw("choices", arrayOf({choice.toJson()})).raw("usage", usage).toJson());
}

} // namespace

Answer chatAnswer(const ModelRequest &request)
{
    const std::optional<ToolCall> call = toolCallFor(request);
    if (request.stream)
        return call ? toolCallStream(request, *call) : textStream(request);

    OrderedJson message;
    message.text("role", "assistant");
    if (call) {
        OrderedJson json;
        json.text("id", call->id).text("type", "function").raw("function", functionAsJson(*call, call->arguments));
        message.null("content").raw("tool_calls", arrayOf({json.toJson()}));
    } else {
        message.text("content", request.text.whole());
    }
    return wholeCompletion(opening(request, "chatcmpl-", "chat.completion"), "message", message.toJson(),
                           call ? QByteArray("tool_calls") : finishReason(request),
                           usageAsJson(request, call ? argumentFragments : request.text.pieceCount()));
}

Answer completionAnswer(const ModelRequest &request)
{
    const AnswerText text = request.text;
    const QByteArray usage = usageAsJson(request, text.pieceCount());
    if (!request.stream)
        return wholeCompletion(opening(request, "cmpl-", "text_completion"), "text", quoted(text.whole()),
                               finishReason(request), usage);

    const ChunkMaker maker(request, "cmpl-", "text_completion");
    const auto piece = [maker, text](qint64 index) { return maker.chunk("text", quoted(text.piece(index))); };
    const QByteArray finish = maker.chunk("text", quoted({}), finishReason(request));
    return streamAnswer({}, {.count = text.pieceCount(), .piece = piece}, maker.ending(finish, usage));
}

} // namespace hearth::testbackend
