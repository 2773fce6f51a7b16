#include "registrar.h"

#include "llmtable.h"
#include "providersessiontable.h"

namespace hearth::control {

namespace {

using domain::RegistrationPlan;

// What the database holds decides between insert and update, and not what the Registry knows: an earlier write may have
// been committed although its answer was lost, and then every later one would fail.

Result<void> store(const domain::ProviderSession &session, storage::ProviderSessionTable sessions)
{
    const Result<void> updated = sessions.update(session);
    const bool isNew = !updated && updated.error().code == ErrorCode::NotFound;
    return isNew ? sessions.insert(session) : updated;
}

/// Returns the row as it is stored now.
Result<domain::Llm> store(domain::Llm llm, storage::LlmTable llms)
{
    const Result<std::optional<domain::Llm>> known = llms.findByName(llm.name);
    if (!known)
        return known.error();
    if (!*known) {
        const Result<void> inserted = llms.insert(llm);
        return inserted ? Result<domain::Llm>(llm) : Result<domain::Llm>(inserted.error());
    }
    llm.id = (*known)->id;
    llm.createdAt = (*known)->createdAt;
    llm.version = (*known)->version;
    return llms.update(llm);
}

/// Writes a plan; runs on the storage thread. Returns it with the rows as they are stored.
Result<RegistrationPlan> store(RegistrationPlan plan, storage::Database &database)
{
    storage::LlmTable llms(database);
    if (const Result<void> bound = store(plan.session, storage::ProviderSessionTable(database)); !bound)
        return bound.error();
    for (domain::Llm &llm : plan.written) {
        Result<domain::Llm> stored = store(llm, llms);
        if (!stored)
            return stored.error();
        llm = std::move(*stored);
    }
    for (const domain::Llm &llm : std::as_const(plan.touched)) {
        const Result<void> written =
            llms.writeLifecycle({llm.id, llm.status, llm.statusReason, llm.lastHeartbeatAt, llm.inactiveSince,
                                 llm.providerSessionId, plan.session.epoch});
        if (!written)
            return written.error();
    }
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
                                 {m_clock.wallNow(), request.firstOfSocket, m_settings.adoptAcrossOwners, m_isBound});
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
    for (const domain::Llm &llm : plan.written)
        m_registry.put(llm);
    for (const domain::Llm &llm : plan.touched)
        m_registry.put(llm);
}

} // namespace hearth::control
