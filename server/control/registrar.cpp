#include "registrar.h"

#include "agenttable.h"
#include "llmtable.h"
#include "providersessiontable.h"

namespace hearth::control {

namespace {

using domain::RegistrationPlan;

// What the database holds decides between insert and update, and not what the Registry knows: an earlier write may have
// been committed although its answer was lost, and then every later one would fail.

/// An Llm may be stored under another id than was planned; whoever is pinned to it follows.
void pinToStored(QList<domain::Agent> &agents, const QList<domain::Llm> &planned, const QList<domain::Llm> &stored)
{
    for (qsizetype i = 0; i < planned.size(); ++i) {
        if (planned[i].id == stored[i].id)
            continue;
        for (domain::Agent &agent : agents) {
            if (agent.pinnedTo == domain::Destination(planned[i].id))
                agent.pinnedTo = stored[i].id;
        }
    }
}

Result<void> store(const domain::ProviderSession &session, storage::ProviderSessionTable sessions)
{
    const Result<void> updated = sessions.update(session);
    const bool isNew = !updated && updated.error().code == ErrorCode::NotFound;
    return isNew ? sessions.insert(session) : updated;
}

/// Returns the row as it is stored now. `table` is the LlmTable or the AgentTable.
template <typename Row, typename Table>
Result<Row> store(Row row, Table &table)
{
    const Result<std::optional<Row>> known = table.findByName(row.name);
    if (!known)
        return known.error();
    if (!*known) {
        const Result<void> inserted = table.insert(row);
        return inserted ? Result<Row>(row) : Result<Row>(inserted.error());
    }
    row.id = (*known)->id;
    row.createdAt = (*known)->createdAt;
    row.version = (*known)->version;
    return table.update(row);
}

/// Puts the rows as they are stored in place of the planned ones.
template <typename Row, typename Table>
Result<void> storeAll(QList<Row> &rows, Table &table)
{
    for (Row &row : rows) {
        Result<Row> stored = store(row, table);
        if (!stored)
            return stored.error();
        row = std::move(*stored);
    }
    return {};
}

/// Writes the lifecycle fields. A row that the database has lost, by a deletion whose answer got lost, is stored again.
template <typename Row, typename Table>
Result<void> storeLifecycles(const QList<Row> &rows, quint64 epoch, Table &table)
{
    for (const Row &row : rows) {
        const Result<std::optional<Row>> known = table.find(row.id);
        if (!known)
            return known.error();
        const Result<void> stored = *known ? table.writeLifecycle(storage::lifecycleOf(row, epoch)) : table.insert(row);
        if (!stored)
            return stored;
    }
    return {};
}

/// Writes a plan; runs on the storage thread. Returns it with the rows as they are stored.
Result<RegistrationPlan> store(RegistrationPlan plan, storage::Database &database)
{
    storage::LlmTable llms(database);
    storage::AgentTable agents(database);
    const quint64 epoch = plan.session.epoch;
    if (const Result<void> bound = store(plan.session, storage::ProviderSessionTable(database)); !bound)
        return bound.error();
    const QList<domain::Llm> planned = plan.llms.written;
    if (const Result<void> stored = storeAll(plan.llms.written, llms); !stored)
        return stored.error();
    if (const Result<void> stored = storeLifecycles(plan.llms.touched, epoch, llms); !stored)
        return stored.error();
    if (const Result<void> stored = storeLifecycles(plan.agents.touched, epoch, agents); !stored)
        return stored.error();
    pinToStored(plan.agents.written, planned, plan.llms.written);
    if (const Result<void> stored = storeAll(plan.agents.written, agents); !stored)
        return stored.error();
    return plan;
}

} // namespace

Registrar::Registrar(domain::Registry &registry, storage::Storage &storage, SerialQueue &changes, Clock &clock,
                     const domain::LifecycleSettings &settings, IsBound isBound, QObject *parent)
    : QObject(parent)
    , m_registry(registry)
    , m_storage(storage)
    , m_changes(changes)
    , m_clock(clock)
    , m_settings(settings)
    , m_isBound(std::move(isBound))
{}

void Registrar::submit(Request request, Done done)
{
    m_changes.add([this, request = std::move(request), done = std::move(done)](const SerialQueue::Finished &finished) {
        carryOut(request, done, finished);
    });
}

void Registrar::carryOut(const Request &request, const Done &done, const SerialQueue::Finished &finished)
{
    if (!request.isCurrent())
        return finished();
    const Result<RegistrationPlan> plan =
        domain::planRegistration(m_registry, request.message, request.principal,
                                 {m_clock.wallNow(), request.firstOfSocket, m_settings.adoptAcrossOwners, m_isBound,
                                  m_settings.poolsAcrossOwners});
    if (!plan) {
        done(plan);
        finished();
        return;
    }
    m_storage.submit<RegistrationPlan>(
        this, [plan = *plan](storage::Database &database) { return store(plan, database); },
        [this, done, finished](const Result<RegistrationPlan> &stored) {
            if (stored)
                apply(*stored);
            done(stored);
            finished();
        });
}

void Registrar::apply(const RegistrationPlan &plan)
{
    m_registry.put(plan.session);
    const auto putAll = [this](const auto &rows) {
        for (const auto &row : rows)
            m_registry.put(row);
    };
    // No reader sees a withdrawn agent outlive its Llm, or a new one without it.
    putAll(plan.agents.touched);
    putAll(plan.llms.written);
    putAll(plan.llms.touched);
    putAll(plan.agents.written);
}

} // namespace hearth::control
