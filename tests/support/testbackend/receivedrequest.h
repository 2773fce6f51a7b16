// ReceivedRequest: one HTTP request as the test backend read it.
//
// Made by RequestReader, read by the routes and the log. A plain value without thread affinity.

#pragma once

#include "httpfields.h"

namespace hearth::testbackend {

struct ReceivedRequest
{
    QByteArray method;
    /// The part of the target before `?`, not percent-decoded.
    QByteArray path;
    /// The part of the target after `?`; empty where there is none.
    QByteArray query;
    /// 1 for HTTP/1.1, 0 for HTTP/1.0.
    int minorVersion = 1;
    /// In order of arrival, names in lower case.
    HttpFields fields;
    QByteArray body;
    /// Of the body, in lower-case hexadecimal digits; empty until the body is complete.
    QByteArray bodySha256;

    /// Whether the client wants to send another request on this connection (RFC 9112 9.3).
    bool keepsAlive() const { return minorVersion > 0 && fields.value("connection").toLower() != "close"; }
};

} // namespace hearth::testbackend
