#include "jsonwriter.h"

#include <QJsonDocument>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace hearth::json {

namespace {

/// RFC 8259 section 7: quotation mark, reverse solidus and U+0000 to U+001F must be escaped, the rest goes as it is.
bool needsEscape(unsigned char byte)
{
    return byte < 0x20 || byte == '"' || byte == '\\';
}

} // namespace

// QByteArray::append() costs a dozen times what it copies here, and every request writes a few dozen tokens.
char *JsonWriter::grow(qsizetype bytes)
{
    const qsizetype size = m_output.size();
    m_output.resize(size + bytes);
    return m_output.data() + size;
}

void JsonWriter::append(QByteArrayView bytes)
{
    if (!bytes.isEmpty())
        std::memcpy(grow(bytes.size()), bytes.data(), static_cast<size_t>(bytes.size()));
}

void JsonWriter::separate()
{
    if (m_needsComma)
        *grow(1) = ',';
    m_needsComma = true;
}

JsonWriter &JsonWriter::open(char bracket)
{
    separate();
    *grow(1) = bracket;
    m_needsComma = false;
    return *this;
}

JsonWriter &JsonWriter::close(char bracket)
{
    *grow(1) = bracket;
    m_needsComma = true;
    return *this;
}

JsonWriter &JsonWriter::key(QLatin1String name)
{
    separate();
    char *const out = grow(name.size() + 3);
    out[0] = '"';
    std::memcpy(out + 1, name.data(), static_cast<size_t>(name.size()));
    out[name.size() + 1] = '"';
    out[name.size() + 2] = ':';
    m_needsComma = false;
    return *this;
}

JsonWriter &JsonWriter::value(QStringView text)
{
    const auto isPlain = [](QChar c) {
        return c.unicode() < 0x80 && !needsEscape(static_cast<unsigned char>(c.unicode()));
    };
    if (!std::all_of(text.begin(), text.end(), isPlain))
        return value(QByteArrayView(text.toUtf8()));
    separate();
    char *out = grow(text.size() + 2);
    *out++ = '"';
    for (const QChar c : text)
        *out++ = static_cast<char>(c.unicode());
    *out = '"';
    return *this;
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
    *grow(1) = '"';
    appendEscaped(utf8);
    *grow(1) = '"';
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
    append(text);
    return *this;
}

void JsonWriter::appendEscaped(QByteArrayView utf8)
{
    qsizetype plainFrom = 0;
    for (qsizetype i = 0; i < utf8.size(); ++i) {
        const auto byte = static_cast<unsigned char>(utf8[i]);
        if (!needsEscape(byte))
            continue;
        append(utf8.sliced(plainFrom, i - plainFrom));
        plainFrom = i + 1;
        if (byte == '"' || byte == '\\') {
            const char escaped[] = {'\\', static_cast<char>(byte)};
            append(QByteArrayView(escaped, 2));
        } else {
            static constexpr char hex[] = "0123456789abcdef";
            const char escaped[] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
            append(QByteArrayView(escaped, 6));
        }
    }
    append(utf8.sliced(plainFrom));
}

} // namespace hearth::json
