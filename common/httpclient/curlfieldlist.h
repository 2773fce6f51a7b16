// CurlFieldList: header fields in the form that CURLOPT_HTTPHEADER takes.
//
// curl_slist_append() allocates twice for each field and walks the list; here all fields of a request lie in one buffer
// and the nodes in another, and both keep their memory for the next request. libcurl only reads the list, and only
// while the transfer runs: the owner keeps this object alive for as long.

#pragma once

#include "httpfields.h"

#include <curl/curl.h>

#include <vector>

namespace hearth::httpclient {

class CurlFieldList
{
public:
    /// Makes the list of `fields` plus entries that keep libcurl from adding its own `Accept`, `Content-Type` and
    /// `Expect`. The result is valid until the next call.
    curl_slist *build(const HttpFields &fields);

private:
    void append(QByteArrayView name, QByteArrayView separator, QByteArrayView value);

    QByteArray m_text;
    std::vector<qsizetype> m_starts;
    std::vector<curl_slist> m_nodes;
};

} // namespace hearth::httpclient
