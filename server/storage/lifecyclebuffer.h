// LifecycleBuffer: the write-behind records that wait to be stored, the latest of each row.
//
// Filled by the main thread and emptied by the storage thread through StorageQueue, which guards it; a plain value by
// itself. Every record has a place in one order with the submitted work, so that a record is stored neither before
// older work nor after younger. It never holds more records than there are rows.

#pragma once

#include "lifecyclewrites.h"

#include <QHash>

namespace hearth::storage {

/// The latest record for each id, with its place in the order.
template <typename RowId, typename Record>
class LatestRecords
{
public:
    /// Keeps `record` unless a younger one is there.
    void add(const RowId &id, quint64 order, const Record &record)
    {
        const auto known = m_records.find(id);
        if (known == m_records.end() || known->order <= order)
            m_records.insert(id, {order, record});
    }

    LatestRecords takeBefore(quint64 order)
    {
        LatestRecords taken;
        m_records.removeIf([&](typename QHash<RowId, Ordered>::iterator entry) {
            const bool isOlder = entry->order < order;
            if (isOlder)
                taken.m_records.insert(entry.key(), *entry);
            return isOlder;
        });
        return taken;
    }

    void merge(const LatestRecords &other)
    {
        for (auto entry = other.m_records.cbegin(); entry != other.m_records.cend(); ++entry)
            add(entry.key(), entry->order, entry->record);
    }

    qsizetype size() const { return m_records.size(); }

    template <typename Visit>
    void forEach(Visit visit) const
    {
        for (const Ordered &entry : m_records)
            visit(entry.record);
    }

private:
    struct Ordered
    {
        quint64 order = 0;
        Record record;
    };

    QHash<RowId, Ordered> m_records;
};

struct LifecycleBuffer
{
    LatestRecords<ProviderSessionId, SessionHeartbeat> heartbeats;
    LatestRecords<LlmId, LlmLifecycle> llms;
    LatestRecords<AgentId, AgentLifecycle> agents;

    bool isEmpty() const { return heartbeats.size() + llms.size() + agents.size() == 0; }

    /// Takes out what was recorded before `order`.
    LifecycleBuffer takeBefore(quint64 order)
    {
        return {.heartbeats = heartbeats.takeBefore(order),
                .llms = llms.takeBefore(order),
                .agents = agents.takeBefore(order)};
    }

    /// Adds what `other` holds, except where a younger record is here.
    void merge(const LifecycleBuffer &other)
    {
        heartbeats.merge(other.heartbeats);
        llms.merge(other.llms);
        agents.merge(other.agents);
    }
};

} // namespace hearth::storage
