// Simulation: the promises, checked without asking the scheduler where that can be avoided.

#include "simulation.h"

#include <algorithm>

namespace hearth::testsupport {

using namespace scheduling;

namespace {

bool isActive(const domain::Llm &llm)
{
    return llm.status == domain::LlmStatus::Active;
}

bool isNamed(const Request &request)
{
    return std::holds_alternative<LlmId>(request.destination);
}

} // namespace

Simulation::Box *Simulation::boxOf(const LlmId &llm)
{
    const auto number = m_boxNumbers.constFind(llm);
    return number == m_boxNumbers.constEnd() ? nullptr : &m_boxes[*number];
}

size_t Simulation::placeOf(const domain::Destination &destination) const
{
    if (const auto *const llm = std::get_if<LlmId>(&destination))
        return firstBox + m_boxNumbers.value(*llm);
    return static_cast<size_t>(pools.indexOf(std::get<domain::PoolName>(destination).text));
}

size_t Simulation::groupOf(size_t place) const
{
    return place < firstBox ? place : m_boxes[place - firstBox].pool.value_or(place);
}

void Simulation::startsToWait(Job &job)
{
    const auto isOfItsKey = [&job](const Job *other) { return other->key == job.key; };
    job.place = placeOf(job.request.destination);
    job.waitsSince = m_placeClocks[job.place] - job.request.waited;
    bool keyWaits = false;
    for (size_t place = 0; place < m_waiting.size(); ++place) {
        const std::set<Job *> &jobs = m_waiting[place];
        if (!jobs.empty() && groupOf(place) == groupOf(job.place))
            keyWaits = keyWaits || std::any_of(jobs.begin(), jobs.end(), isOfItsKey);
    }
    if (!keyWaits)
        m_turns.joined(groupOf(job.place), job.request.key);
    job.waits = true;
    m_waiting[job.place].insert(&job);
}

void Simulation::stopsWaiting(Job &job)
{
    require(waited(job) <= m_settings.maxWait, "nobody waits for longer than it may");
    job.waits = false;
    m_waiting[job.place].erase(&job);
}

int Simulation::waiting() const
{
    size_t count = 0;
    for (const std::set<Job *> &jobs : m_waiting)
        count += jobs.size();
    return static_cast<int>(count);
}

template <typename Predicate>
bool Simulation::anyWaiting(const Box &box, Predicate is) const
{
    const auto isIt = [&](const Job *job) { return matches(*job, box) && is(*job); };
    const auto anyOf = [&isIt](const std::set<Job *> &jobs) { return std::any_of(jobs.begin(), jobs.end(), isIt); };
    return anyOf(m_waiting[placeOf(box)]) || (box.pool && anyOf(m_waiting[*box.pool]));
}

void Simulation::require(bool kept, const char *promise)
{
    if (!kept && m_report.violation.isEmpty())
        m_report.violation = QLatin1String(promise);
}

bool Simulation::matches(const Job &job, const Box &box) const
{
    const Request &request = job.request;
    const bool isMeant = isNamed(request) ? std::get<LlmId>(request.destination) == box.id : job.place == box.pool;
    return isMeant && (request.tried.isEmpty() || !request.tried.contains(box.id));
}

bool Simulation::isReady(const Box &box) const
{
    return isActive(*box.row) && !m_unreachable.contains(box.row);
}

bool Simulation::isLost(const Box &box) const
{
    const domain::Llm &llm = *box.row;
    const bool mayBeLost = isActive(llm) || llm.statusReason == domain::StatusReason::Offline;
    return mayBeLost && m_unreachable.contains(box.row);
}

bool Simulation::hasHope(const Job &job) const
{
    const MonotonicTime now = m_clock.now();
    const bool sparesSleepers = job.request.again && !isNamed(job.request);
    return std::ranges::any_of(m_boxes, [&](const Box &box) {
        const domain::Llm &llm = *box.row;
        if (!matches(job, box))
            return false;
        if (isLost(box))
            return box.lostAt && now < *box.lostAt + m_settings.reconnectGrace;
        if (m_unreachable.contains(box.row) || llm.status == domain::LlmStatus::Inactive)
            return false;
        return isActive(llm) || (llm.wake && (!sparesSleepers || box.wake || !box.wakeBreaker.isPaused(now)));
    });
}

bool Simulation::isLeftOut(const Box &box) const
{
    return box.breaker.isPaused(m_clock.now()) || (box.probe && box.breaker.mayBeProbed(m_clock.now()));
}

bool Simulation::isLeftOutFor(const Box &box, const Request &request) const
{
    if (isNamed(request) || !isLeftOut(box))
        return false;
    return std::ranges::any_of(m_boxes, [&](const Box &other) {
        return isReady(other) && other.pool == box.pool && !isLeftOut(other) && !request.tried.contains(other.id);
    });
}

bool Simulation::standsStill(size_t place) const
{
    bool wakes = false;
    for (const Box &box : m_boxes) {
        if (box.pool != place && placeOf(box) != place)
            continue;
        if (isReady(box))
            return false;
        wakes = wakes || (box.wake && box.row->status == domain::LlmStatus::Hibernating);
    }
    return wakes;
}

std::map<ApiKeyId, int> Simulation::shares(size_t place) const
{
    std::map<ApiKeyId, int> shares;
    for (const Job *const job : m_waiting[place])
        shares[job->request.key] += job->request.again ? 0 : 1;
    return shares;
}

void Simulation::checkEvicted(const Job &job)
{
    ++m_report.evictions;
    std::map<ApiKeyId, int> has = shares(job.place);
    const std::set<Job *> &waiting = m_waiting[job.place];
    require(static_cast<int>(waiting.size()) > m_settings.maxWaiting, "only a full queue refuses");
    require(!job.request.again, "what comes again is not refused for room");
    const int most = has[job.request.key];
    require(has[m_newcomer->request.key] < most, "who makes room is greedier than who comes");
    require(std::ranges::all_of(has, [most](const auto &share) { return share.second <= most; }),
            "the greediest makes room");
    require(std::ranges::none_of(waiting,
                                 [&job](const Job *other) {
                                     return other->key == job.key && !other->request.again &&
                                            other->ticket > job.ticket;
                                 }),
            "the newest of the greediest makes room");
}

void Simulation::checkNewcomerRefused(const Job &job)
{
    const size_t place = placeOf(job.request.destination);
    std::map<ApiKeyId, int> has = shares(place);
    require(static_cast<int>(m_waiting[place].size()) >= m_settings.maxWaiting, "only a full queue refuses");
    const int own = has[job.request.key] + 1;
    require(std::ranges::all_of(has, [own](const auto &share) { return share.second <= own; }),
            "the greediest makes room, not the newcomer");
}

int Simulation::rank(const Job &job, const domain::Llm &llm)
{
    const bool isOwner = llm.kind == domain::LlmKind::Virtual && llm.owner == job.request.owner;
    return static_cast<int>(job.request.priority) + (isOwner ? 10 : 0);
}

void Simulation::checkGrant(const Job &job, const Granted &grant)
{
    const Box &box = *boxOf(grant.llm);
    const domain::Llm &llm = *box.row;
    const int running = static_cast<int>(box.running.size());
    require(job.waits && !job.server && !job.end, "a request is served once, and only while it waits");
    require(isReady(box), "only what is active and can be reached serves");
    require(matches(job, box), "a request goes where it belongs, and nowhere twice");
    require(!isLeftOutFor(box, job.request), "who is left out gets nothing but one request that tries it");
    require(running < llm.maxConcurrency, "no slot over the limit");
    require(m_scheduler.running(llm.id) == running + 1, "slots are counted");
    require(grant.waited == waited(job), "the waits of all attempts are added up, and nothing else");
    checkTurn(job, box);
}

void Simulation::checkTurn(const Job &job, const Box &box)
{
    const domain::Llm &llm = *box.row;
    QSet<ApiKeyId> others;
    const int own = rank(job, llm);
    anyWaiting(box, [&](const Job &other) {
        if (other.key == job.key || isLeftOutFor(box, other.request))
            return false;
        require(rank(other, llm) <= own, "owners and priorities go first");
        if (rank(other, llm) == own)
            others.insert(other.request.key);
        return false;
    });
    require(!m_turns.served(groupOf(job.place), job.request.key, others), "no key has two turns while another waits");
}

void Simulation::checkRest()
{
    for (const Box *const box : std::exchange(m_touched, {}))
        require(m_scheduler.running(box->id) == std::ssize(box->running), "slots are counted and given back");
    for (const Box &box : m_boxes) {
        if (isReady(box) && std::ssize(box.running) < box.row->maxConcurrency)
            require(!couldServe(box), "nobody waits beside a free slot");
    }
    // Who waits in vain goes on doing so: it need not be seen at once.
    constexpr int rarely = 16;
    const bool looksForHope = std::exchange(m_worldHasChanged, false) || ++m_calmEvents % rarely == 0;
    for (const std::set<Job *> &jobs : m_waiting) {
        if (!looksForHope)
            break;
        bool othersHaveHope = false;
        for (const Job *const job : jobs) {
            if (!job->request.again && std::exchange(othersHaveHope, true))
                continue;
            require(hasHope(*job), "nobody waits in vain");
        }
    }
    require(m_scheduler.waiting() == waiting(), "who waits is known");
    const std::optional<MonotonicTime> deadline = m_scheduler.nextDeadline();
    require(!deadline || *deadline > m_clock.now(), "all that is due is decided");
}

void Simulation::checkExplanation(const Explanation &explanation, const Job &job)
{
    using Verdict = Explanation::Verdict;
    switch (explanation.verdict) {
    case Verdict::Dispatch:
        return require(job.server && job.server == explanation.chosen, "who is said to serve it serves it");
    case Verdict::Queue:
        return require(job.waits, "what is said to wait waits");
    case Verdict::Wake:
        return require(job.waits && boxOf(*explanation.chosen)->wake, "what is said to be woken is woken");
    case Verdict::Refuse:
        return require(job.end == SimulatedEnd::Refused, "what is said to be refused is refused");
    }
}

bool Simulation::couldServe(const Box &box) const
{
    // For all who have been nowhere yet the answer is the same.
    std::optional<bool> isLeftOutForMost;
    return anyWaiting(box, [&](const Job &job) {
        if (isNamed(job.request) || !job.request.tried.isEmpty())
            return !isLeftOutFor(box, job.request);
        if (!isLeftOutForMost)
            isLeftOutForMost = isLeftOutFor(box, job.request);
        return !*isLeftOutForMost;
    });
}

void Simulation::measure(Duration passed)
{
    for (size_t place = 0; place < m_waiting.size(); ++place) {
        if (!m_waiting[place].empty() && !standsStill(place))
            m_placeClocks[place] += passed;
    }
    const auto ms = static_cast<double>(passed.count());
    for (const Box &box : m_boxes) {
        if (!isReady(box) || !anyWaiting(box, [](const Job &) { return true; }))
            continue;
        const auto used = std::ranges::count_if(box.running, [](const Job *job) { return !job->end; });
        const auto slots = std::max<std::ptrdiff_t>(box.row->maxConcurrency, std::ssize(box.running));
        const auto free = slots - std::ssize(box.running);
        const auto counted = slots - (box.sick ? free : 0);
        m_slotTime += ms * static_cast<double>(counted);
        m_sickTime += ms * static_cast<double>(slots - counted);
        m_takenTime += ms * static_cast<double>(used);
    }
}

} // namespace hearth::testsupport
