#include "lifecyclewriter.h"

#include "agenttable.h"
#include "database.h"
#include "llmtable.h"
#include "logging.h"
#include "providersessiontable.h"
#include "transaction.h"

namespace hearth::storage {

namespace {

Result<void> writeHeartbeat(Database &database, const SessionHeartbeat &heartbeat)
{
    if (Result<void> written = ProviderSessionTable(database).writeHeartbeat(heartbeat); !written)
        return written;
    if (Result<void> written = LlmTable(database).writeHeartbeat(heartbeat); !written)
        return written;
    return AgentTable(database).writeHeartbeat(heartbeat);
}

} // namespace

Result<void> writeLifecycles(Database &database, const LifecycleBuffer &records)
{
    std::optional<Error> unavailable;
    const auto write = [&](const auto &writeRecord) {
        if (unavailable)
            return;
        const Result<void> written = atomically(database, writeRecord);
        if (written)
            return;
        if (written.error().code == ErrorCode::StorageUnavailable)
            unavailable = written.error();
        else
            qCWarning(lcStorage).noquote() << "A lifecycle record was given up:" << written.error().message;
    };
    records.llms.forEach(
        [&](const LlmLifecycle &record) { write([&] { return LlmTable(database).writeLifecycle(record); }); });
    records.agents.forEach(
        [&](const AgentLifecycle &record) { write([&] { return AgentTable(database).writeLifecycle(record); }); });
    records.heartbeats.forEach(
        [&](const SessionHeartbeat &record) { write([&] { return writeHeartbeat(database, record); }); });
    return unavailable ? Result<void>(*unavailable) : Result<void>();
}

} // namespace hearth::storage
