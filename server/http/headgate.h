// The head gate: refuses every request head about which two HTTP implementations could disagree.
//
// Called by Connection on the main thread for the raw bytes of a head, before the parser sees them; both must accept.
// It is a veto and makes no values: what a head means is RequestParser's affair. Pure functions.
//
// Stricter than RFC 9112 where the RFC lets a server be lenient, because leniency is what request smuggling lives on:
// lines end in CR LF only, no folded lines, no space around a field name, no empty line before the request, no
// absolute-form, one Host, one Content-Length in plain digits or one `Transfer-Encoding: chunked`, never both.

#pragma once

#include "httpsettings.h"
#include "result.h"

#include <QByteArrayView>

namespace hearth::http {

/// Looks for a whole head at the start of `bytes` and checks it.
///
/// The size of the head in bytes, its empty line included; 0 while more bytes are needed. Fails with InvalidRequest,
/// HttpVersionNotSupported, NotImplemented (transfer codings), UriTooLong or HeadTooLarge.
Result<qsizetype> checkHead(QByteArrayView bytes, const HttpLimits &limits);

} // namespace hearth::http
