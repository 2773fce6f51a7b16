#include "turnqueue.h"

#include <algorithm>

namespace hearth::scheduling {

void Lane::stopClock(bool stopped, MonotonicTime now)
{
    if (stopped == stoppedAt.has_value())
        return;
    if (stopped)
        stoppedAt = now;
    else
        stood += now - *std::exchange(stoppedAt, std::nullopt);
}

Duration Lane::waited(const Waiter &waiter, MonotonicTime now) const
{
    return time(now) - waiter.since;
}

void TurnQueue::add(Waiter &waiter)
{
    const ApiKeyId &key = waiter.request.key;
    auto turn = m_turns.find(key);
    if (turn == m_turns.end())
        turn = m_turns.insert(key, m_ring.insert(m_ring.end(), Turn{key, {}}));
    waiter.turn = *turn;
    std::vector<Waiter *> &line = waiter.turn->line;
    const auto isFirst = [](const Waiter *other) { return !other->request.again; };
    line.insert(waiter.request.again ? std::ranges::find_if(line, isFirst) : line.end(), &waiter);
}

void TurnQueue::remove(Waiter &waiter)
{
    std::erase(waiter.turn->line, &waiter);
    if (!waiter.turn->line.empty())
        return;
    m_turns.remove(waiter.request.key);
    m_ring.erase(waiter.turn);
}

void TurnQueue::serve(Waiter &waiter)
{
    m_ring.splice(m_ring.end(), m_ring, waiter.turn);
    remove(waiter);
}

std::vector<Waiter *> TurnQueue::inOrder(const Lane &lane) const
{
    std::vector<Waiter *> waiters;
    for (const Turn &turn : m_ring)
        std::ranges::copy_if(turn.line, std::back_inserter(waiters),
                             [&lane](const Waiter *waiter) { return waiter->lane == &lane; });
    return waiters;
}

QueuePosition TurnQueue::position(const Waiter &waiter, const Ranking &rank) const
{
    const std::optional<int> own = rank(waiter);
    const auto isRival = [&](const Waiter *other) { return rank(*other) == own; };
    const auto isFavoured = [&](const Waiter *other) { return rank(*other) > own; };
    const std::vector<Waiter *> &line = waiter.turn->line;
    const auto ahead = std::count_if(line.begin(), std::find(line.begin(), line.end(), &waiter), isRival);
    auto place = 1 + ahead;
    std::ptrdiff_t waiting = 0;
    bool beforeOwn = true;
    for (const Turn &turn : m_ring) {
        waiting += std::ranges::count_if(turn.line, [&](const Waiter *other) { return rank(*other).has_value(); });
        place += std::ranges::count_if(turn.line, isFavoured);
        if (&turn == &*waiter.turn)
            beforeOwn = false;
        else
            place += std::min(std::ranges::count_if(turn.line, isRival), beforeOwn ? ahead + 1 : ahead);
    }
    return {static_cast<int>(place), static_cast<int>(waiting), std::nullopt};
}

Waiter *TurnQueue::toMakeRoom(const Lane &lane, const ApiKeyId &newcomer) const
{
    const auto canGo = [&lane](const Waiter *waiter) { return waiter->lane == &lane && !waiter->request.again; };
    const auto share = [&](const Turn &turn) { return std::ranges::count_if(turn.line, canGo); };
    const auto own = m_turns.constFind(newcomer);
    auto most = 1 + (own == m_turns.constEnd() ? 0 : share(**own));
    const Turn *greediest = nullptr;
    for (const Turn &turn : m_ring) {
        if (const auto has = share(turn); has > most) {
            most = has;
            greediest = &turn;
        }
    }
    return greediest ? *std::find_if(greediest->line.rbegin(), greediest->line.rend(), canGo) : nullptr;
}

} // namespace hearth::scheduling
