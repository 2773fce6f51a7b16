// readChatBody(): the body of `POST /api/v1/agents/{name}/chat`, read strictly.
//
// Used by ChatHandler. A pure function.

#pragma once

#include "chatservice.h"

namespace hearth::api {

struct ChatBody
{
    domain::ThreadId thread;
    QString message;
    QList<chat::ToolResult> toolResults;
    QJsonObject params;
    bool stream = false;
};

/// Exactly one of `message` and `toolResults` is there and not empty. Errors: InvalidJson, InvalidRequest.
Result<ChatBody> readChatBody(const QByteArray &body);

} // namespace hearth::api
