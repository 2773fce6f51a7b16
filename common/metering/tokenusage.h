// TokenUsage: what a backend says that a request has cost. A plain value.

#pragma once

#include <QtGlobal>

namespace hearth::metering {

struct TokenUsage
{
    /// Tokens of the prompt.
    qint64 input = 0;
    /// Tokens of the answer.
    qint64 output = 0;

    qint64 total() const { return input + output; }

    friend bool operator==(const TokenUsage &, const TokenUsage &) = default;
};

} // namespace hearth::metering
