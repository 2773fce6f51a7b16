#include "simulation.h"

namespace hearth::testsupport {

using namespace scheduling;
using namespace std::chrono_literals;

namespace {

constexpr int maxAttempts = 3;

} // namespace

Simulation::Simulation(quint64 seed)
    : m_random(seed)
    , m_settings{.maxWaiting = between(15, 100),
                 .maxWait = std::chrono::seconds(between(4, 20)),
                 .wakeWhenQueuedOver = between(0, 5),
                 .affinity = chance(70),
                 .maxConversations = 20,
                 .reconnectGrace = 2s,
                 .breakerPause = 500ms,
                 .maxBreakerPause = 3s}
    , m_scheduler(m_registry, m_clock, m_settings,
                  [this](const domain::Llm &llm) { return !m_unreachable.contains(&llm); })
    , m_hasPriorities(chance(30))
{
    furnish();
    planArrivals();
    planTrouble();
}

SimulationReport Simulation::run()
{
    while (m_report.violation.isEmpty()) {
        const std::optional<MonotonicTime> deadline = m_scheduler.nextDeadline();
        if (m_events.empty() && !deadline)
            break;
        const MonotonicTime event = m_events.empty() ? MonotonicTime::max() : m_events.begin()->first;
        const MonotonicTime until = std::min(event, deadline.value_or(MonotonicTime::max()));
        require(until > m_clock.now() || until == event, "nothing is due that was not decided");
        measure(until - m_clock.now());
        m_clock.advance(until - m_clock.now());
        settle();
        if (event == until) {
            const auto node = m_events.extract(m_events.begin());
            node.mapped()();
        }
        settle();
        checkRest();
    }
    for (const Job &job : m_jobs)
        require(job.end.has_value(), "every request ends");
    for (const Box &box : m_boxes)
        require(m_scheduler.running(box.id) == 0, "all slots are free in the end");
    require(m_scheduler.waiting() == 0, "nobody waits in the end");
    if (m_slotTime > 0) {
        m_report.utilisation = m_takenTime / m_slotTime;
        m_report.utilisationWithSick = m_takenTime / (m_slotTime + m_sickTime);
    }
    m_report.requests = static_cast<int>(m_jobs.size());
    return m_report;
}

void Simulation::arrive(Job &job)
{
    std::optional<Explanation> explanation;
    if (chance(30))
        explanation = m_scheduler.explain(job.request);
    m_newcomer = &job;
    if (submit(job)) {
        settle(true);
        if (chance(6))
            in(Duration(between(0, 3000)), [this, &job] { clientLeaves(job); });
    }
    if (explanation)
        checkExplanation(*explanation, job);
}

bool Simulation::submit(Job &job)
{
    const Result<Ticket> ticket = m_scheduler.submit(job.request);
    if (!ticket) {
        const bool isRetried = ticket.error().code == ErrorCode::QueueFull;
        require(ticket.error().retryAfter.has_value() == isRetried, "a full queue says when to come again");
        if (isRetried)
            checkNewcomerRefused(job);
        end(job, SimulatedEnd::Refused);
        return false;
    }
    job.ticket = *ticket;
    startsToWait(job);
    require(m_byTicket.emplace(*ticket, &job).second, "tickets are never reused");
    return true;
}

void Simulation::granted(Job &job, const Granted &grant)
{
    Box &box = *boxOf(grant.llm);
    m_touched.insert(&box);
    stopsWaiting(job);
    job.server = grant.llm;
    job.request.waited = grant.waited;
    ++job.attempts;
    if (!box.probe && box.breaker.mayBeProbed(m_clock.now()) &&
        std::holds_alternative<domain::PoolName>(job.request.destination))
        box.probe = &job;
    box.running.insert(&job);
    const bool fails = box.sick && chance(80);
    const Ticket ticket = job.ticket;
    const int held = fails ? between(1, 20) : job.factor * between(box.meanMs / 2, box.meanMs * 3 / 2);
    in(Duration(held), [this, &job, ticket, fails] {
        // It may have been lost or cancelled meanwhile.
        if (job.ticket != ticket || !job.server || job.end)
            return;
        if (fails)
            failed(job);
        else
            finished(job);
    });
}

void Simulation::refused(Job &job, const Error &error)
{
    require(job.waits, "only who waits is refused");
    const bool late = error.code == ErrorCode::QueueTimeout;
    require(!late || waited(job) == m_settings.maxWait, "who waits for too long is refused when its time is over");
    require(error.code != ErrorCode::PublisherOffline || !hasHope(job), "who can be served is not refused");
    if (error.code == ErrorCode::QueueFull)
        checkEvicted(job);
    stopsWaiting(job);
    end(job, late ? SimulatedEnd::TimedOut : SimulatedEnd::Refused);
}

void Simulation::finished(Job &job)
{
    m_scheduler.report(*job.server, MemberOutcome::Served);
    if (Box *const box = boxOf(*job.server))
        box->breaker.served();
    giveSlotBack(job);
    end(job, SimulatedEnd::Succeeded);
}

void Simulation::failed(Job &job)
{
    const LlmId llm = *job.server;
    m_scheduler.report(llm, MemberOutcome::Failed);
    if (Box *const box = boxOf(llm))
        box->breaker.failed(m_clock.now());
    giveSlotBack(job);
    tryElsewhere(job, llm, false);
}

void Simulation::tryElsewhere(Job &job, const LlmId &llm, bool lost)
{
    if (job.end)
        return;
    if (job.attempts == maxAttempts)
        return end(job, SimulatedEnd::Failed);
    job.request.again = true;
    job.request.tried += llm;
    if (!m_scheduler.hasAlternative(job.request)) {
        if (!lost || !m_scheduler.mayComeBack(llm))
            return end(job, SimulatedEnd::Failed);
        job.request.tried.clear();
    }
    ++m_report.resubmissions;
    submit(job);
}

void Simulation::clientLeaves(Job &job)
{
    if (job.end)
        return;
    m_scheduler.leave(job.ticket);
    if (job.waits)
        stopsWaiting(job);
    end(job, SimulatedEnd::Left);
    if (!job.server)
        return;
    // The slot stays taken until the publisher has confirmed.
    in(Duration(between(10, 500)), [this, &job] {
        if (job.server)
            giveSlotBack(job);
    });
}

void Simulation::giveSlotBack(Job &job)
{
    m_scheduler.release(job.ticket);
    if (Box *const box = boxOf(*job.server)) {
        m_touched.insert(box);
        box->running.erase(&job);
        if (box->probe == &job)
            box->probe = nullptr;
    }
    job.server.reset();
}

void Simulation::end(Job &job, SimulatedEnd how)
{
    require(!job.end, "a request ends once");
    job.end = how;
    ++m_report.ends[how];
}

void Simulation::settle(bool calm)
{
    while (const std::optional<Decision> decision = m_scheduler.next()) {
        apply(*decision);
        if (!m_report.violation.isEmpty())
            return;
        // The world may change between two decisions.
        if (!calm && chance(1))
            kill(anyBox());
    }
}

void Simulation::apply(const Decision &decision)
{
    const auto note = [this](auto what, size_t number) { m_report.digest = qHashMulti(m_report.digest, what, number); };
    if (const auto *const grant = std::get_if<Granted>(&decision)) {
        note(grant->llm, static_cast<size_t>(grant->ticket));
        Job &job = *m_byTicket.at(grant->ticket);
        checkGrant(job, *grant);
        granted(job, *grant);
    } else if (const auto *const refusal = std::get_if<Refused>(&decision)) {
        note(static_cast<int>(refusal->error.code), static_cast<size_t>(refusal->ticket));
        refused(*m_byTicket.at(refusal->ticket), refusal->error);
    } else {
        const LlmId llm = std::get<WakeWanted>(decision).llm;
        note(llm, 0);
        wake(*boxOf(llm));
    }
}

} // namespace hearth::testsupport
