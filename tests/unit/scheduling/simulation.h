// Simulation: a scheduler at work in a world of boxes that come, go, sleep, fail and change, and of clients that do not
// behave. Everything follows from the seed.
//
// After every event it is checked, from the rows and from what the simulation has seen itself, that the scheduler has
// kept its promises. The first one that it has broken ends the run.

#pragma once

#include "breakermodel.h"
#include "scheduler.h"
#include "turnaudit.h"

#include <functional>
#include <map>
#include <random>
#include <set>
#include <vector>

namespace hearth::testsupport {

enum class SimulatedEnd { Succeeded, Failed, Refused, TimedOut, Left };

struct SimulationReport
{
    /// What promise was broken; empty when none was.
    QString violation;
    std::map<SimulatedEnd, int> ends;
    int requests = 0;
    /// Of the slots of active members that somebody waited for and could have used, how much of the time they were
    /// used. Those of members that were left out count, and those that only a cancelled request held were not used.
    /// What was free at a member that was left out because it fails does not count: nobody would have been served
    /// there.
    double utilisation = 1;
    /// The same with those that fail.
    double utilisationWithSick = 1;
    int wakes = 0;
    int failedWakes = 0;
    int evictions = 0;
    int resubmissions = 0;
    /// Of all decisions in their order.
    size_t digest = 0;
};

class Simulation
{
public:
    static constexpr int boxes = 20;
    static constexpr int arrivals = 2000;

    static const QStringList pools;
    static constexpr size_t firstBox = 3;

    explicit Simulation(quint64 seed);

    SimulationReport run();

private:
    struct Job
    {
        scheduling::Request request;
        /// The number of its key.
        int key = 0;
        scheduling::Ticket ticket{};
        /// What the clock of its place showed when it had waited for no time.
        Duration waitsSince{};
        int attempts = 0;
        bool waits = false;
        /// What it waits for: the number of a pool, or behind those (from firstBox) that of a box.
        size_t place = 0;
        /// How much longer than others it takes.
        int factor = 1;
        /// Where it has a slot.
        std::optional<LlmId> server;
        std::optional<SimulatedEnd> end;
    };

    struct Box
    {
        LlmId id;
        const domain::Llm *row = nullptr;
        /// The number of its pool, or none.
        std::optional<size_t> pool = std::nullopt;
        /// How long one request takes there.
        int meanMs = 100;
        /// Most of what it gets fails.
        bool sick = false;
        /// Counts its wakes, so that the end of an old one is known; 0 while none is under way.
        int wake = 0;
        /// Those that hold its slots.
        std::set<Job *> running = {};
        BreakerModel breaker;
        /// Who tries whether it serves again.
        Job *probe = nullptr;
        BreakerModel wakeBreaker;
        bool wasReady = false;
        /// Since when its publisher has been missing, if it was ready until then.
        std::optional<MonotonicTime> lostAt = std::nullopt;
    };

    // The world: simulatedworld.cpp.
    void furnish();
    void planArrivals();
    void planTrouble();
    void addRow(Box &box, const QString &pool);
    scheduling::Request makeRequest(int key);
    void makeTrouble(Box &box);
    void kill(Box &box);
    void cutOff(Box &box);
    void losePublisher(Box &box);
    void pause(Box &box);
    void comeBack(Box &box);
    void fallAsleep(Box &box);
    void moveToAnotherPool(Box &box);
    void replace(Box &box);
    /// Takes note of how the row and the way to its publisher are now.
    void observe(Box &box);
    void change(Box &box, const std::function<void(domain::Llm &)> &edit);
    void setStatus(Box &box, domain::LlmStatus status);
    void wake(Box &box);
    void wakeEnds(Box &box, const Result<void> &result);

    // The requests: simulation.cpp.
    void arrive(Job &job);
    bool submit(Job &job);
    void granted(Job &job, const scheduling::Granted &grant);
    void refused(Job &job, const Error &error);
    void finished(Job &job);
    void failed(Job &job);
    void clientLeaves(Job &job);
    void giveSlotBack(Job &job);
    void tryElsewhere(Job &job, const LlmId &llm, bool lost);
    void end(Job &job, SimulatedEnd how);
    /// `calm`: nothing happens between two decisions.
    void settle(bool calm = false);
    void apply(const scheduling::Decision &decision);

    // The checks: simulationchecks.cpp.
    bool matches(const Job &job, const Box &box) const;
    /// Whether `is(job)` for a job that waits and may be served by the box; looks no further then.
    template <typename Predicate>
    bool anyWaiting(const Box &box, Predicate is) const;
    void startsToWait(Job &job);
    void stopsWaiting(Job &job);
    int waiting() const;
    bool isReady(const Box &box) const;
    bool isLost(const Box &box) const;
    bool hasHope(const Job &job) const;
    /// Left out of its pool while there are others.
    bool isLeftOut(const Box &box) const;
    /// For this one there are others.
    bool isLeftOutFor(const Box &box, const scheduling::Request &request) const;
    /// Whether it could serve somebody who waits, if it had a slot.
    bool couldServe(const Box &box) const;
    /// What is waited for in this place is a wake and nothing else.
    bool standsStill(size_t place) const;

    Duration waited(const Job &job) const { return m_placeClocks[job.place] - job.waitsSince; }

    /// How many each key has waiting there for the first time.
    std::map<ApiKeyId, int> shares(size_t place) const;
    void checkEvicted(const Job &job);
    void checkNewcomerRefused(const Job &job);

    size_t numberOf(const Box &box) const { return static_cast<size_t>(&box - m_boxes.data()); }

    size_t placeOf(const Box &box) const { return firstBox + numberOf(box); }

    size_t placeOf(const domain::Destination &destination) const;
    size_t groupOf(size_t place) const;
    static int rank(const Job &job, const domain::Llm &llm);
    void checkTurn(const Job &job, const Box &box);
    void checkGrant(const Job &job, const scheduling::Granted &grant);
    void checkRest();
    void checkExplanation(const scheduling::Explanation &explanation, const Job &job);
    void measure(Duration passed);
    void require(bool kept, const char *promise);

    int between(int lowest, int highest) { return std::uniform_int_distribution(lowest, highest)(m_random); }

    bool chance(int percent) { return between(1, 100) <= percent; }

    void in(Duration delay, std::function<void()> event) { m_events.emplace(m_clock.now() + delay, std::move(event)); }

    Box &anyBox() { return m_boxes[static_cast<size_t>(between(0, boxes - 1))]; }

    /// Null for one that was deleted.
    Box *boxOf(const LlmId &llm);

    std::mt19937_64 m_random;
    FakeClock m_clock;
    domain::Registry m_registry{m_clock};
    scheduling::SchedulerSettings m_settings;
    QSet<const domain::Llm *> m_unreachable;
    scheduling::Scheduler m_scheduler;
    std::multimap<MonotonicTime, std::function<void()>> m_events;
    std::vector<Box> m_boxes;
    QHash<LlmId, size_t> m_boxNumbers;
    std::vector<Job> m_jobs;
    std::map<scheduling::Ticket, Job *> m_byTicket;
    /// By their places.
    std::vector<std::set<Job *>> m_waiting = std::vector<std::set<Job *>>(firstBox + boxes);
    /// What counts of the time, by places: not that of wakes.
    std::vector<Duration> m_placeClocks = std::vector<Duration>(m_waiting.size());
    const Job *m_newcomer = nullptr;
    /// A row, or the way to its publisher.
    bool m_worldHasChanged = false;
    int m_calmEvents = 0;
    /// Boxes whose slots have changed since they were checked last.
    std::set<const Box *> m_touched;
    TurnAudit m_turns;
    int m_rowsMade = 0;
    int m_wakesMade = 0;
    bool m_hasPriorities;
    double m_capacity = 0;
    double m_slotTime = 0;
    double m_takenTime = 0;
    double m_sickTime = 0;
    SimulationReport m_report;
};

} // namespace hearth::testsupport
