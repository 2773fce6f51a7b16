// The header fields that may pass the relay: an allow-list for each direction.
//
// The publisher filters as well; neither end trusts the other. The caller's key is in neither list, so it never leaves
// the server. Pure functions.

#pragma once

#include "httpfields.h"

namespace hearth::api {

/// What of a client's request may reach the backend.
HttpFields requestFieldsForBackend(const HttpFields &fields);

/// What of a backend's answer may reach the client. Values with control characters are left out.
HttpFields answerFieldsForClient(const HttpFields &fields);

} // namespace hearth::api
