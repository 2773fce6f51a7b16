// chatBody(): the chat completion that asks an Llm for the next answer of a thread.
//
// Used by ChatTurn. Pure functions.

#pragma once

#include "agent.h"
#include "turnorder.h"

namespace hearth::chat {

/// Where it goes, below `/v1`.
inline constexpr char chatPath[] = "/chat/completions";

/// A JSON object without a model: the agent's prompt, the history, the present turn; the agent's parameters and over
/// them `params`. The answer is to be streamed, whatever those say, and nothing is said of its usage. Arguments of tool
/// calls that are no JSON object go out as `{}`.
QByteArray chatBody(const domain::Agent &agent, const QJsonObject &params, const TurnStart &start);

} // namespace hearth::chat
