#include "registrar.h"

#include "llmtable.h"
#include "providersessiontable.h"

namespace hearth::control {

namespace {

using domain::RegistrationPlan;

/// Writes a plan; runs on the storage thread. Returns it with the versions that the rows have got.
Result<RegistrationPlan> store(RegistrationPlan plan, storage::Database &database)
{
    storage::ProviderSessionTable sessions(database);
    storage::LlmTable llms(database);
    const Result<void> bound = plan.sessionIsNew ? sessions.insert(plan.session) : sessions.update(plan.session);
    if (!bound)
        return bound.error();
    for (const domain::Llm &llm : std::as_const(plan.inserted)) {
        if (const Result<void> inserted = llms.insert(llm); !inserted)
            return inserted.error();
    }
    for (domain::Llm &llm : plan.edited) {
        Result<domain::Llm> updated = llms.update(llm);
        if (!updated)
            return updated.error();
        llm = std::move(*updated);
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
    for (const QList<domain::Llm> *rows : {&plan.inserted, &plan.edited, &plan.touched}) {
        for (const domain::Llm &llm : *rows)
            m_registry.put(llm);
    }
}

} // namespace hearth::control
