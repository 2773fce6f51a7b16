// checkUpgrade(): whether a request is the opening handshake of a control channel (RFC 6455 section 4.2.1).
//
// QWebSocketServer is lenient; what it would let pass is refused here, before the connection is handed over. Pure.

#pragma once

#include "httpmessage.h"
#include "result.h"

namespace hearth::api {

/// Errors: InvalidRequest for a request that is no WebSocket handshake, does not offer the subprotocol, or carries an
/// Origin: publishers are not browsers, and a web page must not be able to open a control channel.
Result<void> checkUpgrade(const http::RequestHead &head);

} // namespace hearth::api
