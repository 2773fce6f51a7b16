// AnswerMeter: reads the usage out of an answer that passes by, and takes out of a stream what only Hearth asked for.
//
// RelayTask keeps one for each answer and hands it every piece that the backend sends. What it does not take out it
// hands on, byte for byte, in order. Of a stream in which it is to take out the usage chunk it holds back the bytes of
// one unfinished event at most; in all other answers it holds back nothing. Its memory is bounded: an event or a usage
// object that is longer than its limit passes unread. Main thread only.

#pragma once

#include "operation.h"
#include "tokenusage.h"

#include <QByteArrayView>

#include <functional>
#include <memory>
#include <optional>

namespace hearth::metering {

class AnswerMeter
{
public:
    enum class Form { EventStream, Whole };

    /// What the chunk that only tells the usage is for: kept where the client asked for it, and where nobody did.
    enum class UsageChunk { Keep, Remove };

    /// What an answer has told of its own end.
    enum class End {
        /// It is complete, or of a kind that tells nothing about that.
        Told,
        /// It is not over yet, or was cut off.
        Missing,
        /// An error came in mid-stream.
        Failed,
    };

    using Forward = std::function<void(QByteArrayView)>;

    AnswerMeter(Operation operation, Form form, UsageChunk chunk);
    ~AnswerMeter();
    AnswerMeter(AnswerMeter &&) noexcept;
    AnswerMeter &operator=(AnswerMeter &&) noexcept;

    /// Hands on what may pass, in as many calls as it takes; `forward` must not destroy the meter. Returns how many
    /// bytes were taken out by this call, held-back ones of earlier calls included.
    qint64 take(QByteArrayView piece, const Forward &forward);
    /// The answer is over, complete or not: hands on what was held back, unless it is to be taken out. Returns how many
    /// bytes were taken out.
    qint64 finish(const Forward &forward);

    /// As far as the answer has told.
    std::optional<TokenUsage> usage() const;

    End end() const;
    /// How many events have come, comments left out: about as many as tokens. None in an answer that is no stream.
    qint64 events() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace hearth::metering
