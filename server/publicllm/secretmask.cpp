#include "secretmask.h"

#include <sodium.h>

#include <algorithm>

namespace hearth::publicllm {

namespace {

constexpr qsizetype shortestSecret = 16;

} // namespace

SecretMask::SecretMask(const Secret &secret)
{
    if (secret.bytes().size() >= shortestSecret)
        m_secret = QByteArray(secret.bytes().constData(), secret.bytes().size());
}

SecretMask::~SecretMask()
{
    if (!m_secret.isEmpty())
        sodium_memzero(m_secret.data(), static_cast<size_t>(m_secret.size()));
}

QByteArrayView SecretMask::pass(QByteArrayView piece)
{
    if (m_secret.isEmpty() || (m_held.isEmpty() && piece.indexOf(m_secret) < 0 && begunAtEnd(piece) == 0))
        return piece;
    m_passed = masked(std::exchange(m_held, {}).append(piece));
    m_held = m_passed.last(begunAtEnd(m_passed));
    m_passed.chop(m_held.size());
    return m_passed;
}

QByteArray SecretMask::rest()
{
    return std::exchange(m_held, {});
}

QByteArray SecretMask::masked(QByteArray text) const
{
    return m_secret.isEmpty() ? text : text.replace(m_secret, "[key]");
}

qsizetype SecretMask::begunAtEnd(QByteArrayView text) const
{
    for (qsizetype size = std::min(text.size(), m_secret.size() - 1); size > 0; --size) {
        if (text.last(size) == QByteArrayView(m_secret).first(size))
            return size;
    }
    return 0;
}

} // namespace hearth::publicllm
