// Forwarding: which requests may reach a backend.
//
// The server is not trusted with the box: only the model routes reach a backend, never its management API. Used by
// TaskTable for every task and by the configuration. Which header fields pass is the control channel's affair
// (forwardedfields.h). Pure functions, any thread.

#pragma once

#include <QByteArrayView>

namespace hearth::publisher {

/// The longest query that is passed on, in bytes.
inline constexpr qsizetype maxQueryBytes = 8 * 1024;

/// Whether the path, below a backend's URL, is one of the model routes.
bool isModelRoute(QByteArrayView path);
/// Whether the text, without its question mark, can stand in a URL as a query: visible ASCII without `#`.
bool isQuery(QByteArrayView query);

} // namespace hearth::publisher
