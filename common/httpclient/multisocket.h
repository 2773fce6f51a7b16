// MultiSocket: one libcurl multi handle driven by the Qt event loop (curl_multi_socket_action).
//
// HttpClient puts easy handles in and is told when they are done. A descriptor keeps its socket notifier for as long as
// its connection lives, so a request on a kept connection neither adds nor removes anything in the event loop; a
// notifier that fires although libcurl does not wait for it is switched off at that moment. Work that falls due at once
// is done before going back to the loop. One thread. It knows nothing of HTTP and owns no easy handle.

#pragma once

#include <QBasicTimer>
#include <QObject>

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <unordered_map>

class QSocketNotifier;

namespace hearth::httpclient {

class MultiSocket final : public QObject
{
public:
    /// Whoever owns the easy handles.
    class User
    {
    public:
        /// libcurl now waits for something else on the transfer's descriptor: for `reads`, or only to write, or for
        /// nothing. Called from inside libcurl. Returns whether the transfer's connection has been established, which
        /// is when libcurl promises to close its descriptor through closeSocket().
        virtual bool interestChanged(CURL *easy, bool reads) = 0;
        /// What wake() was called for. Not inside libcurl.
        virtual void woken() = 0;
        /// The transfer has ended; the handle is still to be removed. Not inside libcurl.
        virtual void done(CURL *easy, CURLcode result) = 0;

    protected:
        ~User() = default;
    };

    /// Keeps at most `maxIdleConnections` beside those of running transfers, but at least one. `user` must outlive this
    /// object.
    MultiSocket(int maxIdleConnections, User &user);
    ~MultiSocket() override;

    /// Connections beyond it are closed as transfers end.
    void setMaxIdleConnections(int count);

    /// Not inside libcurl.
    void add(CURL *easy);
    /// Not inside libcurl. The connection of a transfer that is under way is closed at once.
    void remove(CURL *easy);
    /// curl_easy_pause(), which may deliver held bytes from inside.
    CURLcode pause(CURL *easy, int bitmask);
    /// Asks for User::woken() from the event loop, or before the present turn goes back to it.
    void wake();

    /// Whether libcurl is on the call stack, where handles may neither be added nor removed.
    bool isInsideLibcurl() const { return m_insideLibcurl; }

    /// Closes all kept connections. Only while no handle is added.
    void closeIdleConnections();

    /// For CURLOPT_OPENSOCKETFUNCTION and CURLOPT_CLOSESOCKETFUNCTION of every added handle.
    curl_socket_t openSocket(const curl_sockaddr &address);
    int closeSocket(curl_socket_t descriptor);

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    using TimePoint = std::chrono::steady_clock::time_point;

    struct Watch;

    void createMulti();
    void limitConnections();
    void waitFor(CURL *easy, curl_socket_t descriptor, int what);
    void setTimeout(long milliseconds);
    void ready(curl_socket_t descriptor, int event);
    void run(curl_socket_t descriptor, int events);
    void act(curl_socket_t descriptor, int events);
    void deliverDone();
    bool isDue() const;
    void arm();

    static constexpr TimePoint never = TimePoint::max();
    static constexpr TimePoint atOnce = TimePoint::min();

    User &m_user;
    int m_maxIdleConnections;
    CURLM *m_multi = nullptr;
    std::unordered_map<curl_socket_t, Watch> m_watches;
    QBasicTimer m_timer;
    TimePoint m_due = never;
    TimePoint m_armedFor = never;
    int m_running = 0;
    bool m_wakeRequested = false;
    bool m_busy = false;
    bool m_insideLibcurl = false;
};

} // namespace hearth::httpclient
