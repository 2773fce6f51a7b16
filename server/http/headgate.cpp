#include "headgate.h"

#include <algorithm>
#include <array>

namespace hearth::http {

namespace {

enum CharClass : quint8 { Token = 1, Value = 2, Target = 4, Host = 8 };

// RFC 9110 5.6.2 (token) and 5.5 (field value, obs-text included), RFC 3986 3.2 (host and port).
constexpr std::array<quint8, 256> charClasses = [] {
    std::array<quint8, 256> classes{};
    const auto allow = [&classes](std::string_view chars, int charClass) {
        for (const char c : chars)
            classes[static_cast<quint8>(c)] |= static_cast<quint8>(charClass);
    };
    for (int c = 0x20; c <= 0xff; ++c)
        classes[c] |= c == 0x7f ? 0 : Value;
    for (int c = 0x21; c <= 0x7e; ++c)
        classes[c] |= Target;
    allow("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", Token | Host);
    allow("!#$%&'*+-.^_`|~", Token);
    allow("-._~!$&'()*+,;=:%[]", Host);
    allow("\t", Value);
    return classes;
}();

bool consistsOf(QByteArrayView text, CharClass charClass)
{
    return std::all_of(text.begin(), text.end(),
                       [charClass](char c) { return (charClasses[static_cast<quint8>(c)] & charClass) != 0; });
}

Error refusal(const char *message, ErrorCode code = ErrorCode::InvalidRequest)
{
    return {code, QString::fromLatin1(message)};
}

/// The fields that decide where a request ends and whom it is for.
struct Framing
{
    bool http11 = true;
    int hosts = 0;
    int lengths = 0;
    int codings = 0;
};

Result<void> checkRequestLine(QByteArrayView line, const HttpLimits &limits, Framing &framing)
{
    const qsizetype first = line.indexOf(' ');
    const qsizetype last = line.lastIndexOf(' ');
    if (first <= 0 || last == first || !consistsOf(line.first(first), Token))
        return refusal("The request line must be a method, a target and a version.");
    const QByteArrayView method = line.first(first);
    const QByteArrayView target = line.sliced(first + 1, last - first - 1);
    const QByteArrayView version = line.sliced(last + 1);

    if (target.size() > limits.target)
        return refusal("The request target is too long.", ErrorCode::UriTooLong);
    if (!consistsOf(target, Target) || !(target.startsWith('/') || (target == "*" && method == "OPTIONS")))
        return refusal("The request target must be a path.");

    framing.http11 = version == "HTTP/1.1";
    if (framing.http11 || version == "HTTP/1.0")
        return {};
    if (version.size() == 8 && version.startsWith("HTTP/"))
        return refusal("Only HTTP/1.1 and HTTP/1.0 are spoken here.", ErrorCode::HttpVersionNotSupported);
    return refusal("The request line has no HTTP version.");
}

Result<void> checkField(QByteArrayView line, Framing &framing)
{
    const qsizetype colon = line.indexOf(':');
    if (colon <= 0 || !consistsOf(line.first(colon), Token))
        return refusal("A header field has no proper name.");
    if (!consistsOf(line.sliced(colon + 1), Value))
        return refusal("A header field contains a control character.");
    const QByteArrayView name = line.first(colon);
    const QByteArrayView value = line.sliced(colon + 1).trimmed();

    if (name.compare("host", Qt::CaseInsensitive) == 0) {
        if (++framing.hosts > 1 || !consistsOf(value, Host))
            return refusal("There must be one Host field with a host in it.");
    } else if (name.compare("content-length", Qt::CaseInsensitive) == 0) {
        const bool digits = std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
        // Twelve digits are far beyond any limit and far from any overflow.
        if (++framing.lengths > 1 || value.isEmpty() || value.size() > 12 || !digits)
            return refusal("Content-Length must be given once, in digits.");
    } else if (name.compare("transfer-encoding", Qt::CaseInsensitive) == 0) {
        if (++framing.codings > 1 || !framing.http11)
            return refusal("Transfer-Encoding must be given once, in HTTP/1.1.");
        if (value.compare("chunked", Qt::CaseInsensitive) != 0)
            return refusal("No transfer coding but chunked is supported.", ErrorCode::NotImplemented);
    } else if (name.compare("trailer", Qt::CaseInsensitive) == 0) {
        return refusal("Trailer fields are not supported.");
    }
    return {};
}

/// The offset after the empty line that ends the head; 0 while there is none.
Result<qsizetype> findEnd(QByteArrayView bytes, const HttpLimits &limits)
{
    constexpr qsizetype aroundTarget = 64; // room for the method and the version
    qsizetype line = 0;
    for (qsizetype newline; (newline = bytes.indexOf('\n', line)) >= 0; line = newline + 1) {
        if (newline == line || bytes[newline - 1] != '\r')
            return refusal("Lines must end in CR LF.");
        if (newline == line + 1)
            return newline + 1;
    }
    if (line == 0 && bytes.size() > limits.target + aroundTarget)
        return refusal("The request target is too long.", ErrorCode::UriTooLong);
    return 0;
}

} // namespace

Result<qsizetype> checkHead(QByteArrayView bytes, const HttpLimits &limits)
{
    const Result<qsizetype> size = findEnd(bytes, limits);
    if (!size)
        return size.error();
    if ((*size > 0 ? *size : bytes.size()) > limits.head)
        return refusal("The request head is too large.", ErrorCode::HeadTooLarge);
    if (*size == 0)
        return 0;

    Framing framing;
    int fields = -1; // the first line is none
    for (qsizetype line = 0, end; line < *size - 2; line = end + 1, ++fields) {
        end = bytes.indexOf('\n', line);
        const QByteArrayView text = bytes.sliced(line, end - 1 - line);
        const Result<void> ok = fields < 0 ? checkRequestLine(text, limits, framing) : checkField(text, framing);
        if (!ok)
            return ok.error();
    }
    if (fields > limits.fields)
        return refusal("The request has too many header fields.", ErrorCode::HeadTooLarge);
    if (fields < 0)
        return refusal("There must be no empty line before the request.");
    if (framing.http11 && framing.hosts == 0)
        return refusal("An HTTP/1.1 request needs a Host field.");
    if (framing.lengths > 0 && framing.codings > 0)
        return refusal("Content-Length and Transfer-Encoding exclude each other.");
    return *size;
}

} // namespace hearth::http
