// The answers of the model routes, each in the shape that its dialect's SDKs expect.
//
// Called by BackendRoutes. Pure functions of the request: no time, no randomness, no state. The date in every answer
// is the same.

#pragma once

#include "answer.h"
#include "modelrequest.h"

namespace hearth::testbackend {

Answer answerModelRequest(ModelRoute route, const ModelRequest &request);

/// An error body: the OpenAI shape, or on Anthropic's routes theirs. `code` may be empty.
Answer errorAnswer(ModelRoute route, int status, QByteArrayView message, QByteArrayView code);

/// `GET /v1/models`.
Answer modelListAnswer(const QByteArrayList &models);
/// `GET /v1/models/{id}` for a model that exists.
Answer modelAnswer(const QByteArray &model);

// One for each dialect; answerModelRequest() chooses.
Answer chatAnswer(const ModelRequest &request);
Answer completionAnswer(const ModelRequest &request);
Answer responsesAnswer(const ModelRequest &request);
Answer messagesAnswer(const ModelRequest &request);
Answer countTokensAnswer(const ModelRequest &request);
Answer embeddingsAnswer(const ModelRequest &request);
Answer rerankAnswer(const ModelRequest &request);

/// `created` of every answer, in seconds since the Unix epoch.
inline constexpr qint64 createdAt = 1'700'000'000;

} // namespace hearth::testbackend
