// Secret: a text that is wiped from memory when it is not needed any more.
//
// What SecretBox opens. Move-only, so that there is one copy; whoever copies its bytes answers for the copy.

#pragma once

#include <QByteArray>

#include <utility>

namespace hearth::publicllm {

class Secret
{
public:
    Secret() = default;

    explicit Secret(QByteArray bytes)
        : m_bytes(std::move(bytes))
    {}

    Secret(Secret &&other) noexcept
        : m_bytes(std::exchange(other.m_bytes, {}))
    {}

    Secret &operator=(Secret &&other) noexcept
    {
        std::swap(m_bytes, other.m_bytes);
        return *this;
    }

    ~Secret();

    const QByteArray &bytes() const { return m_bytes; }

    bool isEmpty() const { return m_bytes.isEmpty(); }

private:
    QByteArray m_bytes;
};

} // namespace hearth::publicllm
