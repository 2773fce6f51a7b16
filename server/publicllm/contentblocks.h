// The parts of a chat message's content as blocks of the Messages API.
//
// Used by ChatTurns. Pure functions that write JSON text.

#pragma once

#include "result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QJsonValue>

namespace hearth::publicllm {

enum class BlockKinds { Text, TextAndImages };

/// InvalidRequest: what is at `where` in the request `what`, for example "must be a number".
Error refusedAt(const QString &where, const QString &what);

/// A text block. The cache mark of `part`, an extension that clients of both APIs use, goes with it.
QByteArray textBlock(const QString &text, const QJsonObject &part = {});

/// `content` as blocks: a text, a list of parts, or null. Empty texts are left out, since the Messages API refuses
/// them. Images are `data:` URLs or addresses on the web.
Result<QByteArrayList> contentBlocks(const QJsonValue &content, BlockKinds kinds, const QString &where);

/// `id` in the characters that the Messages API allows. Other backends make ids with others in them, and a conversation
/// may go on elsewhere than where it began.
QString toolUseId(QString id);

} // namespace hearth::publicllm
