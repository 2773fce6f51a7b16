#include "orderedjson.h"

namespace hearth::testbackend {

QByteArray quoted(QByteArrayView text)
{
    QByteArray json;
    json.reserve(text.size() + 2);
    json += '"';
    // Stretches without special characters are copied whole: answers can be many megabytes.
    qsizetype copied = 0;
    for (qsizetype index = 0; index < text.size(); ++index) {
        const char c = text[index];
        if (c != '"' && c != '\\' && static_cast<uchar>(c) >= 0x20)
            continue;
        json += text.sliced(copied, index - copied);
        json += static_cast<uchar>(c) < 0x20 ? "\\u00" + QByteArray(1, c).toHex() : QByteArray("\\" + QByteArray(1, c));
        copied = index + 1;
    }
    json += text.sliced(copied);
    json += '"';
    return json;
}

QByteArray arrayOf(const QList<QByteArray> &elements)
{
    return '[' + elements.join(',') + ']';
}

OrderedJson &OrderedJson::raw(QByteArrayView key, QByteArrayView json)
{
    m_fields += m_fields.isEmpty() ? '{' : ',';
    m_fields += quoted(key);
    m_fields += ':';
    m_fields += json;
    return *this;
}

} // namespace hearth::testbackend
