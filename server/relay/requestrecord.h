// RequestRecord: how one request has ended, for those who count: usage, metrics and the access log.
//
// The relay makes one for each request that it took or refused, when it is over, and tells its observers. A plain
// value; it holds no prompt and no key.

#pragma once

#include "clock.h"
#include "errorcode.h"
#include "ids.h"
#include "operation.h"
#include "tokenusage.h"

#include <QString>

#include <optional>

namespace hearth::relay {

enum class Outcome {
    /// A complete answer with a status below 400.
    Succeeded,
    /// A complete answer of the backend that says no: status 400 and above.
    Rejected,
    /// Ended by an error before the first byte of an answer, after it had been sent to an Llm at least once.
    Failed,
    /// Ended by an error before it was sent anywhere: no room, no publisher, a limit, a failed wake.
    Refused,
    /// An answer that was cut off after its first byte, or whose stream has told an error or no end. Never a success.
    Truncated,
    /// The client left before the end.
    Cancelled,
};

/// `succeeded`, `rejected`, `failed`, `refused`, `truncated`, `cancelled`.
QLatin1String toString(Outcome outcome);

struct RequestRecord
{
    ApiKeyId key;
    /// Whom that key belongs to.
    QString owner;
    QString keyName;
    metering::Operation operation = metering::Operation::Chat;
    /// As the client called it: an Llm, an agent or a pool.
    QString model;
    /// The name of the Llm that served it last; empty when none did.
    QString llm;
    Outcome outcome = Outcome::Refused;
    /// Present for Failed, Refused and Truncated.
    std::optional<ErrorCode> error;
    /// The backend's; 0 without an answer.
    int status = 0;
    bool streamed = false;
    /// How often it was sent to an Llm.
    int attempts = 0;
    /// All the time that it waited for slots and wakes.
    Duration queued{};
    /// From its acceptance to its end.
    Duration total{};
    /// From its acceptance to the first byte of the backend's body.
    std::optional<Duration> firstByte;
    /// What the backend has counted; nothing where it did not say.
    std::optional<metering::TokenUsage> usage;
    qint64 requestBytes = 0;
    qint64 answerBytes = 0;
};

/// A wake that is over.
struct WakeRecord
{
    /// Nothing for a success.
    std::optional<ErrorCode> error;
    Duration took{};
};

class RelayObserver
{
public:
    virtual ~RelayObserver() = default;

    virtual void requestEnded(const RequestRecord &record) = 0;
    virtual void wakeEnded(const WakeRecord &record) = 0;
};

} // namespace hearth::relay
