// Cors: what browsers on other origins may do (the CORS protocol of the Fetch standard).
//
// One per server, asked by Connection on the main thread. Off while no origin is allowed. Credentials in the sense of
// the protocol (cookies) are never allowed: Hearth's keys travel in a field that the page itself sets.

#pragma once

#include "httpmessage.h"

#include <QByteArrayList>

#include <optional>

namespace hearth::http {

class Cors
{
public:
    /// `allowedOrigins` are compared as they are; `*` allows all.
    explicit Cors(QByteArrayList allowedOrigins);

    /// The answer to a preflight request of an allowed origin; nothing for every other request.
    std::optional<Response> preflight(const RequestHead &head) const;

    /// The fields that the actual answer to this request carries; empty while CORS is off.
    HttpFields answerFields(const RequestHead &head) const;

private:
    /// The value of Access-Control-Allow-Origin; null where the origin is missing or not allowed.
    QByteArray allowedOrigin(const RequestHead &head) const;
    HttpFields originFields(const QByteArray &origin) const;

    QByteArrayList m_allowedOrigins;
    bool m_allowsAll;
};

} // namespace hearth::http
