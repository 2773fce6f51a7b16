// RequestIds: names for requests, unique among all runs of all servers for any practical purpose.
//
// One per server, main thread only. Not a secret: the counter shows how many requests there were.

#pragma once

#include <QByteArray>

namespace hearth::http {

class RequestIds
{
public:
    RequestIds();

    /// A fresh id of characters [a-z0-9-].
    QByteArray next();

private:
    QByteArray m_prefix;
    quint64 m_counter = 0;
};

} // namespace hearth::http
