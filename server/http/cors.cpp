#include "cors.h"

namespace hearth::http {

Cors::Cors(QByteArrayList allowedOrigins)
    : m_allowedOrigins(std::move(allowedOrigins))
    , m_allowsAll(m_allowedOrigins.contains("*"))
{}

std::optional<Response> Cors::preflight(const RequestHead &head) const
{
    if (head.method != Method::Options || !head.fields.contains("access-control-request-method"))
        return std::nullopt;
    const QByteArray origin = allowedOrigin(head);
    if (origin.isNull())
        return std::nullopt;

    Response response{204, originFields(origin), {}};
    response.fields.append("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    if (const QByteArray *wanted = head.fields.find("access-control-request-headers"))
        response.fields.append("Access-Control-Allow-Headers", *wanted);
    response.fields.append("Access-Control-Max-Age", "7200"); // the most that any browser honours
    return response;
}

HttpFields Cors::answerFields(const RequestHead &head) const
{
    if (m_allowedOrigins.isEmpty())
        return {};
    const QByteArray origin = allowedOrigin(head);
    HttpFields fields = originFields(origin);
    if (!origin.isNull())
        fields.append("Access-Control-Expose-Headers",
                      "x-request-id, retry-after, x-should-retry, x-hearth-llm, x-hearth-queue-ms");
    return fields;
}

QByteArray Cors::allowedOrigin(const RequestHead &head) const
{
    const QByteArray *origin = head.fields.find("origin");
    if (!origin)
        return {};
    if (m_allowsAll)
        return "*";
    return m_allowedOrigins.contains(*origin) ? *origin : QByteArray();
}

HttpFields Cors::originFields(const QByteArray &origin) const
{
    HttpFields fields;
    if (!origin.isNull())
        fields.append("Access-Control-Allow-Origin", origin);
    // Caches must know that another origin would have been answered differently, even where there was none.
    if (!m_allowsAll)
        fields.append("Vary", "Origin");
    return fields;
}

} // namespace hearth::http
