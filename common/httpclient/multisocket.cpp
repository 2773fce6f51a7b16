#include "multisocket.h"

#include <QScopedValueRollback>
#include <QSocketNotifier>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace hearth::httpclient {

namespace {

/// How often libcurl is called in one turn of the event loop before other descriptors get theirs.
constexpr int maxRounds = 16;

} // namespace

/// The notifiers of one descriptor and what libcurl waits for on it.
struct MultiSocket::Watch
{
    // A notifier may go from inside its own signal.
    struct Later
    {
        void operator()(QSocketNotifier *notifier) const
        {
            notifier->setEnabled(false);
            notifier->deleteLater();
        }
    };

    using Notifier = std::unique_ptr<QSocketNotifier, Later>;

    /// Makes the event loop forget and learn the descriptor anew.
    void registerAgain()
    {
        for (const Notifier *notifier : {&read, &write}) {
            if (*notifier && (*notifier)->isEnabled()) {
                (*notifier)->setEnabled(false);
                (*notifier)->setEnabled(true);
            }
        }
    }

    Notifier read;
    Notifier write;
    int wanted = 0;
};

MultiSocket::MultiSocket(int maxIdleConnections, User &user)
    : m_user(user)
    , m_maxIdleConnections(maxIdleConnections)
{
    createMulti();
}

MultiSocket::~MultiSocket()
{
    curl_multi_cleanup(m_multi);
}

void MultiSocket::createMulti()
{
    m_multi = curl_multi_init();
    Q_CHECK_PTR(m_multi);
    curl_multi_setopt(m_multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(
        m_multi, CURLMOPT_SOCKETFUNCTION, +[](CURL *easy, curl_socket_t descriptor, int what, void *self, void *) {
            static_cast<MultiSocket *>(self)->waitFor(easy, descriptor, what);
            return 0;
        });
    curl_multi_setopt(m_multi, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(
        m_multi, CURLMOPT_TIMERFUNCTION, +[](CURLM *, long milliseconds, void *self) {
            static_cast<MultiSocket *>(self)->setTimeout(milliseconds);
            return 0;
        });
}

void MultiSocket::setMaxIdleConnections(int count)
{
    m_maxIdleConnections = count;
    limitConnections();
}

void MultiSocket::add(CURL *easy)
{
    Q_ASSERT(!m_insideLibcurl);
    if (curl_multi_add_handle(m_multi, easy) != CURLM_OK)
        qBadAlloc();
    ++m_running;
    limitConnections();
}

void MultiSocket::remove(CURL *easy)
{
    Q_ASSERT(!m_insideLibcurl);
    curl_multi_remove_handle(m_multi, easy);
    --m_running;
    limitConnections();
}

// libcurl's own limit counts the connections in use as well, and would close every connection of a busy client. It is
// applied when a transfer ends, which then still counts as running.
void MultiSocket::limitConnections()
{
    const long limit = m_maxIdleConnections + std::max(m_running, 1) - 1;
    curl_multi_setopt(m_multi, CURLMOPT_MAXCONNECTS, std::max(limit, 1L));
}

CURLcode MultiSocket::pause(CURL *easy, int bitmask)
{
    const QScopedValueRollback inside(m_insideLibcurl, true);
    return curl_easy_pause(easy, bitmask);
}

void MultiSocket::wake()
{
    m_wakeRequested = true;
    if (!m_busy)
        arm();
}

void MultiSocket::closeIdleConnections()
{
    Q_ASSERT(m_running == 0);
    curl_multi_cleanup(m_multi);
    m_due = never;
    createMulti();
}

curl_socket_t MultiSocket::openSocket(const curl_sockaddr &address)
{
    const curl_socket_t descriptor = ::socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
    // An attempt that libcurl gave up is closed without notice, and its number may come back while libcurl still
    // counts on what it asked for under that number.
    if (const auto found = m_watches.find(descriptor); found != m_watches.end())
        found->second.registerAgain();
    return descriptor;
}

int MultiSocket::closeSocket(curl_socket_t descriptor)
{
    m_watches.erase(descriptor);
    return ::close(descriptor);
}

void MultiSocket::waitFor(CURL *easy, curl_socket_t descriptor, int what)
{
    const bool established = m_user.interestChanged(easy, (what & CURL_POLL_IN) != 0);
    if (what == CURL_POLL_REMOVE) {
        const auto found = m_watches.find(descriptor);
        if (found == m_watches.end())
            return;
        if (established)
            found->second.wanted = 0;
        else
            m_watches.erase(found);
        return;
    }

    Watch &watch = m_watches[descriptor];
    watch.wanted =
        ((what & CURL_POLL_IN) != 0 ? CURL_CSELECT_IN : 0) | ((what & CURL_POLL_OUT) != 0 ? CURL_CSELECT_OUT : 0);
    const auto listen = [&](Watch::Notifier &notifier, QSocketNotifier::Type type, int event) {
        if (!notifier) {
            notifier.reset(new QSocketNotifier(descriptor, type, this));
            connect(notifier.get(), &QSocketNotifier::activated, this,
                    [this, descriptor, event] { ready(descriptor, event); });
        } else if (!notifier->isEnabled()) {
            notifier->setEnabled(true);
        }
    };
    if ((watch.wanted & CURL_CSELECT_IN) != 0)
        listen(watch.read, QSocketNotifier::Read, CURL_CSELECT_IN);
    if ((watch.wanted & CURL_CSELECT_OUT) != 0)
        listen(watch.write, QSocketNotifier::Write, CURL_CSELECT_OUT);
    else if (watch.write) // A socket is writable nearly always: this one would fire at once.
        watch.write->setEnabled(false);
}

void MultiSocket::ready(curl_socket_t descriptor, int event)
{
    const auto found = m_watches.find(descriptor);
    if (found == m_watches.end() || m_busy)
        return;
    Watch &watch = found->second;
    if ((watch.wanted & event) == 0) {
        (event == CURL_CSELECT_IN ? watch.read : watch.write)->setEnabled(false);
        return;
    }
    run(descriptor, event);
}

void MultiSocket::setTimeout(long milliseconds)
{
    if (milliseconds < 0)
        m_due = never;
    else if (milliseconds == 0)
        m_due = atOnce;
    else
        m_due = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
    if (!m_busy)
        arm();
}

void MultiSocket::timerEvent(QTimerEvent *)
{
    m_timer.stop();
    m_armedFor = never;
    if (!m_busy)
        run(CURL_SOCKET_TIMEOUT, 0);
}

void MultiSocket::run(curl_socket_t descriptor, int events)
{
    {
        const QScopedValueRollback busy(m_busy, true);
        if (descriptor != CURL_SOCKET_TIMEOUT)
            act(descriptor, events);
        for (int round = 0; round < maxRounds; ++round) {
            if (std::exchange(m_wakeRequested, false))
                m_user.woken();
            if (isDue())
                act(CURL_SOCKET_TIMEOUT, 0);
            deliverDone();
            if (!m_wakeRequested && !isDue())
                break;
        }
    }
    arm();
}

void MultiSocket::act(curl_socket_t descriptor, int events)
{
    // libcurl does not repeat a timeout that it has named before, unless it is called for it.
    if (descriptor == CURL_SOCKET_TIMEOUT)
        m_due = never;
    const QScopedValueRollback inside(m_insideLibcurl, true);
    int running = 0;
    curl_multi_socket_action(m_multi, descriptor, events, &running);
}

void MultiSocket::deliverDone()
{
    int left = 0;
    while (const CURLMsg *const message = curl_multi_info_read(m_multi, &left)) {
        if (message->msg == CURLMSG_DONE)
            m_user.done(message->easy_handle, message->data.result);
    }
}

bool MultiSocket::isDue() const
{
    return m_due != never && (m_due == atOnce || m_due <= std::chrono::steady_clock::now());
}

// A timer that is armed for an earlier moment is left alone: that costs less than setting it for every transfer.
void MultiSocket::arm()
{
    const TimePoint due = m_wakeRequested ? atOnce : m_due;
    if (due == never || (m_timer.isActive() && m_armedFor <= due))
        return;
    m_armedFor = due;
    if (due == atOnce) {
        m_timer.start(0, this);
        return;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - std::chrono::steady_clock::now());
    m_timer.start(static_cast<int>(std::max<qint64>(left.count(), 0)), Qt::PreciseTimer, this);
}

} // namespace hearth::httpclient
