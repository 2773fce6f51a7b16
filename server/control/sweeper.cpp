#include "sweeper.h"

#include "agenttable.h"
#include "llmtable.h"
#include "logging.h"

namespace hearth::control {

namespace {

/// Deletes what a plan has chosen, agents before Llms; runs on the storage thread.
Result<void> deleteRows(const domain::SweepPlan &plan, storage::Database &database)
{
    // A row that is gone already is what was wanted.
    const auto failed = [](const Result<void> &removed) {
        return !removed && removed.error().code != ErrorCode::NotFound;
    };
    storage::AgentTable agents(database);
    for (const AgentId &id : plan.deletedAgents) {
        if (const Result<void> removed = agents.remove(id); failed(removed))
            return removed;
    }
    storage::LlmTable llms(database);
    for (const LlmId &id : plan.deletedLlms) {
        if (const Result<void> removed = llms.remove(id); failed(removed))
            return removed;
    }
    return {};
}

} // namespace

Sweeper::Sweeper(domain::Registry &registry, RowKeeper &keeper, storage::Storage &storage, SerialQueue &changes,
                 Clock &clock, const domain::LifecycleSettings &settings, IsBound isBound, QObject *parent)
    : QObject(parent)
    , m_registry(registry)
    , m_keeper(keeper)
    , m_storage(storage)
    , m_changes(changes)
    , m_clock(clock)
    , m_settings(settings)
    , m_isBound(std::move(isBound))
    , m_startedAt(clock.now())
    , m_timer(clock, [this] {
        sweep();
        m_timer.start(m_settings.sweepInterval);
    })
{
    m_timer.start(m_settings.sweepInterval);
}

void Sweeper::sweep(std::function<void(SweepCounts)> done)
{
    m_changes.add([this, done = std::move(done)](const SerialQueue::Finished &finished) { carryOut(done, finished); });
}

void Sweeper::carryOut(const std::function<void(SweepCounts)> &done, const SerialQueue::Finished &finished)
{
    const domain::SweepPlan plan =
        domain::planSweep(m_registry, m_settings, {m_clock.now(), m_clock.wallNow(), m_startedAt, m_isBound});
    for (const domain::Agent &agent : plan.deactivatedAgents)
        m_keeper.apply(agent);
    for (const domain::Llm &llm : plan.deactivatedLlms)
        m_keeper.apply(llm);

    const qsizetype marked = plan.deactivatedAgents.size() + plan.deactivatedLlms.size();
    const auto report = [done, finished, marked](qsizetype deleted) {
        if (marked || deleted)
            qCInfo(lcControl) << "sweep: marked" << marked << "rows inactive, deleted" << deleted;
        if (done)
            done({marked, deleted});
        finished();
    };
    if (plan.deletedAgents.isEmpty() && plan.deletedLlms.isEmpty())
        return report(0);
    m_storage.submit<void>(
        this, [plan](storage::Database &database) { return deleteRows(plan, database); },
        [this, plan, report](const Result<void> &deleted) {
            if (!deleted) {
                qCWarning(lcControl).noquote() << "sweep: nothing deleted:" << deleted.error().message;
                return report(0);
            }
            remove(plan);
            report(plan.deletedAgents.size() + plan.deletedLlms.size());
        });
}

void Sweeper::remove(const domain::SweepPlan &plan)
{
    for (const AgentId &id : plan.deletedAgents)
        m_keeper.removed(id);
    for (const LlmId &id : plan.deletedLlms)
        m_keeper.removed(id);
}

} // namespace hearth::control
