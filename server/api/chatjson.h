// How the API writes threads and messages.
//
// Used by ChatHandler and ThreadsController. Pure functions.

#pragma once

#include "chatmessage.h"
#include "jsonwriter.h"

namespace hearth::api {

void writeThread(json::JsonWriter &writer, const domain::ChatThread &thread);
void writeMessage(json::JsonWriter &writer, const domain::ChatMessage &message);
void writeToolCall(json::JsonWriter &writer, const domain::ToolCall &call);

/// `{threadId, assistant, usage}`: the answer to a chat request, and the last event of a streamed one.
QByteArray finalBody(const domain::ChatMessage &answer);

} // namespace hearth::api
