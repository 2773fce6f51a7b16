#include "apicall.h"

#include <QTcpSocket>
#include <QTest>

namespace hearth::testsupport {

namespace {

constexpr int patience = 5000;

} // namespace

ApiCall::ApiCall(http::Router &router, const ApiRequest &request, bool reads)
    : m_reads(reads)
{
    const qsizetype mark = request.target.indexOf('?');
    m_head.method = request.method;
    m_head.target = request.target;
    m_head.path = mark < 0 ? request.target : request.target.first(mark);
    m_head.query = mark < 0 ? QByteArray() : request.target.sliced(mark + 1);
    m_head.fields = request.fields;
    m_head.requestId = request.requestId;

    http::HeadDecision decision = router.routeHead(*this);
    if (const auto *const refused = std::get_if<http::Refused>(&decision)) {
        store(refused->response, End::Refused);
    } else if (auto *const upgraded = std::get_if<http::Upgraded>(&decision)) {
        m_takeSocket = std::move(upgraded->takeSocket);
        m_end = End::Upgraded;
    } else {
        m_handler = std::move(std::get<http::Accepted>(decision).handler);
        m_handler->requestComplete(*this, request.body);
    }
}

ApiCall::~ApiCall()
{
    leave();
}

QString ApiCall::error(QLatin1String member) const
{
    return json()[QLatin1String("error")][member].toString();
}

bool ApiCall::waitForEnd() const
{
    return QTest::qWaitFor([this] { return m_end != End::Not; }, patience);
}

bool ApiCall::waitForBody(QByteArrayView text) const
{
    return QTest::qWaitFor([&] { return m_body.contains(text); }, patience);
}

void ApiCall::take(qint64 bytes)
{
    m_buffered -= std::min(bytes, m_buffered);
    if (m_handler)
        m_handler->drained();
}

void ApiCall::handOver()
{
    m_takeSocket(nullptr);
}

void ApiCall::leave()
{
    if (const std::unique_ptr<http::ExchangeHandler> handler = std::move(m_handler))
        handler->clientGone();
}

void ApiCall::respond(const http::Response &response)
{
    require(!m_begun, "an answer that has begun cannot be replaced");
    store(response, End::Responded);
}

void ApiCall::begin(int status, const HttpFields &fields, std::optional<qint64>)
{
    require(!m_begun, "an answer begins once");
    m_begun = true;
    m_status = status;
    m_fields = fields;
}

void ApiCall::write(QByteArrayView piece)
{
    require(m_begun, "a body follows its head");
    m_body.append(piece);
    m_buffered += piece.size();
    if (m_reads)
        QMetaObject::invokeMethod(
            this, [this] { take(m_buffered); }, Qt::QueuedConnection);
}

void ApiCall::finish()
{
    require(m_begun, "a body follows its head");
    endAnswer(End::Finished);
}

void ApiCall::cut()
{
    endAnswer(End::Cut);
}

void ApiCall::abort()
{
    endAnswer(End::Aborted);
}

void ApiCall::store(const http::Response &response, End end)
{
    m_status = response.status;
    m_fields = response.fields;
    m_body = response.body;
    endAnswer(end);
}

void ApiCall::require(bool condition, const char *rule) const
{
    if (!condition || m_end != End::Not)
        qFatal("%s: %s, and nothing follows its end.", m_head.target.constData(), rule);
}

void ApiCall::endAnswer(End end)
{
    require(true, "an answer ends once");
    m_end = end;
    m_retired = std::move(m_handler);
    QMetaObject::invokeMethod(
        this, [this] { m_retired.reset(); }, Qt::QueuedConnection);
}

} // namespace hearth::testsupport
