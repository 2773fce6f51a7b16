// Forwarding: what of a request and of an answer may pass through a publisher.
//
// The server is not trusted with the box: only the model routes reach a backend, never its management API, and only
// header fields that the two ends of a model call need are passed on, in either direction. Used by InferTask for every
// task and by the configuration. Pure functions, any thread.

#pragma once

#include "httpfields.h"

namespace hearth::publisher {

/// The fields of one message that pass may have this many bytes in all; what comes after them is left out.
inline constexpr qsizetype maxForwardedBytes = 32 * 1024;
/// The longest query that is passed on, in bytes.
inline constexpr qsizetype maxQueryBytes = 8 * 1024;

/// Whether the path, below a backend's URL, is one of the model routes.
bool isModelRoute(QByteArrayView path);
/// Whether the text, without its question mark, can stand in a URL as a query: visible ASCII without `#`.
bool isQuery(QByteArrayView query);

/// Appends to `fields` what a request may tell a backend: content type, accept, `anthropic-*` and `openai-*`.
void appendRequestFields(HttpFields &fields, const HttpFields &received);
/// What a backend's answer may tell the caller: the same and `retry-after`, but not accept.
HttpFields answerFields(const HttpFields &received);

/// A token (RFC 9110 section 5.6.2), which is what the name of a field has to be.
bool isFieldName(QByteArrayView name);
/// Without control characters.
bool isFieldValue(QByteArrayView value);

} // namespace hearth::publisher
