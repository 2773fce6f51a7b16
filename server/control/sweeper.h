// Sweeper: periodically marks stale rows inactive and deletes expired ones.
//
// Runs on the main thread from the start of the server. What is stale or expired is decided by the domain's
// planSweep(); rows are deleted from the database first and from the Registry when that is confirmed.

#pragma once

#include "lifecycle.h"
#include "registry.h"
#include "rowkeeper.h"
#include "serialqueue.h"
#include "storage.h"

#include <functional>

namespace hearth::control {

struct SweepCounts
{
    qsizetype marked = 0;
    qsizetype deleted = 0;

    friend bool operator==(const SweepCounts &, const SweepCounts &) = default;
};

class Sweeper : public QObject
{
    Q_OBJECT

public:
    using IsBound = std::function<bool(const ProviderSessionId &)>;

    /// The references must outlive the sweeper. The first sweep comes one interval from now.
    Sweeper(domain::Registry &registry, RowKeeper &keeper, storage::Storage &storage, SerialQueue &changes,
            Clock &clock, const domain::LifecycleSettings &settings, IsBound isBound, QObject *parent = nullptr);

    /// Sweeps now. `done` is told how many rows were marked and deleted; while the database is away none is deleted.
    void sweep(std::function<void(SweepCounts)> done = {});

private:
    void carryOut(const std::function<void(SweepCounts)> &done, const SerialQueue::Finished &finished);
    void remove(const domain::SweepPlan &plan);

    domain::Registry &m_registry;
    RowKeeper &m_keeper;
    storage::Storage &m_storage;
    SerialQueue &m_changes;
    Clock &m_clock;
    domain::LifecycleSettings m_settings;
    IsBound m_isBound;
    MonotonicTime m_startedAt;
    Timer m_timer;
};

} // namespace hearth::control
