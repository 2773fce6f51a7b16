// SharedTail: the last bytes of a stream that has no end, in memory that two processes share.
//
// One process takes them from a descriptor for as long as it lives, the other looks when it wants to; neither waits for
// the other. Used by OutputCollector only. What is read while the stream goes on may be a mixture of older and newer
// bytes: it is text for a person, not data.

#pragma once

#include <QByteArray>

#include <sys/types.h>

#include <array>
#include <atomic>

namespace hearth::publisher {

class SharedTail
{
public:
    /// In bytes; what a line of the log takes (logline.h), with its introduction.
    static constexpr size_t capacity = 8000;

    /// Takes what `descriptor` has, once; what read(2) returns. For the process that collects: async-signal-safe.
    ssize_t takeFrom(int descriptor);

    /// The last `capacity` bytes at most, without the rest of a line whose beginning is lost, unless there is
    /// no other.
    QByteArray bytes() const;

private:
    static_assert(std::atomic<size_t>::is_always_lock_free, "a lock would not be shared between processes");

    std::atomic<size_t> m_total = 0;
    std::array<char, capacity> m_ring = {};
};

} // namespace hearth::publisher
