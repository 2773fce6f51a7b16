// StatementWatch: lets another thread see that a statement hangs, and cut the connection under it.
//
// The storage thread reports through it when a statement begins and ends and which socket carries it; while that thread
// is stuck inside the client library, the main thread asks. A PostgreSQL server that is frozen but not dead keeps its
// TCP connection alive, so no socket option ever ends that wait: only shutting the socket down does. SQLite has no
// socket and bounds its waits itself. Safe from any thread; not a timeout by itself.

#pragma once

#include "clock.h"

#include <mutex>
#include <optional>

namespace hearth::storage {

class StatementWatch
{
public:
    StatementWatch() = default;
    ~StatementWatch();
    StatementWatch(const StatementWatch &) = delete;
    StatementWatch &operator=(const StatementWatch &) = delete;

    /// Marks a statement as running for as long as it lives.
    class Running
    {
    public:
        explicit Running(StatementWatch &watch);
        ~Running();
        Running(const Running &) = delete;
        Running &operator=(const Running &) = delete;

    private:
        StatementWatch &m_watch;
    };

    /// Watches a duplicate of `socket`: the number of the original may be reused as soon as the client library closes
    /// it.
    void watchSocket(int socket);
    /// Before the connection is closed, so that the other side sees its end.
    void releaseSocket();

    /// Shuts the socket down when a statement has been running for longer than `limit`; says whether it did.
    bool cutIfRunningFor(Duration limit);

private:
    std::mutex m_mutex;
    int m_socket = -1;
    std::optional<std::chrono::steady_clock::time_point> m_since;
};

} // namespace hearth::storage
