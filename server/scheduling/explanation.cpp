#include "refusals.h"
#include "schedulerprivate.h"

namespace hearth::scheduling {

namespace {

/// Whom a request would go to, and how the others look beside that one.
class Reasons
{
public:
    Reasons(const Lineup &lineup, const Request &request, const Explanation &explanation)
        : m_lineup(lineup)
        , m_request(request)
        , m_explanation(explanation)
    {}

    QString of(const Contender &contender) const
    {
        if (m_request.tried.contains(contender.id()))
            return QStringLiteral("has failed this request already");
        switch (contender.standing) {
        case Standing::Ready:
            return ofReady(contender);
        case Standing::Asleep:
            return ofAsleep(contender);
        case Standing::Returning:
            return QStringLiteral("its publisher was lost a moment ago and may come back");
        case Standing::Unavailable:
            break;
        }
        const std::optional<Error> error = obstacle(*contender.row, contender.reachable);
        return error ? error->message : QString();
    }

private:
    bool isChosen(const Contender &contender) const { return m_explanation.chosen == contender.id(); }

    QString ofReady(const Contender &contender) const
    {
        const QString slots =
            QStringLiteral("%1 of %2 slots are taken").arg(contender.running).arg(contender.row->maxConcurrency);
        if (isChosen(contender))
            return QStringLiteral("chosen; ") + slots;
        if (!contender.hasRoom())
            return QStringLiteral("full; ") + slots;
        if (!m_lineup.mayServe(contender, m_request))
            return QStringLiteral("left out for a while, because it has failed repeatedly");
        return QStringLiteral("has room, but another one has more, or has been idle for longer, or has served the "
                              "conversation before; ") +
               slots;
    }

    QString ofAsleep(const Contender &contender) const
    {
        if (contender.waking)
            return QStringLiteral("hibernates, and is being woken");
        if (isChosen(contender))
            return QStringLiteral("hibernates, and would be woken");
        if (contender.wakeRests)
            return QStringLiteral("hibernates, and could not be woken lately");
        return QStringLiteral("hibernates, and need not be woken");
    }

    const Lineup &m_lineup;
    const Request &m_request;
    const Explanation &m_explanation;
};

} // namespace

void Scheduler::Private::judge(const Request &request, const Lineup &candidates, Explanation &explanation) const
{
    using Verdict = Explanation::Verdict;
    if (!candidates.hasHope(request, request.again)) {
        explanation.reason = hopeless(request, candidates).message;
        return;
    }
    const std::optional<LlmId> warm = preferred(request);
    if (const Contender *const server = candidates.server(request, warm)) {
        explanation.verdict = Verdict::Dispatch;
        explanation.chosen = server->id();
        explanation.reason = warm == server->id() ? QStringLiteral("It served the conversation last, and has room.")
                                                  : QStringLiteral("It is the least loaded of those that have room.");
        return;
    }
    const Lane *const lane = findLane(request.destination);
    const bool full = isFull(request, candidates, lane);
    const Waiter *const evicted = full ? toMakeRoom(request, lane) : nullptr;
    if (full && !evicted) {
        explanation.reason = QStringLiteral("The queue is full.");
        return;
    }
    Waiter newcomer{.ticket = {}, .request = request};
    std::vector<Waiter *> waiting = lane ? lane->waiters : std::vector<Waiter *>();
    std::erase(waiting, evicted);
    waiting.push_back(&newcomer);
    const Contender *const sleeper = candidates.sleeper(request.destination, waiting, m_settings.wakeWhenQueuedOver);
    explanation.verdict = sleeper ? Verdict::Wake : Verdict::Queue;
    explanation.reason = candidates.hasReady(request) ? QStringLiteral("All that are active and may serve it are full.")
                                                      : QStringLiteral("None that may serve it is active.");
    if (sleeper)
        explanation.chosen = sleeper->id();
}

Explanation Scheduler::Private::explain(const Request &request) const
{
    const domain::Destination home = groupOf(request.destination);
    const Lineup candidates = lineup(home);
    Explanation explanation;
    judge(request, candidates, explanation);

    const Reasons reasons(candidates, request, explanation);
    for (const Contender &contender : candidates.of(request.destination))
        explanation.candidates.append({contender.id(), contender.running, contender.breaker, reasons.of(contender)});
    const Lane *const lane = findLane(request.destination);
    explanation.waiting = lane ? lane->count() : 0;
    if (const Group *const group = findGroup(home)) {
        const int slots = candidates.slots(request.destination);
        explanation.estimate = group->rate.estimate(group->waiting() + 1, slots);
    }
    return explanation;
}

} // namespace hearth::scheduling
