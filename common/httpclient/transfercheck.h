// checkRequest: what a TransferRequest must be before a byte of it goes out.
//
// libcurl writes fields and methods as they are, so a line break in one of them would be a second field, or a second
// request. HttpClient calls this for every request.

#pragma once

#include "httpclient.h"

namespace hearth::httpclient {

/// InvalidRequest, with a message that names the fault and no value, if the request must not be sent.
Result<void> checkRequest(const TransferRequest &request);

} // namespace hearth::httpclient
