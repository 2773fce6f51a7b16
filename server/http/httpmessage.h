// The values of an HTTP exchange: header fields, request head, response.
//
// Made by the connection and the controllers, on the main thread. Plain values without behaviour on the wire.

#pragma once

#include "httpfields.h"

#include <QByteArray>
#include <QHostAddress>

namespace hearth::http {

enum class Method { Get, Head, Post, Put, Patch, Delete, Options, Other };

/// A request head that both the gate and the parser have accepted.
struct RequestHead
{
    Method method = Method::Get;
    /// The target as it was sent, for example `/v1/models?limit=3`.
    QByteArray target = {};
    /// The part of the target before `?`, not percent-decoded.
    QByteArray path = {};
    /// The part of the target after `?`, without it; empty where there is none.
    QByteArray query = {};
    /// 1 for HTTP/1.1, 0 for HTTP/1.0.
    int minorVersion = 1;
    HttpFields fields = {};
    QHostAddress peer = {};
    /// Unique on this server; sent back as `x-request-id` with every answer.
    QByteArray requestId = {};
};

/// A whole answer. Framing fields, `Date`, `x-request-id` and CORS fields are the connection's affair.
struct Response
{
    int status = 200;
    HttpFields fields;
    QByteArray body;
};

} // namespace hearth::http
