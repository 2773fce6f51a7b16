#include "modelrequest.h"

#include <QJsonArray>

#include <algorithm>

namespace hearth::testbackend {

namespace {

/// Of one piece of a text whose length in bytes was asked for, unless the request says how many pieces.
constexpr qint64 defaultPieceBytes = 1024;

/// The text of a string, or of the parts of an array that have one.
QByteArray textOf(const QJsonValue &content)
{
    if (content.isString())
        return content.toString().toUtf8();
    QByteArrayList texts;
    const QJsonArray parts = content.toArray();
    for (const QJsonValue &part : parts) {
        const QJsonValue text = part.isString() ? part : part[QLatin1String("text")];
        if (text.isString())
            texts.append(text.toString().toUtf8());
    }
    return texts.join(' ');
}

qint64 wordCount(const QByteArray &text)
{
    const QByteArray words = text.simplified();
    return words.isEmpty() ? 0 : words.count(' ') + 1;
}

Prompt promptOfText(const QByteArray &text)
{
    return {.lastUserText = text, .endsWithUser = true, .tokens = wordCount(text)};
}

Prompt promptOfMessages(const QJsonArray &messages)
{
    Prompt prompt;
    for (const QJsonValue &message : messages) {
        const QByteArray text = textOf(message[QLatin1String("content")]);
        prompt.tokens += wordCount(text);
        prompt.endsWithUser = message[QLatin1String("role")] == QLatin1String("user");
        if (prompt.endsWithUser)
            prompt.lastUserText = text;
    }
    return prompt;
}

Prompt promptOf(ModelRoute route, const QJsonObject &json)
{
    switch (route) {
    case ModelRoute::ChatCompletions:
        return promptOfMessages(json[QLatin1String("messages")].toArray());
    case ModelRoute::Messages:
    case ModelRoute::CountTokens: {
        Prompt prompt = promptOfMessages(json[QLatin1String("messages")].toArray());
        prompt.tokens += wordCount(textOf(json[QLatin1String("system")]));
        return prompt;
    }
    case ModelRoute::Responses: {
        const QJsonValue input = json[QLatin1String("input")];
        return input.isArray() ? promptOfMessages(input.toArray()) : promptOfText(textOf(input));
    }
    case ModelRoute::Completions:
        return promptOfText(textOf(json[QLatin1String("prompt")]));
    case ModelRoute::Embeddings:
        return promptOfText(textOf(json[QLatin1String("input")]));
    case ModelRoute::Rerank: {
        Prompt prompt = promptOfText(textOf(json[QLatin1String("query")]));
        prompt.tokens += wordCount(textOf(json[QLatin1String("documents")]));
        return prompt;
    }
    }
    Q_UNREACHABLE();
}

/// How many tokens the request asks for; less than 0 when it does not say.
qint64 requestedTokens(ModelRoute route, const QJsonObject &json)
{
    const QLatin1String key = route == ModelRoute::Responses ? QLatin1String("max_output_tokens")
                              : json.contains(QLatin1String("max_completion_tokens"))
                                  ? QLatin1String("max_completion_tokens")
                                  : QLatin1String("max_tokens");
    return json[key].toInteger(-1);
}

void chooseText(ModelRequest &request, ModelRoute route, const Directives &directives,
                const TestBackendSettings &settings)
{
    if (directives.bytes) {
        const qint64 pieces = directives.tokens.value_or((*directives.bytes - 1) / defaultPieceBytes + 1);
        request.text = AnswerText::filler(*directives.bytes, std::clamp<qint64>(pieces, 1, settings.limits.tokens));
        return;
    }
    qint64 tokens = directives.tokens.value_or(settings.tokens);
    if (const qint64 requested = requestedTokens(route, request.json); requested >= 0 && !directives.tokens) {
        request.truncated = requested < tokens;
        // The field is compulsory in /v1/messages, so there it says nothing about the length that is wanted.
        tokens = route == ModelRoute::Messages ? std::min(requested, tokens) : requested;
    }
    request.text = AnswerText::echo(request.prompt.lastUserText, std::min(tokens, settings.limits.tokens));
}

} // namespace

ModelRequest readModelRequest(ModelRoute route, const QJsonObject &json, const QByteArray &bodySha256,
                              const Directives &directives, const TestBackendSettings &settings)
{
    ModelRequest request;
    request.json = json;
    request.model = json[QLatin1String("model")].toString(QString::fromUtf8(settings.models.value(0))).toUtf8();
    request.id = bodySha256.first(24);
    request.stream = json[QLatin1String("stream")].toBool();
    request.includeUsage = json[QLatin1String("stream_options")][QLatin1String("include_usage")].toBool();
    request.prompt = promptOf(route, json);
    chooseText(request, route, directives, settings);
    return request;
}

} // namespace hearth::testbackend
