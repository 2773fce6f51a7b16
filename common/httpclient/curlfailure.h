// CurlFailure: says in Hearth's words why a transfer failed.
//
// Used by CurlExchange. Messages name host, port and cause, and nothing else of the request: no path, query, field or
// user name.

#pragma once

#include "clock.h"
#include "result.h"

#include <QByteArray>

#include <curl/curl.h>

namespace hearth::httpclient {

/// How far a transfer has come.
enum class Stage {
    /// Not with libcurl: in the pool, or waiting to be added.
    Idle,
    /// Looking up the host, connecting, agreeing on TLS.
    Connecting,
    /// The request is on its way, or the answer awaited.
    Asking,
    /// The head of the answer has been passed on.
    Answering,
};

/// The error for libcurl's verdict on a transfer that had come to `stage`. `easy` and `detail` (libcurl's error
/// buffer) are asked for causes.
Error curlError(CURLcode code, Stage stage, const QByteArray &url, CURL *easy, const char *detail);

/// The error for a limit that ran out in `stage`.
Error limitError(Stage stage, const QByteArray &url, Duration limit);

/// The error for a peer whose addresses the settings refuse.
Error addressError(const QByteArray &url);

/// The error for an answer that libcurl passed but Hearth does not.
Error answerError(const QByteArray &url, const QString &fault);

} // namespace hearth::httpclient
