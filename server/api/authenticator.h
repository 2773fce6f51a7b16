// authenticate(): whose request this is.
//
// The one function behind every route that wants a key, whatever form the key comes in: `Authorization: Bearer` or
// `x-api-key`. Never in a query. Pure, main thread.

#pragma once

#include "httpmessage.h"
#include "keyring.h"

namespace hearth::api {

/// Errors: InvalidApiKey when there is no key, an invalid one, or two different ones; ScopeMissing when the key lacks
/// `scope`. Without one, any key will do.
Result<domain::Principal> authenticate(const http::RequestHead &head, std::optional<domain::Scope> scope,
                                       const domain::KeyRing &keys, WallTime now);

} // namespace hearth::api
