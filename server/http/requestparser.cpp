#include "requestparser.h"

#include <boost/beast/http/basic_parser.hpp>

namespace hearth::http {

namespace beast = boost::beast;
using beast::error_code;
using beast::string_view;

namespace {

QByteArray bytesOf(string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

Method methodOf(beast::http::verb verb)
{
    switch (verb) {
    case beast::http::verb::get:
        return Method::Get;
    case beast::http::verb::head:
        return Method::Head;
    case beast::http::verb::post:
        return Method::Post;
    case beast::http::verb::put:
        return Method::Put;
    case beast::http::verb::patch:
        return Method::Patch;
    case beast::http::verb::delete_:
        return Method::Delete;
    case beast::http::verb::options:
        return Method::Options;
    default: // a foreign enumeration of 33 methods
        return Method::Other;
    }
}

/// Beast's parser for one request; what it finds goes to `head` and `body`, each set while it is being parsed.
class PushParser final : public beast::http::basic_parser<true>
{
public:
    PushParser(const HttpLimits &limits)
    {
        header_limit(static_cast<std::uint32_t>(limits.head));
        body_limit(static_cast<std::uint64_t>(limits.body));
        eager(true);
    }

    RequestHead *head = nullptr;
    QByteArray *body = nullptr;

private:
    void on_request_impl(beast::http::verb method, string_view, string_view target, int version, error_code &) override
    {
        head->method = methodOf(method);
        head->target = bytesOf(target);
        const qsizetype mark = head->target.indexOf('?');
        head->path = mark < 0 ? head->target : head->target.first(mark);
        head->query = mark < 0 ? QByteArray() : head->target.sliced(mark + 1);
        head->minorVersion = version % 10;
    }

    void on_field_impl(beast::http::field, string_view name, string_view value, error_code &) override
    {
        if (head) // otherwise it is a trailer
            head->fields.append(bytesOf(name), bytesOf(value));
    }

    std::size_t on_body_impl(string_view piece, error_code &) override
    {
        body->append(piece.data(), static_cast<qsizetype>(piece.size()));
        return piece.size();
    }

    std::size_t on_chunk_body_impl(std::uint64_t, string_view piece, error_code &ec) override
    {
        return on_body_impl(piece, ec);
    }

    void on_response_impl(int, string_view, int, error_code &) override {}

    void on_header_impl(error_code &) override {}

    void on_body_init_impl(const boost::optional<std::uint64_t> &, error_code &) override {}

    void on_chunk_header_impl(std::uint64_t, string_view, error_code &) override {}

    void on_finish_impl(error_code &) override {}
};

Error parseError(const error_code &ec)
{
    if (ec == beast::http::error::body_limit)
        return {ErrorCode::BodyTooLarge, QStringLiteral("The request body is too large.")};
    return {ErrorCode::InvalidRequest,
            QStringLiteral("The request is malformed: %1.").arg(QString::fromStdString(ec.message()))};
}

} // namespace

/// A parser of Beast's cannot be used twice, so each request gets a new one in the same place.
class RequestParser::Beast
{
public:
    std::optional<PushParser> parser;
};

RequestParser::RequestParser(const HttpLimits &limits)
    : m_limits(limits)
    , m_beast(std::make_unique<Beast>())
{}

RequestParser::~RequestParser() = default;

Result<void> RequestParser::parseHead(QByteArrayView bytes, RequestHead &head)
{
    PushParser &parser = m_beast->parser.emplace(m_limits);
    head.fields = {};
    parser.head = &head;
    error_code ec;
    const std::size_t used = parser.put(boost::asio::const_buffer(bytes.data(), static_cast<size_t>(bytes.size())), ec);
    parser.head = nullptr;
    // A chunked body leaves the parser asking for its first chunk.
    if (ec && !(ec == beast::http::error::need_more && parser.is_header_done()))
        return parseError(ec);
    if (used != static_cast<size_t>(bytes.size()))
        return Error{ErrorCode::InvalidRequest, QStringLiteral("The request head is malformed.")};

    m_keepAlive = parser.keep_alive();
    m_contentLength.reset();
    if (!parser.chunked())
        m_contentLength = static_cast<qint64>(parser.content_length().value_or(0));
    return {};
}

Result<qsizetype> RequestParser::parseBody(QByteArrayView bytes, QByteArray &body)
{
    PushParser &parser = *m_beast->parser;
    parser.body = &body;
    error_code ec;
    const auto used = static_cast<qsizetype>(
        parser.put(boost::asio::const_buffer(bytes.data(), static_cast<size_t>(bytes.size())), ec));
    parser.body = nullptr;
    if (ec && ec != beast::http::error::need_more)
        return parseError(ec);
    // What is left is the line of a chunk or the trailers, for which Beast has no limit of its own.
    if (!parser.is_done() && bytes.size() - used > m_limits.head)
        return Error{ErrorCode::HeadTooLarge, QStringLiteral("The trailer of the request body is too large.")};
    return used;
}

bool RequestParser::isComplete() const
{
    return m_beast->parser && m_beast->parser->is_done();
}

} // namespace hearth::http
