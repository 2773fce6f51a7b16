#include "secret.h"

#include <sodium.h>

namespace hearth::publicllm {

Secret::~Secret()
{
    if (!m_bytes.isEmpty())
        sodium_memzero(m_bytes.data(), static_cast<size_t>(m_bytes.size()));
}

} // namespace hearth::publicllm
