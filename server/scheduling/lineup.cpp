#include "lineup.h"

#include <algorithm>
#include <functional>

namespace hearth::scheduling {

namespace {

bool isBetter(const Contender &a, const Contender &b)
{
    if (a.standing != b.standing)
        return a.standing < b.standing;
    if (a.wakeRests != b.wakeRests)
        return b.wakeRests;
    // running ÷ maxConcurrency, without the division.
    const qint64 loadOfA = qint64{a.running} * b.row->maxConcurrency;
    const qint64 loadOfB = qint64{b.running} * a.row->maxConcurrency;
    if (loadOfA != loadOfB)
        return loadOfA < loadOfB;
    if (a.lastUse != b.lastUse)
        return a.lastUse < b.lastUse;
    return a.id() < b.id();
}

bool isPool(const domain::Destination &destination)
{
    return std::holds_alternative<domain::PoolName>(destination);
}

} // namespace

int Contender::rank(const Request &request) const
{
    constexpr int aboveAllPriorities = static_cast<int>(domain::Priority::High) + 1;
    const bool isOwners = row->kind == domain::LlmKind::Virtual && request.owner == row->owner;
    return static_cast<int>(request.priority) + (isOwners ? aboveAllPriorities : 0);
}

Lineup::Lineup(Contenders contenders)
    : m_contenders(std::move(contenders))
{
    std::sort(m_contenders.begin(), m_contenders.end(), isBetter);
}

std::span<const Contender> Lineup::of(const domain::Destination &destination) const
{
    const auto *const llm = std::get_if<LlmId>(&destination);
    if (!llm)
        return all();
    const auto named = std::find_if(m_contenders.begin(), m_contenders.end(),
                                    [llm](const Contender &contender) { return contender.id() == *llm; });
    return named == m_contenders.end() ? std::span<const Contender>() : std::span(&*named, 1);
}

bool Lineup::isLeftOut(const Contender &contender, const Request &request) const
{
    if (!contender.resting || !isPool(request.destination))
        return false;
    return std::any_of(m_contenders.begin(), m_contenders.end(), [&request](const Contender &other) {
        return other.standing == Standing::Ready && !other.resting && !request.tried.contains(other.id());
    });
}

bool Lineup::suits(const Contender &contender, const Request &request)
{
    const auto *const named = std::get_if<LlmId>(&request.destination);
    return (!named || *named == contender.id()) && !request.tried.contains(contender.id());
}

bool Lineup::mayServe(const Contender &contender, const Request &request) const
{
    return contender.hasRoom() && suits(contender, request) && !isLeftOut(contender, request);
}

bool Lineup::mayBeWoken(const Contender &contender, const Request &request)
{
    if (contender.standing != Standing::Asleep || request.tried.contains(contender.id()))
        return false;
    // Else one that cannot be woken would be tried for each request that another one has failed.
    const bool isLeftInPeace = request.again && isPool(request.destination);
    return !isLeftInPeace || contender.waking || !contender.wakeRests;
}

const Contender *Lineup::server(const Request &request, const std::optional<LlmId> &preferred) const
{
    const Contender *best = nullptr;
    for (const Contender &contender : of(request.destination)) {
        if (!mayServe(contender, request))
            continue;
        if (!preferred || contender.id() == *preferred)
            return &contender;
        if (!best)
            best = &contender;
    }
    return best;
}

const Contender *Lineup::likeliest(const Request &request) const
{
    const Contender *likeliest = nullptr;
    for (const Contender &contender : of(request.destination)) {
        if (!suits(contender, request))
            continue;
        if (!likeliest ||
            (contender.standing == likeliest->standing && contender.rank(request) > likeliest->rank(request)))
            likeliest = &contender;
    }
    return likeliest;
}

bool Lineup::hasReady(const Request &request) const
{
    const auto contenders = of(request.destination);
    return std::any_of(contenders.begin(), contenders.end(), [&request](const Contender &contender) {
        return contender.standing == Standing::Ready && !request.tried.contains(contender.id());
    });
}

bool Lineup::hasHope(const Request &request, bool mayReturn, const QList<LlmId> &failedWakes) const
{
    const auto contenders = of(request.destination);
    return std::any_of(contenders.begin(), contenders.end(), [&](const Contender &contender) {
        if (request.tried.contains(contender.id()))
            return false;
        switch (contender.standing) {
        case Standing::Ready:
            return true;
        case Standing::Asleep:
            return mayBeWoken(contender, request) && !failedWakes.contains(contender.id());
        case Standing::Returning:
            return mayReturn;
        case Standing::Unavailable:
            return false;
        }
        Q_UNREACHABLE();
    });
}

const Contender *Lineup::sleeper(const domain::Destination &destination, std::span<Waiter *const> waiters,
                                 int wakeWhenQueuedOver) const
{
    const auto contenders = of(destination);
    // One at a time: when it is up it may be enough.
    const auto woken = std::find_if(contenders.begin(), contenders.end(), std::mem_fn(&Contender::isBeingWoken));
    if (woken != contenders.end())
        return &*woken;
    const auto isWanted = [&](const Contender &contender) {
        if (contender.standing != Standing::Asleep)
            return false;
        const auto mayUse = [&](const Waiter *waiter) { return mayBeWoken(contender, waiter->request); };
        const auto needs = [&](const Waiter *waiter) {
            return mayUse(waiter) && !waiter->failedWakes.contains(contender.id()) && !hasReady(waiter->request);
        };
        return std::any_of(waiters.begin(), waiters.end(), needs) ||
               (!contender.wakeRests && std::count_if(waiters.begin(), waiters.end(), mayUse) > wakeWhenQueuedOver);
    };
    const auto wanted = std::find_if(contenders.begin(), contenders.end(), isWanted);
    return wanted == contenders.end() ? nullptr : &*wanted;
}

int Lineup::slots(const domain::Destination &destination) const
{
    int slots = 0;
    for (const Contender &contender : of(destination))
        slots += contender.standing == Standing::Ready ? contender.row->maxConcurrency : 0;
    return slots;
}

} // namespace hearth::scheduling
