#include "sharedtail.h"

#include <sys/uio.h>

#include <algorithm>

namespace hearth::publisher {

ssize_t SharedTail::takeFrom(int descriptor)
{
    const size_t total = m_total.load(std::memory_order_relaxed);
    const size_t position = total % capacity;
    const std::array<iovec, 2> free{iovec{m_ring.data() + position, capacity - position},
                                    iovec{m_ring.data(), position}};
    const ssize_t taken = ::readv(descriptor, free.data(), static_cast<int>(free.size()));
    if (taken > 0)
        m_total.store(total + static_cast<size_t>(taken), std::memory_order_release);
    return taken;
}

QByteArray SharedTail::bytes() const
{
    const size_t total = m_total.load(std::memory_order_acquire);
    const size_t position = total % capacity;
    QByteArray tail(m_ring.data(), static_cast<qsizetype>(position));
    if (total < capacity)
        return tail;
    tail.prepend(m_ring.data() + position, static_cast<qsizetype>(capacity - position));
    const qsizetype firstEnd = tail.indexOf('\n');
    if (total > capacity && firstEnd + 1 < tail.size())
        tail.remove(0, firstEnd + 1);
    return tail;
}

} // namespace hearth::publisher
