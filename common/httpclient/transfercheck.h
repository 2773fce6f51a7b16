// checkRequest: what a TransferRequest must be before a byte of it goes out.
//
// libcurl writes fields and methods as they are, so a line break in one of them would be a second field, or a second
// request. HttpClient calls this for every request.

#pragma once

#include "httpclient.h"

namespace hearth::httpclient {

/// InvalidRequest, with a message that names the fault and no value, if the request must not be sent.
Result<void> checkRequest(const TransferRequest &request);

/// Whether `text` is a token (RFC 9110 5.6.2), as methods and field names are.
bool isToken(QByteArrayView text);

/// Whether `text` is free of control characters other than tab (RFC 9110 5.5).
bool isFieldValue(QByteArrayView text);

} // namespace hearth::httpclient
