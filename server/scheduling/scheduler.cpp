#include "schedulerprivate.h"

namespace hearth::scheduling {

Scheduler::Scheduler(const domain::Registry &registry, const Clock &clock, SchedulerSettings settings,
                     Reachability isReachable)
    : d(std::make_unique<Private>(registry, clock, settings, std::move(isReachable)))
{}

Scheduler::~Scheduler() = default;

void Scheduler::setSettings(const SchedulerSettings &settings)
{
    d->setSettings(settings);
}

Result<Ticket> Scheduler::submit(const Request &request)
{
    return d->submit(request);
}

Result<void> Scheduler::check(const Request &request) const
{
    return d->check(request);
}

void Scheduler::leave(Ticket ticket)
{
    d->leave(ticket);
}

void Scheduler::release(Ticket ticket)
{
    d->release(ticket);
}

void Scheduler::report(const LlmId &llm, MemberOutcome outcome)
{
    d->report(llm, outcome);
}

void Scheduler::llmChanged(const LlmId &llm)
{
    d->llmChanged(llm);
}

void Scheduler::wakeEnded(const LlmId &llm, const Result<void> &result)
{
    d->wakeEnded(llm, result);
}

void Scheduler::refuseAll(const Error &error)
{
    d->refuseAll(error);
}

std::optional<Decision> Scheduler::next()
{
    return d->next();
}

std::optional<MonotonicTime> Scheduler::nextDeadline() const
{
    return d->nextDeadline();
}

bool Scheduler::hasAlternative(const Request &request) const
{
    return d->hasAlternative(request);
}

bool Scheduler::hasActive(const Request &request) const
{
    return d->hasActive(request);
}

bool Scheduler::hasFreeAlternative(const Request &request) const
{
    return d->hasFreeAlternative(request);
}

bool Scheduler::mayComeBack(const LlmId &llm) const
{
    return d->mayComeBack(llm);
}

int Scheduler::running(const LlmId &llm) const
{
    return d->running(llm);
}

int Scheduler::waiting(const domain::Destination &destination) const
{
    return d->waiting(destination);
}

int Scheduler::waiting() const
{
    return d->waiting();
}

std::optional<QueuePosition> Scheduler::position(Ticket ticket) const
{
    return d->position(ticket);
}

std::chrono::seconds Scheduler::retryAfter(const domain::Destination &destination) const
{
    return d->retryAfter(destination);
}

Scheduler::Footprint Scheduler::footprint() const
{
    return d->footprint();
}

Explanation Scheduler::explain(const Request &request) const
{
    return d->explain(request);
}

} // namespace hearth::scheduling
