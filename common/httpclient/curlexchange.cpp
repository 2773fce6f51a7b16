#include "curlexchange.h"

#include "multisocket.h"

#include <algorithm>
#include <utility>

namespace hearth::httpclient {

namespace {

/// libcurl sends a body in the same segment as the head if it is shorter than this (MAX_INITIAL_POST_SIZE).
constexpr qsizetype oneGoSize = 64 * 1024;

/// Whether a request with this method announces its body even if it has none (RFC 9110 8.6).
bool expectsBody(const QByteArray &method)
{
    return method == "POST" || method == "PUT" || method == "PATCH";
}

} // namespace

ClientTransfer::ClientTransfer(CurlExchange &exchange)
    : m_exchange(&exchange)
{
    exchange.m_transfer = this;
}

ClientTransfer::~ClientTransfer()
{
    if (m_exchange)
        m_exchange->abandon();
}

void ClientTransfer::send(QByteArray piece)
{
    if (m_exchange)
        m_exchange->send(std::move(piece));
}

void ClientTransfer::pause()
{
    if (m_exchange)
        m_exchange->setPaused(true);
}

void ClientTransfer::resume()
{
    if (m_exchange)
        m_exchange->setPaused(false);
}

CurlExchange::CurlExchange(const HttpClientSettings &settings, Clock &clock, MultiSocket &multi, Owner &owner)
    : m_settings(settings)
    , m_multi(multi)
    , m_owner(owner)
    , m_easy(curl_easy_init())
    , m_limit(clock, [this] { limitRanOut(); })
{
    Q_CHECK_PTR(m_easy);
    setUp(settings);
}

CurlExchange::~CurlExchange()
{
    close();
    curl_easy_cleanup(m_easy);
}

CurlExchange *CurlExchange::of(CURL *easy)
{
    CurlExchange *exchange = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &exchange);
    return exchange;
}

template <typename T>
void CurlExchange::set(CURLoption option, T value)
{
    // What is set here has been checked, so that only memory can be wanting.
    if (curl_easy_setopt(m_easy, option, value) != CURLE_OK)
        qBadAlloc();
}

// What is the same for every request is set once: setting it again for each would cost more than the rest of prepare().
void CurlExchange::setUp(const HttpClientSettings &settings)
{
    set(CURLOPT_PRIVATE, this);
    set(CURLOPT_ERRORBUFFER, m_detail.data());
    set(CURLOPT_NOSIGNAL, 1L);
    // Without it a transfer that ends while the host is looked up waits for the look-up, and the event loop with it.
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PATH_AS_IS, 1L);
    set(CURLOPT_TCP_NODELAY, 1L);
    // Set, even if empty: otherwise libcurl asks the environment.
    set(CURLOPT_PROXY, settings.proxy.isEmpty() ? "" : settings.proxy.constData());
    set(CURLOPT_NOPROXY, "");
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    if (!settings.caFile.isEmpty())
        set(CURLOPT_CAINFO, settings.caFile.constData());
    // libcurl counts whole seconds and still takes a connection of exactly this age.
    set(CURLOPT_MAXAGE_CONN, static_cast<long>(std::max<qint64>(settings.maxIdleAge.count() - 1, 0)));
    setUpCallbacks();
}

void CurlExchange::setUpCallbacks()
{
    set(CURLOPT_OPENSOCKETDATA, this);
    set(
        CURLOPT_OPENSOCKETFUNCTION, +[](void *self, curlsocktype, curl_sockaddr *address) {
            return static_cast<CurlExchange *>(self)->openSocket(*address);
        });
    // The connection outlives the exchange, so this one goes past it.
    set(CURLOPT_CLOSESOCKETDATA, &m_multi);
    set(
        CURLOPT_CLOSESOCKETFUNCTION, +[](void *multi, curl_socket_t descriptor) {
            return static_cast<MultiSocket *>(multi)->closeSocket(descriptor);
        });
    set(CURLOPT_PREREQDATA, this);
    set(
        CURLOPT_PREREQFUNCTION, +[](void *self, char *, char *, int, int) {
            return static_cast<CurlExchange *>(self)->startRequest() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
        });
    set(CURLOPT_HEADERDATA, this);
    set(
        CURLOPT_HEADERFUNCTION, +[](char *data, size_t size, size_t count, void *self) {
            return static_cast<CurlExchange *>(self)->takeHeadLine({data, static_cast<qsizetype>(size * count)});
        });
    set(CURLOPT_WRITEDATA, this);
    set(
        CURLOPT_WRITEFUNCTION, +[](char *data, size_t size, size_t count, void *self) {
            return static_cast<CurlExchange *>(self)->takeBody({data, static_cast<qsizetype>(size * count)});
        });
    set(CURLOPT_READDATA, this);
    set(
        CURLOPT_READFUNCTION, +[](char *target, size_t size, size_t count, void *self) {
            return static_cast<CurlExchange *>(self)->giveBody(target, size * count);
        });
}

void CurlExchange::open(TransferRequest request, TransferHandler &handler)
{
    m_request = std::move(request);
    m_handler = &handler;
    m_failure.reset();
    m_upload.reset(m_request.bodySize.value_or(0));
    m_head.reset(m_settings.maxHeadSize);
    m_paused = m_reads = m_readHeld = m_writeHeld = m_answerRead = m_addressRefused = false;
}

TransferHandler *CurlExchange::close()
{
    m_limit.stop();
    m_stage = Stage::Idle;
    m_request = {};
    m_upload.reset(0);
    m_head.reset(0);
    if (m_transfer)
        std::exchange(m_transfer, nullptr)->m_exchange = nullptr;
    return std::exchange(m_handler, nullptr);
}

void CurlExchange::fail(Error error)
{
    if (m_failure)
        return;
    m_failure = std::move(error);
    m_limit.stop();
    m_owner.schedule(*this);
}

void CurlExchange::abandon()
{
    m_transfer = nullptr;
    m_handler = nullptr;
    m_owner.abandon(*this);
}

void CurlExchange::prepare()
{
    m_detail.front() = '\0';
    set(CURLOPT_URL, m_request.url.constData());
    set(CURLOPT_HTTPHEADER, m_fieldList.build(m_request.fields));
    const bool pooled = !m_request.freshConnection && m_settings.maxIdleConnections > 0;
    set(CURLOPT_FRESH_CONNECT, m_request.freshConnection ? 1L : 0L);
    set(CURLOPT_FORBID_REUSE, pooled ? 0L : 1L);
    prepareBody();
    m_stage = Stage::Connecting;
    m_limit.start(m_request.limits.connect);
}

// The order matters: each of these options chooses a method, and the last one wins.
void CurlExchange::prepareBody()
{
    const QByteArray &method = m_request.method;
    const bool hasBody = m_request.bodySize.has_value() || expectsBody(method);
    const QByteArray *const whole = hasBody ? m_upload.whole(oneGoSize) : nullptr;
    set(CURLOPT_POSTFIELDS, whole ? whole->constData() : nullptr);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(m_request.bodySize.value_or(0)));
    const CURLoption kind = hasBody ? CURLOPT_POST : method == "HEAD" ? CURLOPT_NOBODY : CURLOPT_HTTPGET;
    set(kind, 1L);
    const bool isNamed = method == (hasBody ? "POST" : "GET") || kind == CURLOPT_NOBODY;
    set(CURLOPT_CUSTOMREQUEST, isNamed ? nullptr : method.constData());
}

void CurlExchange::unpause()
{
    const bool readable = m_readHeld && !m_paused;
    const bool writable = m_writeHeld && (m_answerRead || !m_upload.isEmpty());
    if (!readable && !writable)
        return;
    m_readHeld = m_readHeld && !readable;
    m_writeHeld = m_writeHeld && !writable;
    if (writable)
        watchAnswer();
    const int held = (m_readHeld ? CURLPAUSE_RECV : 0) | (m_writeHeld ? CURLPAUSE_SEND : 0);
    const CURLcode result = m_multi.pause(m_easy, held);
    noticeAnswerRead();
    if (result != CURLE_OK && !isAbandoned())
        fail(curlError(result, m_stage, m_request.url, m_easy, m_detail.data()));
}

bool CurlExchange::interestChanged(bool reads)
{
    m_reads = reads;
    noticeAnswerRead();
    return m_stage == Stage::Asking || m_stage == Stage::Answering;
}

// libcurl does not end a transfer while its upload is held, even if the answer is complete. That the answer has been
// read shows in that libcurl waits no more for it: then giveBody() ends the upload.
void CurlExchange::noticeAnswerRead()
{
    if (m_stage != Stage::Answering || m_reads || m_readHeld || m_answerRead)
        return;
    m_answerRead = true;
    if (m_writeHeld)
        m_owner.schedule(*this);
}

Result<void> CurlExchange::verdict(CURLcode code)
{
    if (m_failure)
        return *m_failure;
    if (code == CURLE_OK && m_stage == Stage::Answering)
        return {};
    if (m_addressRefused && code == CURLE_COULDNT_CONNECT && m_stage == Stage::Connecting)
        return addressError(m_request.url);
    // libcurl is content with a connection that was closed in the middle of the head.
    return curlError(code == CURLE_OK ? CURLE_GOT_NOTHING : code, m_stage, m_request.url, m_easy, m_detail.data());
}

void CurlExchange::send(QByteArray piece)
{
    if (!m_upload.append(std::move(piece))) {
        fail({.code = ErrorCode::InvalidRequest,
              .message = QStringLiteral("The request's body is longer than it was announced to be.")});
    } else if (m_writeHeld) {
        m_owner.schedule(*this);
    }
}

void CurlExchange::setPaused(bool paused)
{
    if (m_paused == paused)
        return;
    m_paused = paused;
    if (m_stage == Stage::Answering)
        watchAnswer();
    if (!paused && m_readHeld)
        m_owner.schedule(*this);
}

void CurlExchange::limitRanOut()
{
    const TransferLimits &limits = m_request.limits;
    const Duration limit = m_stage == Stage::Answering ? limits.idle
                           : m_stage == Stage::Asking  ? limits.firstByte
                                                       : limits.connect;
    fail(limitError(m_stage, m_request.url, limit));
}

// Starts the limit of the present stage anew, as something has moved.
void CurlExchange::watchAnswer()
{
    if (m_stage == Stage::Answering && m_paused)
        m_limit.stop();
    else
        m_limit.start(m_stage == Stage::Answering ? m_request.limits.idle : m_request.limits.firstByte);
}

curl_socket_t CurlExchange::openSocket(const curl_sockaddr &address)
{
    // After Connecting it would be for a second attempt at the same request.
    if (m_stage != Stage::Connecting)
        return CURL_SOCKET_BAD;
    if (m_settings.allowAddress && !m_settings.allowAddress(address.addr)) {
        m_addressRefused = true;
        return CURL_SOCKET_BAD;
    }
    return m_multi.openSocket(address);
}

// Called when a connection is at hand. A second time would be libcurl's second attempt, after a kept connection was
// closed without an answer: the backend may have acted on the first.
bool CurlExchange::startRequest()
{
    if (m_stage != Stage::Connecting || isAbandoned())
        return false;
    m_stage = Stage::Asking;
    watchAnswer();
    return true;
}

size_t CurlExchange::takeHeadLine(QByteArrayView line)
{
    constexpr size_t refused = 0;
    const auto size = static_cast<size_t>(line.size());
    if (isAbandoned() || m_failure)
        return refused;
    if (m_stage == Stage::Answering) // A trailer.
        return size;
    switch (m_head.add(line)) {
    case AnswerHead::Progress::Incomplete:
        return size;
    case AnswerHead::Progress::Malformed:
        fail(answerError(m_request.url, QStringLiteral("has a head that is not valid")));
        return refused;
    case AnswerHead::Progress::TooLarge:
        fail(answerError(m_request.url, QStringLiteral("has a head that is too large")));
        return refused;
    case AnswerHead::Progress::Complete:
        break;
    }
    m_stage = Stage::Answering;
    watchAnswer();
    m_handler->responseHead(m_head.status(), m_head.fields());
    return isAbandoned() || m_failure ? refused : size;
}

size_t CurlExchange::takeBody(QByteArrayView piece)
{
    constexpr size_t refused = 0;
    if (isAbandoned() || m_failure)
        return refused;
    if (m_paused) {
        m_readHeld = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    watchAnswer();
    m_handler->responseBody(piece);
    return isAbandoned() || m_failure ? refused : static_cast<size_t>(piece.size());
}

size_t CurlExchange::giveBody(char *target, size_t capacity)
{
    if (isAbandoned() || m_failure)
        return CURL_READFUNC_ABORT;
    if (m_answerRead) {
        // The backend has not seen the whole body, so it would take the next request for the rest.
        set(CURLOPT_FORBID_REUSE, 1L);
        return 0;
    }
    if (m_upload.isEmpty() && m_upload.awaited() > 0) {
        m_handler->readyForBody();
        if (isAbandoned() || m_failure)
            return CURL_READFUNC_ABORT;
    }
    if (m_upload.isEmpty() && m_upload.awaited() > 0) {
        m_writeHeld = true;
        if (m_stage == Stage::Asking)
            m_limit.stop();
        return CURL_READFUNC_PAUSE;
    }
    watchAnswer();
    return m_upload.take(target, capacity);
}

} // namespace hearth::httpclient
