// The rules that a well-formed request must keep before the Router is asked about it.
//
// Called by Connection on the main thread for heads that the gate and the parser have accepted. Pure functions.

#pragma once

#include "httpmessage.h"
#include "httpsettings.h"
#include "result.h"

#include <optional>

namespace hearth::http {

/// Checks expectations and lengths. `contentLength` is nothing for a chunked body, `freeBodyBytes` what the budget of
/// all bodies has left. Fails with ExpectationFailed, LengthRequired, BodyTooLarge or Overloaded; whatever body may
/// follow is not to be read.
Result<void> checkRequest(const RequestHead &head, std::optional<qint64> contentLength, const HttpLimits &limits,
                          qint64 freeBodyBytes);

/// Whether the client waits for `100 Continue` before it sends its body (RFC 9110 10.1.1).
bool expectsContinue(const RequestHead &head);

/// The error of a body for which there is no room among the others.
Error overloadedByBodies();

} // namespace hearth::http
