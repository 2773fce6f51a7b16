// ChatTurns: the messages of a chat completion as the Messages API has them.
//
// Part of ChatToMessages. System and developer messages become the system prompt, in their order; all others become
// turns of the user and the assistant in alternation, so neighbours of one side are joined: the results of parallel
// tool calls are one turn of the user. A plain value.

#pragma once

#include "result.h"

#include <QByteArray>
#include <QJsonArray>
#include <QStringList>

namespace hearth::publicllm {

struct ChatTurns
{
    /// A JSON array of text blocks; empty where there is no system message.
    QByteArray system;
    /// A JSON array of messages.
    QByteArray messages;
    /// The names of the tools that were called, each once.
    QStringList called;

    /// Errors: InvalidRequest for what the Messages API has no counterpart of, or what is no chat message, with the
    /// place as its `param`.
    static Result<ChatTurns> read(const QJsonArray &messages);
};

} // namespace hearth::publicllm
