// MessagesToChat: a whole answer of Anthropic's /messages as one of OpenAI's /chat/completions.
//
// TranslatedAnswer uses it for answers that are no event stream. Texts are joined, tool uses become tool calls with
// their input as it came; the model's thinking stays out, as it does in Anthropic's own compatibility layer. Pure
// functions.

#pragma once

#include "result.h"

#include <QByteArray>

namespace hearth::publicllm {

/// The chat completion for `message`. `created` are seconds since 1970. Errors: BackendError when the answer is no
/// message.
Result<QByteArray> messagesToChat(const QByteArray &message, qint64 created);

/// An error answer with this status in OpenAI's shape, whatever `body` is.
QByteArray messagesErrorToChat(const QByteArray &body, int status);

} // namespace hearth::publicllm
