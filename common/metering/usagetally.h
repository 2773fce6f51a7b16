// UsageTally: the counts of a request, put together from the `usage` objects of its answer.
//
// A stream may tell them bit by bit and more than once: the last word on each count holds. A plain value.

#pragma once

#include "tokenusage.h"

#include <QByteArray>

#include <optional>

namespace hearth::metering {

class UsageTally
{
public:
    /// More tokens than any request has. A count beyond is a mistake, or meant to spoil the sums.
    static constexpr qint64 maxCount = 10'000'000;

    /// Takes the counts that `object` has, in the words of any API that Hearth relays. What is no whole number from 0
    /// to maxCount is passed over, and so is what is no object.
    void read(const QByteArray &object);

    /// Nothing before there was a count.
    std::optional<TokenUsage> usage() const;

private:
    std::optional<qint64> m_input;
    std::optional<qint64> m_output;
    /// Of the Messages API, whose `input_tokens` leave out what was written to the prompt cache or read from it;
    /// `prompt_tokens` include both.
    qint64 m_cacheWritten = 0;
    qint64 m_cacheRead = 0;
};

} // namespace hearth::metering
