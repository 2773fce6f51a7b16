// Lineup: the Llms that serve one queue, as they are at one moment, the best first.
//
// It says who would serve a request, who would be woken for it, and whether there is hope for it at all. Deciding and
// explaining both ask here, so that they cannot disagree. Changes nothing; short-lived, as it points to rows.

#pragma once

#include "member.h"
#include "turnqueue.h"

#include <QVarLengthArray>

#include <span>

namespace hearth::scheduling {

struct Contender
{
    const domain::Llm *row;
    bool reachable = false;
    Standing standing = Standing::Unavailable;
    int running = 0;
    quint64 lastUse = 0;
    BreakerState breaker = BreakerState::Closed;
    /// Left out of its pool for now, because it has failed repeatedly.
    bool resting = false;
    bool waking = false;
    /// It could not be woken lately.
    bool wakeRests = false;
    /// When time alone will change how it stands.
    std::optional<MonotonicTime> changesAt = std::nullopt;

    const LlmId &id() const { return row->id; }

    /// Whether it could run one more request.
    bool hasRoom() const { return standing == Standing::Ready && running < row->maxConcurrency; }

    /// Where several wait for its slot the highest goes first: the owner of its box, then the higher priority.
    int rank(const Request &request) const;

    bool isBeingWoken() const { return standing == Standing::Asleep && waking; }
};

class Lineup
{
public:
    using Contenders = QVarLengthArray<Contender, 20>;

    explicit Lineup(Contenders contenders);

    /// The best first.
    std::span<const Contender> all() const { return m_contenders; }

    /// Those of them that `destination` leaves to choose from.
    std::span<const Contender> of(const domain::Destination &destination) const;

    /// Whether `request` is for this one, be it busy or asleep, and has not been failed by it.
    static bool suits(const Contender &contender, const Request &request);
    /// Whether `request` may be sent to `contender` now.
    bool mayServe(const Contender &contender, const Request &request) const;
    /// The one that serves `request` now, if nobody else waits: `preferred` if it can, or else the best. Null when
    /// none can.
    const Contender *server(const Request &request, const std::optional<LlmId> &preferred) const;
    /// Whose slots `request` waits for first of all: of the best that suit it, the one where it goes before most
    /// others. Null when none suits.
    const Contender *likeliest(const Request &request) const;
    /// Whether `request` can be served by one that is ready, now or when a slot becomes free.
    bool hasReady(const Request &request) const;
    /// Whether there is anything to wait for. `mayReturn`: a lost publisher is; `failedWakes` are not.
    bool hasHope(const Request &request, bool mayReturn, const QList<LlmId> &failedWakes = {}) const;
    /// The one that is being woken, or else is to be woken, for those who wait for `destination`; null when none is.
    const Contender *sleeper(const domain::Destination &destination, std::span<Waiter *const> waiters,
                             int wakeWhenQueuedOver) const;

    /// What all that are ready may run at the same time.
    int slots(const domain::Destination &destination) const;

private:
    bool isLeftOut(const Contender &contender, const Request &request) const;
    static bool mayBeWoken(const Contender &contender, const Request &request);

    Contenders m_contenders;
};

} // namespace hearth::scheduling
