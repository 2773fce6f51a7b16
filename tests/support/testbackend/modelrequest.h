// ModelRequest: what an answer derives from, taken out of the body of a request to a model.
//
// Made by the routes, read by the functions of answers.h. It is a function of the body, the directives and the settings
// alone, so equal requests get equal answers. A plain value without thread affinity.

#pragma once

#include "answertext.h"
#include "testbackendsettings.h"

#include <QJsonObject>

namespace hearth::testbackend {

/// The routes that take a POST with a model.
enum class ModelRoute { ChatCompletions, Completions, Embeddings, Responses, Rerank, Messages, CountTokens };

/// What was said to the model. Words count as tokens.
struct Prompt
{
    QByteArray lastUserText;
    bool endsWithUser = false;
    qint64 tokens = 0;
};

struct ModelRequest
{
    /// The value of `model` as it came; the backend's first model where there is none.
    QByteArray model;
    /// Distinguishes answers: hexadecimal digits of a hash of the body.
    QByteArray id;
    bool stream = false;
    /// `stream_options.include_usage`.
    bool includeUsage = false;
    Prompt prompt;
    AnswerText text;
    /// The request allows fewer tokens than the answer would have had.
    bool truncated = false;
    QJsonObject json;
};

/// `json` is the body whose digest is `bodySha256`.
ModelRequest readModelRequest(ModelRoute route, const QJsonObject &json, const QByteArray &bodySha256,
                              const Directives &directives, const TestBackendSettings &settings);

} // namespace hearth::testbackend
