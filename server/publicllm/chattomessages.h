// ChatToMessages: a request to OpenAI's /chat/completions as one to Anthropic's /messages.
//
// PublicTask translates with it the requests to a public Llm of type `anthropic`. What the Messages API cannot do and
// what would change the answer's meaning is refused; what only tunes it and has no counterpart (`seed`,
// `presence_penalty`, …) is left out, as Anthropic's own compatibility layer does. A pure function, any thread.

#pragma once

#include "result.h"

#include <QByteArray>

namespace hearth::publicllm {

struct MessagesRequest
{
    QByteArray body = {};
    bool stream = false;
    /// The client wants the usage as the last chunk of the stream.
    bool includeUsage = false;
};

/// `chat` with the backend's own name `model` in place of its model. Errors: InvalidJson, InvalidRequest.
Result<MessagesRequest> chatToMessages(const QByteArray &chat, const QString &model, int defaultMaxTokens);

} // namespace hearth::publicllm
