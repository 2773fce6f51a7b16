// FileDescriptor: owns one descriptor of the kernel and closes it.
//
// What ChildProcess and OutputCollector hold their pipes and processes with. Movable, not copyable; not tied to a
// thread.

#pragma once

#include <unistd.h>

#include <utility>

namespace hearth::publisher {

class FileDescriptor
{
public:
    FileDescriptor() = default;

    explicit FileDescriptor(int descriptor)
        : m_descriptor(descriptor)
    {}

    FileDescriptor(FileDescriptor &&other) noexcept
        : m_descriptor(std::exchange(other.m_descriptor, -1))
    {}

    FileDescriptor &operator=(FileDescriptor &&other) noexcept
    {
        std::swap(m_descriptor, other.m_descriptor);
        return *this;
    }

    ~FileDescriptor() { close(); }

    void close()
    {
        if (m_descriptor >= 0)
            ::close(std::exchange(m_descriptor, -1));
    }

    bool isValid() const { return m_descriptor >= 0; }

    /// -1 if there is none.
    int value() const { return m_descriptor; }

private:
    int m_descriptor = -1;
};

} // namespace hearth::publisher
