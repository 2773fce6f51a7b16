// Destination: what a request is for, and what an agent is pinned to: one Llm, or a pool.
//
// A pool is all Llms that serve the same model; whichever of them is free serves the request. It has no row of its own:
// it is there while an Llm belongs to it. A plain value.

#pragma once

#include "ids.h"

#include <variant>

namespace hearth::domain {

struct PoolName
{
    PoolName() = default;

    explicit PoolName(QString name)
        : text(std::move(name))
    {}

    QString text;

    friend bool operator==(const PoolName &, const PoolName &) = default;

    friend size_t qHash(const PoolName &name, size_t seed = 0) { return qHash(name.text, seed); }
};

using Destination = std::variant<LlmId, PoolName>;

} // namespace hearth::domain
