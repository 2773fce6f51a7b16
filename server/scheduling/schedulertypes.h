// What the scheduler is asked and what it decides. Plain values.

#pragma once

#include "apikey.h"
#include "destination.h"
#include "result.h"

#include <QList>

#include <optional>
#include <variant>

namespace hearth::scheduling {

/// One request, from its submission until its slot has been released. Never reused.
enum class Ticket : quint64 {};

inline size_t qHash(Ticket ticket, size_t seed = 0)
{
    return ::qHash(static_cast<quint64>(ticket), seed);
}

/// What the scheduler has to know of a request.
struct Request
{
    domain::Destination destination;
    ApiKeyId key;
    /// The owner of that key: on the boxes of this owner the request goes before those of others.
    QString owner;
    domain::Priority priority = domain::Priority::Normal;
    /// Tells the conversation that the request goes on with; nothing where it cannot be told.
    std::optional<quint64> conversation = std::nullopt;
    /// The Llms that have failed it already, and are not asked again.
    QList<LlmId> tried = {};
    /// It was with an Llm already and could not be served there: it is not refused for want of room in the queue, goes
    /// before what its key has waiting for the first time, and waits for a lost publisher to come back.
    bool again = false;
    /// What it has used up of the longest wait before: as Granted::waited told last.
    Duration waited{};
    /// The longest wait that it was promised when it came first; nothing for what the settings say.
    std::optional<Duration> maxWait = std::nullopt;
};

/// The request is to be sent to `llm` now; its slot is taken until release().
struct Granted
{
    Ticket ticket;
    LlmId llm;
    /// What it has used up of the longest wait, all its attempts together.
    Duration waited{};
};

/// The request is over: nobody can serve it, or it has waited too long, or made room for another one.
struct Refused
{
    Ticket ticket;
    Error error;
};

/// `llm` is to be woken. Its outcome is to be told through Scheduler::wakeEnded().
struct WakeWanted
{
    LlmId llm;
};

using Decision = std::variant<Granted, Refused, WakeWanted>;

/// How an Llm has done with a request.
enum class MemberOutcome {
    Served,
    /// It could not be reached, or its backend said that it cannot serve now.
    Failed,
};

/// Where a request stands among those who want the same slots. An estimate: in a pool they are those of the member that
/// would serve it first as things are, and nobody comes, leaves or changes.
struct QueuePosition
{
    /// From 1.
    int place = 0;
    /// How many want these slots, itself included.
    int waiting = 0;
    /// Until it is served, as far as the last minutes tell; nothing before there is something to tell.
    std::optional<Duration> estimate;
};

enum class BreakerState {
    Closed,
    /// Left out of its pool for a while.
    Open,
    /// The while is over: one request may try whether it serves again.
    HalfOpen,
};

/// One Llm, in the answer to the question which would serve a request.
struct Candidate
{
    LlmId llm;
    int running = 0;
    BreakerState breaker = BreakerState::Closed;
    /// In words: why it is chosen, or why not.
    QString reason;
};

/// What would become of a request now, and why.
struct Explanation
{
    enum class Verdict {
        /// It would be sent to `chosen` at once.
        Dispatch,
        /// All that may serve it are full: it would wait.
        Queue,
        /// It would wait, and `chosen` would be woken or is being woken.
        Wake,
        Refuse,
    };

    Verdict verdict = Verdict::Refuse;
    std::optional<LlmId> chosen;
    /// In words: what the verdict rests on.
    QString reason;
    /// Every Llm that was considered, the best first.
    QList<Candidate> candidates;
    int waiting = 0;
    /// Of a request that came now and had to wait.
    std::optional<Duration> estimate;
};

} // namespace hearth::scheduling
