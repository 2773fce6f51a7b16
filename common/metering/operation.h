// Operation: what a model is asked for, by the route that was called. Plain values.

#pragma once

#include <QByteArrayView>
#include <QLatin1String>

namespace hearth::metering {

enum class Operation { Chat, TextCompletion, Embeddings, Responses, Rerank, Messages };

/// The names of the OpenTelemetry GenAI conventions where they have one: `chat`, `text_completion`, `embeddings`; else
/// `responses`, `rerank`, `messages`.
QLatin1String toString(Operation operation);

/// Of a path below `/v1`, such as `/chat/completions`; it must be one of the model routes.
Operation operationOf(QByteArrayView path);

} // namespace hearth::metering
