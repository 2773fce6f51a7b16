// The header fields that may pass the relay: an allow-list for each direction.
//
// Both ends of a control channel filter with it, since neither trusts the other: the server what it sends to a box and
// what it hands to a client, the publisher what reaches a backend and what leaves the box. The caller's key is in
// neither list, so it never leaves the server. Pure functions.

#pragma once

#include "httpfields.h"

namespace hearth::channel {

/// What of a client's request may reach a backend: content type, accept, `anthropic-*` and `openai-*`.
HttpFields fieldsForBackend(const HttpFields &fields);

/// What of a backend's answer may reach a client: content type, retry-after, cache-control, `anthropic-*` and
/// `openai-*`.
HttpFields fieldsForClient(const HttpFields &fields);

} // namespace hearth::channel
