#include "jsonwriter.h"

#include <QJsonDocument>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hearth::json {

void JsonWriter::separate()
{
    if (m_needsComma)
        m_output.append(',');
    m_needsComma = true;
}

JsonWriter &JsonWriter::beginObject()
{
    separate();
    m_output.append('{');
    m_needsComma = false;
    return *this;
}

JsonWriter &JsonWriter::endObject()
{
    m_output.append('}');
    m_needsComma = true;
    return *this;
}

JsonWriter &JsonWriter::beginArray()
{
    separate();
    m_output.append('[');
    m_needsComma = false;
    return *this;
}

JsonWriter &JsonWriter::endArray()
{
    m_output.append(']');
    m_needsComma = true;
    return *this;
}

JsonWriter &JsonWriter::key(QLatin1String name)
{
    separate();
    m_output.append('"').append(name.data(), name.size()).append("\":", 2);
    m_needsComma = false;
    return *this;
}

JsonWriter &JsonWriter::value(QStringView text)
{
    return value(QByteArrayView(text.toUtf8()));
}

JsonWriter &JsonWriter::value(QLatin1String text)
{
    const QByteArrayView bytes(text.data(), text.size());
    const bool ascii = std::none_of(bytes.begin(), bytes.end(), [](char byte) { return (byte & 0x80) != 0; });
    return ascii ? value(bytes) : value(QStringView(QString(text)));
}

JsonWriter &JsonWriter::value(QByteArrayView utf8)
{
    separate();
    m_output.append('"');
    appendEscaped(utf8);
    m_output.append('"');
    return *this;
}

JsonWriter &JsonWriter::value(const QJsonObject &object)
{
    return literal(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

JsonWriter &JsonWriter::value(double number)
{
    // JSON has no spelling for infinities and NaN.
    if (!std::isfinite(number))
        return null();
    char text[32];
    const auto end = std::to_chars(std::begin(text), std::end(text), number).ptr;
    return literal(QByteArrayView(text, end - text));
}

JsonWriter &JsonWriter::null()
{
    return literal("null");
}

JsonWriter &JsonWriter::integer(qint64 number)
{
    char text[24];
    const auto end = std::to_chars(std::begin(text), std::end(text), number).ptr;
    return literal(QByteArrayView(text, end - text));
}

JsonWriter &JsonWriter::integer(quint64 number)
{
    char text[24];
    const auto end = std::to_chars(std::begin(text), std::end(text), number).ptr;
    return literal(QByteArrayView(text, end - text));
}

JsonWriter &JsonWriter::literal(QByteArrayView text)
{
    separate();
    m_output.append(text);
    return *this;
}

void JsonWriter::appendEscaped(QByteArrayView utf8)
{
    // RFC 8259 section 7: quotation mark, reverse solidus and U+0000 to U+001F must be escaped, the rest goes as it is.
    qsizetype plainFrom = 0;
    for (qsizetype i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        m_output.append(utf8.sliced(plainFrom, i - plainFrom));
        plainFrom = i + 1;
        if (byte == '"' || byte == '\\') {
            const char escaped[] = {'\\', static_cast<char>(byte)};
            m_output.append(escaped, 2);
        } else {
            static constexpr char hex[] = "0123456789abcdef";
            const char escaped[] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
            m_output.append(escaped, 6);
        }
    }
    m_output.append(utf8.sliced(plainFrom));
}

} // namespace hearth::json
