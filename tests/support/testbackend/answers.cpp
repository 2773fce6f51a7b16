#include "answers.h"

#include "orderedjson.h"

namespace hearth::testbackend {

namespace {

QByteArray modelAsJson(const QByteArray &model)
{
    return OrderedJson()
        .text("id", model)
        .text("object", "model")
        .number("created", createdAt)
        .text("owned_by", "hearth-testbackend")
        .toJson();
}

QByteArray openAiErrorType(int status)
{
    if (status == 401)
        return "authentication_error";
    if (status == 429)
        return "rate_limit_error";
    return status < 500 ? "invalid_request_error" : "server_error";
}

QByteArray anthropicErrorType(int status)
{
    if (status == 401)
        return "authentication_error";
    if (status == 404)
        return "not_found_error";
    if (status == 429)
        return "rate_limit_error";
    if (status == 529)
        return "overloaded_error";
    return status < 500 ? "invalid_request_error" : "api_error";
}

QByteArray anthropicError(int status, QByteArrayView message)
{
    const QByteArray error = OrderedJson().text("type", anthropicErrorType(status)).text("message", message).toJson();
    return OrderedJson().text("type", "error").raw("error", error).toJson();
}

QByteArray openAiError(int status, QByteArrayView message, QByteArrayView code)
{
    OrderedJson error;
    error.text("message", message).text("type", openAiErrorType(status)).null("param");
    if (code.isEmpty())
        error.null("code");
    else
        error.text("code", code);
    return OrderedJson().raw("error", error.toJson()).toJson();
}

} // namespace

Answer answerModelRequest(ModelRoute route, const ModelRequest &request)
{
    switch (route) {
    case ModelRoute::ChatCompletions:
        return chatAnswer(request);
    case ModelRoute::Completions:
        return completionAnswer(request);
    case ModelRoute::Embeddings:
        return embeddingsAnswer(request);
    case ModelRoute::Responses:
        return responsesAnswer(request);
    case ModelRoute::Rerank:
        return rerankAnswer(request);
    case ModelRoute::Messages:
        return messagesAnswer(request);
    case ModelRoute::CountTokens:
        return countTokensAnswer(request);
    }
    Q_UNREACHABLE();
}

Answer errorAnswer(ModelRoute route, int status, QByteArrayView message, QByteArrayView code)
{
    const bool anthropic = route == ModelRoute::Messages || route == ModelRoute::CountTokens;
    return wholeAnswer(status, anthropic ? anthropicError(status, message) : openAiError(status, message, code));
}

Answer modelListAnswer(const QByteArrayList &models)
{
    QByteArrayList entries;
    for (const QByteArray &model : models)
        entries.append(modelAsJson(model));
    return wholeAnswer(200, OrderedJson().text("object", "list").raw("data", arrayOf(entries)).toJson());
}

Answer modelAnswer(const QByteArray &model)
{
    return wholeAnswer(200, modelAsJson(model));
}

} // namespace hearth::testbackend
