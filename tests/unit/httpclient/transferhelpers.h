// Small things that all tests of HttpClient need.

#pragma once

#include "httpclient.h"

/// A POST that announces a body of `bodySize` bytes.
hearth::httpclient::TransferRequest post(const QByteArray &url, qint64 bodySize);

/// Runs the client's event loop through whole requests to another server, which is time enough for whatever could
/// happen to the transfers under test.
void passTime(hearth::httpclient::HttpClient &client);
