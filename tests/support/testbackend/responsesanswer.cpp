// The answers of /v1/responses: one output message, whole or as typed events with sequence numbers.

#include "answers.h"
#include "orderedjson.h"

namespace hearth::testbackend {

namespace {

QByteArray outputText(const QByteArray &text)
{
    return OrderedJson().text("type", "output_text").text("text", text).raw("annotations", "[]").toJson();
}

QByteArray outputMessage(const ModelRequest &request, QByteArrayView status, const QByteArrayList &content)
{
    return OrderedJson()
        .text("type", "message")
        .text("id", QByteArray("msg_" + request.id))
        .text("status", status)
        .text("role", "assistant")
        .raw("content", arrayOf(content))
        .toJson();
}

QByteArray usageAsJson(const ModelRequest &request)
{
    const qint64 output = request.text.pieceCount();
    return OrderedJson()
        .number("input_tokens", request.prompt.tokens)
        .raw("input_tokens_details", R"({"cached_tokens":0})")
        .number("output_tokens", output)
        .raw("output_tokens_details", R"({"reasoning_tokens":0})")
        .number("total_tokens", request.prompt.tokens + output)
        .toJson();
}

/// The response object in one of its states; `output` and `usage` are JSON.
QByteArray responseObject(const ModelRequest &request, QByteArrayView status, QByteArrayView output,
                          QByteArrayView usage)
{
    OrderedJson json;
    json.text("id", QByteArray("resp_" + request.id)).text("object", "response").number("created_at", createdAt);
    json.text("status", status).null("error");
    if (status == "incomplete")
        json.raw("incomplete_details", R"({"reason":"max_output_tokens"})");
    else
        json.null("incomplete_details");
    json.null("instructions").null("max_output_tokens").text("model", request.model).raw("output", output);
    json.raw("parallel_tool_calls", "true").null("previous_response_id").raw("temperature", "1");
    json.raw("text", R"({"format":{"type":"text"}})").text("tool_choice", "auto").raw("tools", "[]");
    json.raw("top_p", "1").text("truncation", "disabled").raw("usage", usage).raw("metadata", "{}");
    return json.toJson();
}

QByteArray finalResponse(const ModelRequest &request)
{
    const QByteArray message = outputMessage(request, "completed", {outputText(request.text.whole())});
    return responseObject(request, request.truncated ? "incomplete" : "completed", arrayOf({message}),
                          usageAsJson(request));
}

OrderedJson typedEvent(QByteArrayView type, qint64 sequence)
{
    return OrderedJson().text("type", type).number("sequence_number", sequence);
}

QByteArray responseEvent(QByteArrayView type, qint64 sequence, QByteArrayView response)
{
    return namedEvent(type, typedEvent(type, sequence).raw("response", response).toJson());
}

QByteArray itemEvent(QByteArrayView type, qint64 sequence, QByteArrayView item)
{
    return namedEvent(type, typedEvent(type, sequence).number("output_index", 0).raw("item", item).toJson());
}

/// An event about the one content part; `key` holds `value`, which is JSON.
QByteArray partEvent(QByteArrayView type, qint64 sequence, const QByteArray &itemId, QByteArrayView key,
                     QByteArrayView value)
{
    return namedEvent(type, typedEvent(type, sequence)
                                .text("item_id", itemId)
                                .number("output_index", 0)
                                .number("content_index", 0)
                                .raw(key, value)
                                .toJson());
}

} // namespace

Answer responsesAnswer(const ModelRequest &request)
{
    if (!request.stream)
        return wholeAnswer(200, finalResponse(request));

    const AnswerText text = request.text;
    const QByteArray itemId = "msg_" + request.id;
    const QByteArray inProgress = responseObject(request, "in_progress", "[]", "null");
    const QByteArrayList before{
        responseEvent("response.created", 0, inProgress),
        responseEvent("response.in_progress", 1, inProgress),
        itemEvent("response.output_item.added", 2, outputMessage(request, "in_progress", {})),
        partEvent("response.content_part.added", 3, itemId, "part", outputText({})),
    };
    const qint64 first = before.size();
    const auto piece = [itemId, text, first](qint64 index) {
        return partEvent("response.output_text.delta", first + index, itemId, "delta", quoted(text.piece(index)));
    };
    const qint64 last = first + text.pieceCount();
    const QByteArray whole = text.whole();
    const QByteArray finalType = request.truncated ? "response.incomplete" : "response.completed";
    const QByteArrayList after{
        partEvent("response.output_text.done", last, itemId, "text", quoted(whole)),
        partEvent("response.content_part.done", last + 1, itemId, "part", outputText(whole)),
        itemEvent("response.output_item.done", last + 2, outputMessage(request, "completed", {outputText(whole)})),
        responseEvent(finalType, last + 3, finalResponse(request)),
    };
    return streamAnswer(before, {.count = text.pieceCount(), .piece = piece}, after);
}

} // namespace hearth::testbackend
