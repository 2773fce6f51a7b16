#include "httpclient.h"

#include "curlexchange.h"
#include "multisocket.h"
#include "transfercheck.h"

#include <csignal>
#include <utility>
#include <vector>

namespace hearth::httpclient {

namespace {

void initLibcurl()
{
    static const bool done = [] {
        // With CURLOPT_NOSIGNAL libcurl leaves SIGPIPE alone, and OpenSSL writes to connections that may be gone.
        std::signal(SIGPIPE, SIG_IGN);
        return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    }();
    Q_ASSERT(done);
}

} // namespace

/// Owns the exchanges, those in use and those in the pool, and attends to the ones that ask for it.
class HttpClient::Private final : public MultiSocket::User, public CurlExchange::Owner
{
public:
    Private(HttpClientSettings settings, Clock &clock);
    ~Private();

    void setMaxIdleConnections(int count);
    CurlExchange &open(TransferRequest request, TransferHandler &handler);

private:
    bool interestChanged(CURL *easy, bool reads) override;
    void woken() override;
    void done(CURL *easy, CURLcode result) override;
    void schedule(CurlExchange &exchange) override;
    void abandon(CurlExchange &exchange) override;

    void dropIdle();
    void serve(CurlExchange &exchange);
    void conclude(CurlExchange &exchange, const Result<void> &result);
    TransferHandler *release(CurlExchange &exchange);

    HttpClientSettings m_settings;
    Clock &m_clock;
    Timer m_idle;
    MultiSocket m_multi;
    std::vector<std::unique_ptr<CurlExchange>> m_exchanges;
    std::vector<CurlExchange *> m_free; // Those of m_exchanges that carry no request.
    QList<CurlExchange *> m_scheduled;
};

HttpClient::Private::Private(HttpClientSettings settings, Clock &clock)
    : m_settings(std::move(settings))
    , m_clock(clock)
    , m_idle(clock, [this] { dropIdle(); })
    , m_multi(m_settings.maxIdleConnections, *this)
{}

HttpClient::Private::~Private()
{
    Q_ASSERT(!m_multi.isInsideLibcurl());
    for (const auto &exchange : m_exchanges)
        release(*exchange);
}

void HttpClient::Private::setMaxIdleConnections(int count)
{
    m_settings.maxIdleConnections = count;
    m_multi.setMaxIdleConnections(count);
}

CurlExchange &HttpClient::Private::open(TransferRequest request, TransferHandler &handler)
{
    if (m_free.empty()) {
        m_exchanges.push_back(std::make_unique<CurlExchange>(m_settings, m_clock, m_multi, *this));
        m_free.push_back(m_exchanges.back().get());
    }
    CurlExchange &exchange = *m_free.back();
    m_free.pop_back();

    Result<void> checked = checkRequest(request);
    exchange.open(std::move(request), handler);
    if (checked)
        schedule(exchange);
    else
        exchange.fail(checked.error());
    return exchange;
}

void HttpClient::Private::schedule(CurlExchange &exchange)
{
    if (!std::exchange(exchange.isScheduled, true))
        m_scheduled.append(&exchange);
    m_multi.wake();
}

void HttpClient::Private::woken()
{
    // Not more than were there at first: a handler that starts a request at each end of one must not keep the loop.
    for (qsizetype count = m_scheduled.size(); count > 0 && !m_scheduled.isEmpty(); --count) {
        CurlExchange &exchange = *m_scheduled.takeFirst();
        exchange.isScheduled = false;
        serve(exchange);
    }
}

void HttpClient::Private::serve(CurlExchange &exchange)
{
    if (exchange.isAbandoned()) {
        release(exchange);
    } else if (exchange.failure()) {
        conclude(exchange, *exchange.failure());
    } else if (exchange.isAdded()) {
        exchange.unpause();
    } else {
        exchange.prepare();
        m_multi.add(exchange.easy());
    }
}

bool HttpClient::Private::interestChanged(CURL *easy, bool reads)
{
    CurlExchange *const exchange = CurlExchange::of(easy);
    return exchange && exchange->interestChanged(reads);
}

void HttpClient::Private::done(CURL *easy, CURLcode result)
{
    CurlExchange &exchange = *CurlExchange::of(easy);
    conclude(exchange, exchange.verdict(result));
}

void HttpClient::Private::abandon(CurlExchange &exchange)
{
    if (m_multi.isInsideLibcurl())
        schedule(exchange);
    else
        release(exchange);
}

void HttpClient::Private::conclude(CurlExchange &exchange, const Result<void> &result)
{
    const Result<void> kept = result; // It may lie in the exchange.
    if (TransferHandler *const handler = release(exchange))
        handler->finished(kept);
}

TransferHandler *HttpClient::Private::release(CurlExchange &exchange)
{
    if (exchange.isAdded())
        m_multi.remove(exchange.easy());
    if (std::exchange(exchange.isScheduled, false))
        m_scheduled.removeOne(&exchange);
    m_free.push_back(&exchange);
    m_idle.start(m_settings.maxIdleAge);
    return exchange.close();
}

// Kept connections that are too old to be used again, and the memory of a busier time.
void HttpClient::Private::dropIdle()
{
    if (m_free.size() != m_exchanges.size())
        return;
    m_multi.closeIdleConnections();
    m_free.clear();
    m_exchanges.clear();
}

HttpClient::HttpClient(HttpClientSettings settings, Clock &clock, QObject *parent)
    : QObject(parent)
{
    initLibcurl();
    d = std::make_unique<Private>(std::move(settings), clock);
}

HttpClient::~HttpClient() = default;

void HttpClient::setMaxIdleConnections(int count)
{
    d->setMaxIdleConnections(count);
}

std::unique_ptr<Transfer> HttpClient::start(TransferRequest request, TransferHandler &handler)
{
    return std::make_unique<ClientTransfer>(d->open(std::move(request), handler));
}

} // namespace hearth::httpclient
