// The answers of Anthropic's /v1/messages, whole or as named events, and of its count_tokens.

#include "answers.h"
#include "orderedjson.h"

namespace hearth::testbackend {

namespace {

QByteArray stopReason(const ModelRequest &request)
{
    return request.truncated ? "max_tokens" : "end_turn";
}

QByteArray textBlock(const QByteArray &text)
{
    return OrderedJson().text("type", "text").text("text", text).toJson();
}

/// The message object up to its stop reason.
OrderedJson messageOpening(const ModelRequest &request, const QByteArrayList &content)
{
    return OrderedJson()
        .text("id", QByteArray("msg_" + request.id))
        .text("type", "message")
        .text("role", "assistant")
        .text("model", request.model)
        .raw("content", arrayOf(content));
}

QByteArray usageAsJson(const ModelRequest &request, qint64 outputTokens)
{
    return OrderedJson().number("input_tokens", request.prompt.tokens).number("output_tokens", outputTokens).toJson();
}

/// An event whose type is repeated inside its data, as this dialect does.
QByteArray event(QByteArrayView type, QByteArrayView key, QByteArrayView value)
{
    return namedEvent(type, OrderedJson().text("type", type).raw(key, value).toJson());
}

QByteArray blockEvent(QByteArrayView type, QByteArrayView key, QByteArrayView value)
{
    return namedEvent(type, OrderedJson().text("type", type).number("index", 0).raw(key, value).toJson());
}

} // namespace

Answer messagesAnswer(const ModelRequest &request)
{
    const AnswerText text = request.text;
    const qint64 tokens = text.pieceCount();
    if (!request.stream) {
        OrderedJson message = messageOpening(request, {textBlock(text.whole())});
        message.text("stop_reason", stopReason(request)).null("stop_sequence");
        return wholeAnswer(200, message.raw("usage", usageAsJson(request, tokens)).toJson());
    }

    OrderedJson started = messageOpening(request, {});
    started.null("stop_reason").null("stop_sequence").raw("usage", usageAsJson(request, 0));
    const QByteArrayList before{
        event("message_start", "message", started.toJson()),
        blockEvent("content_block_start", "content_block", textBlock({})),
        namedEvent("ping", R"({"type":"ping"})"),
    };
    const auto piece = [text](qint64 index) {
        const QByteArray delta = OrderedJson().text("type", "text_delta").text("text", text.piece(index)).toJson();
        return blockEvent("content_block_delta", "delta", delta);
    };
    const QByteArray stop = OrderedJson().text("stop_reason", stopReason(request)).null("stop_sequence").toJson();
    const QByteArray usage = OrderedJson().number("output_tokens", tokens).toJson();
    const QByteArrayList after{
        namedEvent("content_block_stop", OrderedJson().text("type", "content_block_stop").number("index", 0).toJson()),
        namedEvent("message_delta",
                   OrderedJson().text("type", "message_delta").raw("delta", stop).raw("usage", usage).toJson()),
        namedEvent("message_stop", R"({"type":"message_stop"})"),
    };
    return streamAnswer(before, {.count = tokens, .piece = piece}, after);
}

Answer countTokensAnswer(const ModelRequest &request)
{
    return wholeAnswer(200, OrderedJson().number("input_tokens", request.prompt.tokens).toJson());
}

} // namespace hearth::testbackend
