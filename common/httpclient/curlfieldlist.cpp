#include "curlfieldlist.h"

namespace hearth::httpclient {

curl_slist *CurlFieldList::build(const HttpFields &fields)
{
    m_text.resize(0);
    m_starts.clear();
    for (const HttpField &field : fields) {
        // libcurl takes "Name:" as "do not send this field", and "Name;" as the field without a value.
        if (field.value.trimmed().isEmpty())
            append(field.name, ";", {});
        else
            append(field.name, ": ", field.value);
    }
    for (const QByteArrayView own :
         {QByteArrayView("Accept"), QByteArrayView("Content-Type"), QByteArrayView("Expect")}) {
        if (!fields.contains(own))
            append(own, ":", {});
    }

    m_nodes.resize(m_starts.size());
    for (size_t i = 0; i < m_starts.size(); ++i)
        m_nodes[i] = {m_text.data() + m_starts[i], i + 1 < m_starts.size() ? &m_nodes[i + 1] : nullptr};
    return m_nodes.data();
}

void CurlFieldList::append(QByteArrayView name, QByteArrayView separator, QByteArrayView value)
{
    m_starts.push_back(m_text.size());
    m_text.append(name).append(separator).append(value).append('\0');
}

} // namespace hearth::httpclient
