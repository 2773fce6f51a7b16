// The tools of a chat completion, and which of them the model may or must call, as the Messages API has them.
//
// Part of ChatToMessages. A pure function.

#pragma once

#include "result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QStringList>

namespace hearth::json {
class JsonWriter;
}

namespace hearth::publicllm {

/// Writes the members `tools` and `tool_choice`, where there are tools. `text` is the request that `chat` was read
/// from: the tools' schemas go over as they stand there. A request without tools, whose messages have called those of
/// the names `called`, declares these and forbids to call them: the Messages API takes no call of a tool when it is
/// told of none. Errors: InvalidRequest.
Result<void> writeTools(json::JsonWriter &writer, const QJsonObject &chat, const QByteArray &text,
                        const QStringList &called);

} // namespace hearth::publicllm
