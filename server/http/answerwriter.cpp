#include "answerwriter.h"

#include "logging.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace hearth::http {

namespace {

constexpr size_t sizeLineRoom = 10; // eight hexadecimal digits, CR and LF
constexpr size_t keptCapacity = 4 * 1024;

QByteArrayView statusLine(int status)
{
    switch (status) {
    case 200:
        return "HTTP/1.1 200 OK\r\n";
    case 201:
        return "HTTP/1.1 201 Created\r\n";
    case 204:
        return "HTTP/1.1 204 No Content\r\n";
    case 400:
        return "HTTP/1.1 400 Bad Request\r\n";
    case 401:
        return "HTTP/1.1 401 Unauthorized\r\n";
    case 403:
        return "HTTP/1.1 403 Forbidden\r\n";
    case 404:
        return "HTTP/1.1 404 Not Found\r\n";
    case 405:
        return "HTTP/1.1 405 Method Not Allowed\r\n";
    case 408:
        return "HTTP/1.1 408 Request Timeout\r\n";
    case 409:
        return "HTTP/1.1 409 Conflict\r\n";
    case 411:
        return "HTTP/1.1 411 Length Required\r\n";
    case 412:
        return "HTTP/1.1 412 Precondition Failed\r\n";
    case 413:
        return "HTTP/1.1 413 Content Too Large\r\n";
    case 414:
        return "HTTP/1.1 414 URI Too Long\r\n";
    case 415:
        return "HTTP/1.1 415 Unsupported Media Type\r\n";
    case 417:
        return "HTTP/1.1 417 Expectation Failed\r\n";
    case 422:
        return "HTTP/1.1 422 Unprocessable Content\r\n";
    case 426:
        return "HTTP/1.1 426 Upgrade Required\r\n";
    case 429:
        return "HTTP/1.1 429 Too Many Requests\r\n";
    case 431:
        return "HTTP/1.1 431 Request Header Fields Too Large\r\n";
    case 500:
        return "HTTP/1.1 500 Internal Server Error\r\n";
    case 501:
        return "HTTP/1.1 501 Not Implemented\r\n";
    case 502:
        return "HTTP/1.1 502 Bad Gateway\r\n";
    case 503:
        return "HTTP/1.1 503 Service Unavailable\r\n";
    case 504:
        return "HTTP/1.1 504 Gateway Timeout\r\n";
    case 505:
        return "HTTP/1.1 505 HTTP Version Not Supported\r\n";
    default:
        return {};
    }
}

/// RFC 9110 6.4.1: these statuses never have a body.
bool allowsBody(int status)
{
    return status >= 200 && status != 204 && status != 304;
}

/// Whether a field is the connection's own affair, so that a handler's, or a backend's behind it, must not be sent.
bool isOwn(QByteArrayView name)
{
    const auto is = [name](QByteArrayView own) { return name.compare(own, Qt::CaseInsensitive) == 0; };
    switch (name.size()) {
    case 4:
        return is("date");
    case 7:
        return is("trailer") || is("upgrade");
    case 10:
        return is("connection") || is("keep-alive");
    case 12:
        return is("x-request-id");
    case 14:
        return is("content-length");
    case 17:
        return is("transfer-encoding");
    default:
        return false;
    }
}

/// Whether it can be sent without becoming two fields or two answers.
bool isOneLine(QByteArrayView text)
{
    return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

template <typename Number>
QByteArrayView toDigits(char (&digits)[24], Number number, int base)
{
    return {digits, std::to_chars(std::begin(digits), std::end(digits), number, base).ptr - digits};
}

} // namespace

void AnswerWriter::writeContinue()
{
    m_bytes.append("HTTP/1.1 100 Continue\r\n\r\n");
}

void AnswerWriter::writeWhole(const AnswerTerms &terms, const Response &response)
{
    begin(terms, response.status, response.fields, response.body.size());
    write(response.body);
}

void AnswerWriter::begin(const AnswerTerms &terms, int status, const HttpFields &fields,
                         std::optional<qint64> contentLength)
{
    if (!allowsBody(status))
        m_framing = Framing::None;
    else if (contentLength)
        m_framing = Framing::Length;
    else
        m_framing = terms.minorVersion == 0 ? Framing::UntilClose : Framing::Chunked;
    m_keepAlive = terms.keepAlive && m_framing != Framing::UntilClose;
    m_remaining = contentLength.value_or(0);

    writeHead(terms, status, fields, m_remaining);
    if (terms.method == Method::Head)
        m_framing = Framing::None;
}

void AnswerWriter::writeHead(const AnswerTerms &terms, int status, const HttpFields &fields, qint64 contentLength)
{
    char digits[24];
    if (const QByteArrayView line = statusLine(status); !line.isEmpty())
        append(line);
    else
        m_bytes.append("HTTP/1.1 ").append(std::to_string(status)).append(" \r\n");

    for (const HttpField &field : fields) {
        if (isOwn(field.name))
            continue;
        if (isOneLine(field.name) && isOneLine(field.value))
            appendField(field.name, field.value);
        else
            qCWarning(lcHttp) << "An answer field with a line break in it was left out.";
    }
    for (const HttpField &field : terms.corsFields)
        appendField(field.name, field.value);
    switch (m_framing) {
    case Framing::Length:
        appendField("Content-Length", toDigits(digits, contentLength, 10));
        break;
    case Framing::Chunked:
        appendField("Transfer-Encoding", "chunked");
        break;
    case Framing::None:
    case Framing::UntilClose:
        break;
    }
    if (!m_keepAlive)
        appendField("Connection", "close");
    else if (terms.minorVersion == 0)
        appendField("Connection", "keep-alive");
    appendField("x-request-id", terms.requestId);
    m_bytes.append("\r\n");
}

void AnswerWriter::append(QByteArrayView text)
{
    m_bytes.append(text.data(), static_cast<size_t>(text.size()));
}

void AnswerWriter::appendField(QByteArrayView name, QByteArrayView value)
{
    append(name);
    m_bytes.append(": ");
    append(value);
    m_bytes.append("\r\n");
}

void AnswerWriter::write(QByteArrayView piece)
{
    switch (m_framing) {
    case Framing::None:
        return;
    case Framing::Length:
        if (piece.size() > m_remaining) {
            qCWarning(lcHttp) << "An answer was longer than announced and has been clipped.";
            piece = piece.first(m_remaining);
        }
        m_remaining -= piece.size();
        break;
    case Framing::Chunked:
        if (piece.isEmpty())
            return;
        if (!m_chunk) {
            m_chunk = m_bytes.size();
            m_bytes.resize(*m_chunk + sizeLineRoom);
        }
        break;
    case Framing::UntilClose:
        break;
    }
    append(piece);
}

bool AnswerWriter::finish()
{
    sealChunk();
    switch (m_framing) {
    case Framing::Length:
        return m_remaining == 0;
    case Framing::Chunked:
        m_bytes.append("0\r\n\r\n");
        return true;
    case Framing::None:
    case Framing::UntilClose:
        return true;
    }
    Q_UNREACHABLE();
}

QByteArrayView AnswerWriter::bytes()
{
    sealChunk();
    return {m_bytes.data() + m_start, size()};
}

void AnswerWriter::clear()
{
    if (m_bytes.capacity() > keptCapacity)
        m_bytes = {};
    else
        m_bytes.clear();
    m_start = 0;
    m_chunk.reset();
}

void AnswerWriter::sealChunk()
{
    if (!m_chunk)
        return;
    char digits[24];
    const QByteArrayView size = toDigits(digits, m_bytes.size() - *m_chunk - sizeLineRoom, 16);

    // The size line ends where the data begins. What it does not need of its room is closed by moving the few bytes
    // before it, an answer's head at most, never the data.
    const size_t spare = sizeLineRoom - static_cast<size_t>(size.size()) - 2;
    char *const base = m_bytes.data();
    std::memmove(base + m_start + spare, base + m_start, *m_chunk - m_start);
    m_start += spare;
    char *const line = base + *m_chunk + spare;
    std::memcpy(line, size.data(), static_cast<size_t>(size.size()));
    line[size.size()] = '\r';
    line[size.size() + 1] = '\n';
    m_bytes.append("\r\n");
    m_chunk.reset();
}

} // namespace hearth::http
