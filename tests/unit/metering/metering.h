// What the tests of AnswerMeter share: an answer that goes through a meter in pieces, and what becomes of it.

#pragma once

#include "answermeter.h"

#include <algorithm>
#include <functional>

namespace hearth::testsupport {

struct Metered
{
    QByteArray forwarded;
    qint64 removed = 0;
    /// What had been handed on before the answer was over.
    QByteArray forwardedEarly;
    std::optional<metering::TokenUsage> usage;
    metering::AnswerMeter::End end = metering::AnswerMeter::End::Missing;
};

/// Sends `answer` through `meter`; each piece is as long as `nextSize` says.
inline Metered metered(metering::AnswerMeter meter, const QByteArray &answer,
                       const std::function<qsizetype()> &nextSize)
{
    Metered result;
    const auto forward = [&result](QByteArrayView piece) { result.forwarded.append(piece); };
    for (qsizetype at = 0; at < answer.size();) {
        // A copy, so that reading beyond it is noticed.
        const QByteArray piece = answer.sliced(at, std::min(nextSize(), answer.size() - at));
        result.removed += meter.take(piece, forward);
        at += piece.size();
    }
    result.forwardedEarly = result.forwarded;
    result.removed += meter.finish(forward);
    result.usage = meter.usage();
    result.end = meter.end();
    return result;
}

inline Metered metered(metering::AnswerMeter meter, const QByteArray &answer)
{
    return metered(std::move(meter), answer, [&answer] { return answer.size(); });
}

inline metering::AnswerMeter streamMeter(metering::Operation operation, metering::AnswerMeter::UsageChunk chunk)
{
    return {operation, metering::AnswerMeter::Form::EventStream, chunk};
}

/// One that takes the usage chunk out of a chat completion.
inline metering::AnswerMeter removingMeter()
{
    return streamMeter(metering::Operation::Chat, metering::AnswerMeter::UsageChunk::Remove);
}

} // namespace hearth::testsupport
