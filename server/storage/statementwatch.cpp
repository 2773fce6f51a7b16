#include "statementwatch.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hearth::storage {

StatementWatch::~StatementWatch()
{
    releaseSocket();
}

StatementWatch::Running::Running(StatementWatch &watch)
    : m_watch(watch)
{
    const std::scoped_lock lock(m_watch.m_mutex);
    m_watch.m_since = std::chrono::steady_clock::now();
}

StatementWatch::Running::~Running()
{
    const std::scoped_lock lock(m_watch.m_mutex);
    m_watch.m_since.reset();
}

void StatementWatch::watchSocket(int socket)
{
    releaseSocket();
    const std::scoped_lock lock(m_mutex);
    m_socket = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
}

void StatementWatch::releaseSocket()
{
    const std::scoped_lock lock(m_mutex);
    if (m_socket != -1)
        ::close(m_socket);
    m_socket = -1;
}

bool StatementWatch::cutIfRunningFor(Duration limit)
{
    const std::scoped_lock lock(m_mutex);
    if (m_socket == -1 || !m_since || std::chrono::steady_clock::now() - *m_since < limit)
        return false;
    return ::shutdown(m_socket, SHUT_RDWR) == 0;
}

} // namespace hearth::storage
