#include "llmscontroller.h"

#include "changerow.h"
#include "jsonwriter.h"
#include "lifecycle.h"
#include "llmtable.h"
#include "modelnotfound.h"
#include "optionaltext.h"
#include "publicllmfields.h"
#include "rowversion.h"
#include "shownpool.h"
#include "timestamp.h"

namespace hearth::api {

namespace {

using json::JsonWriter;

http::Response refusal(const Error &error)
{
    return http::errorResponse(error, http::ErrorShape::OpenAi);
}

qint64 wholeSeconds(Duration duration)
{
    return std::chrono::round<std::chrono::seconds>(duration).count();
}

QLatin1String inWords(channel::WakePhase phase)
{
    switch (phase) {
    case channel::WakePhase::Recipe:
        return QLatin1String("recipe");
    case channel::WakePhase::Polling:
        return QLatin1String("polling");
    }
    Q_UNREACHABLE();
}

void writeWakeRun(JsonWriter &writer, const domain::Llm &llm, const relay::Relay &relay)
{
    writer.key(QLatin1String("run"));
    const std::optional<relay::WakeStatus> run = relay.wakeStatus(llm.id);
    if (!run) {
        writer.null();
        return;
    }
    writer.beginObject()
        .field(QLatin1String("phase"), inWords(run->phase))
        .field(QLatin1String("elapsedSeconds"), wholeSeconds(run->elapsed))
        .field(QLatin1String("limitSeconds"), wholeSeconds(run->limit))
        .field(QLatin1String("waiters"), relay.waiting(llm.id))
        .endObject();
}

/// The recipe's limits, the wake that runs, and what is known from those before.
void writeWake(JsonWriter &writer, const domain::Llm &llm, const relay::Relay &relay)
{
    writer.key(QLatin1String("wake"));
    if (!llm.wake) {
        writer.null();
        return;
    }
    const relay::WakeHistory history = relay.wakeHistory(llm.id);
    writer.beginObject()
        .field(QLatin1String("type"), domain::toString(llm.wake->kind))
        .field(QLatin1String("recipeTimeoutSeconds"), llm.wake->recipeTimeout.count())
        .field(QLatin1String("maxWaitSeconds"), llm.wake->maxWait.count());
    writer.key(QLatin1String("estimateSeconds"));
    if (const std::optional<Duration> estimate = history.estimate())
        writer.value(wholeSeconds(*estimate));
    else
        writer.null();
    writer.key(QLatin1String("recentSeconds")).beginArray();
    for (const Duration duration : history.recent())
        writer.value(std::chrono::duration<double>(duration).count());
    writer.endArray();
    writeWakeRun(writer, llm, relay);
    writer.endObject();
}

void writeLlm(JsonWriter &writer, const domain::Llm &llm, const ApiContext &context, const domain::Principal &principal)
{
    const domain::ProviderSession *const session = context.registry.findSession(llm.providerSessionId);
    writer.beginObject()
        .field(QLatin1String("id"), llm.id.toString())
        .field(QLatin1String("name"), llm.name)
        .field(QLatin1String("kind"), domain::toString(llm.kind))
        .field(QLatin1String("status"), domain::toString(llm.status));
    writeText(writer, QLatin1String("statusReason"),
              llm.statusReason ? domain::toString(*llm.statusReason) : QString());
    writer.field(QLatin1String("owner"), llm.owner);
    writeText(writer, QLatin1String("providerSessionId"), llm.providerSessionId.toString());
    writeText(writer, QLatin1String("publisher"), session ? session->publisher : QString());
    if (llm.kind == domain::LlmKind::Public)
        writer.field(QLatin1String("url"), llm.url).field(QLatin1String("hasApiKey"), !llm.sealedApiKey.isEmpty());
    writer.field(QLatin1String("type"), llm.type).field(QLatin1String("model"), llm.model);
    writeText(writer, QLatin1String("pool"), shownPool(principal, llm.pool));
    writer.field(QLatin1String("streamUsage"), llm.streamUsage)
        .field(QLatin1String("tier"), llm.tier)
        .field(QLatin1String("description"), llm.description)
        .field(QLatin1String("extraConfig"), llm.extraConfig)
        .field(QLatin1String("maxConcurrency"), llm.maxConcurrency)
        .field(QLatin1String("running"), context.relay.running(llm.id))
        .field(QLatin1String("waiting"), context.relay.waiting(llm.id));
    writeWake(writer, llm, context.relay);
    writeTime(writer, QLatin1String("createdAt"), llm.createdAt);
    writeTime(writer, QLatin1String("updatedAt"), llm.updatedAt);
    writeTime(writer, QLatin1String("lastHeartbeatAt"), llm.lastHeartbeatAt);
    writeTime(writer, QLatin1String("inactiveSince"), llm.inactiveSince);
    writer.field(QLatin1String("version"), llm.version).endObject();
}

/// How many agents there are, and which, as far as the caller may know of them.
QString inWords(const std::vector<const domain::Registry::LiveAgent *> &agents, const domain::Principal &principal)
{
    constexpr qsizetype maxNamed = 5;
    QStringList names;
    for (const domain::Registry::LiveAgent *live : agents) {
        if (names.size() < maxNamed && principal.mayUse(live->row.name))
            names.append(live->row.name);
    }
    const size_t count = agents.size();
    const QString number = (count == 1 ? QStringLiteral("%1 agent") : QStringLiteral("%1 agents")).arg(count);
    if (names.isEmpty())
        return number;
    const bool areAll = static_cast<size_t>(names.size()) == count;
    return QStringLiteral("%1 (%2%3)").arg(number, names.join(u", "), areAll ? QString() : QStringLiteral(" …"));
}

/// Why the Llm cannot be deleted while agents are pinned to it.
std::optional<Error> needed(const domain::Registry &registry, const domain::Llm &llm,
                            const domain::Principal &principal)
{
    const auto agents = registry.agentsPinnedTo(llm.id);
    if (agents.empty())
        return std::nullopt;
    return Error{ErrorCode::Conflict, QStringLiteral("Llm '%1' is pinned by %2; delete or repin them first.")
                                          .arg(llm.name, inWords(agents, principal))};
}

/// Why the Llm cannot leave its pool while agents are pinned to that.
std::optional<Error> neededInPool(const domain::Registry &registry, const domain::Llm &llm,
                                  const domain::Principal &principal)
{
    const auto agents = domain::agentsThatNeedItInPool(registry, llm);
    if (agents.empty())
        return std::nullopt;
    return Error{
        ErrorCode::Conflict,
        QStringLiteral("Llm '%1' is the last member of its pool, which is pinned by %2; delete or repin them first.")
            .arg(llm.name, inWords(agents, principal)),
        QStringLiteral("pool")};
}

} // namespace

LlmsController::LlmsController(const ApiContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
{}

http::Response LlmsController::list(const domain::Principal &principal) const
{
    QByteArray body;
    JsonWriter writer(body);
    writer.beginArray();
    for (const domain::Registry::LiveLlm *live : m_context.registry.llms()) {
        if (principal.mayUse(live->row.name))
            writeLlm(writer, live->row, m_context, principal);
    }
    writer.endArray();
    return jsonResponse(body);
}

const domain::Llm *LlmsController::visible(const domain::Principal &principal, const QString &nameOrId) const
{
    const domain::Llm *const llm = m_context.registry.findLlmByNameOrId(nameOrId);
    return llm && principal.mayUse(llm->name) ? llm : nullptr;
}

http::Response LlmsController::one(const domain::Principal &principal, const QString &nameOrId) const
{
    const domain::Llm *const llm = visible(principal, nameOrId);
    return llm ? rowResponse(principal, *llm, 200) : refusal(modelNotFound(nameOrId));
}

http::Response LlmsController::rowResponse(const domain::Principal &principal, const domain::Llm &llm, int status) const
{
    QByteArray body;
    JsonWriter writer(body);
    writeLlm(writer, llm, m_context, principal);
    http::Response response = jsonResponse(body, status);
    response.fields.append("etag", entityTag(llm.version));
    return response;
}

Result<domain::Llm> LlmsController::planned(const domain::Principal &principal, const QByteArray &body) const
{
    Result<ResourceReader> reader = ResourceReader::parse(body);
    if (!reader)
        return reader.error();
    reader->require(QLatin1String("name"));
    reader->require(QLatin1String("url"));
    domain::Llm llm;
    llm.id = LlmId::create();
    llm.kind = domain::LlmKind::Public;
    llm.status = domain::LlmStatus::Active;
    llm.statusReason.reset();
    llm.owner = principal.owner();
    llm.createdAt = m_context.clock.wallNow();
    return readPublicLlm(m_context, principal, llm, *reader);
}

Result<domain::Llm> LlmsController::edited(const domain::Principal &principal, const QString &nameOrId,
                                           const QByteArray &ifMatch, const QByteArray &body) const
{
    const domain::Llm *const llm = visible(principal, nameOrId);
    if (!llm)
        return modelNotFound(nameOrId);
    if (llm->kind == domain::LlmKind::Virtual) {
        const domain::ProviderSession *const session = m_context.registry.findSession(llm->providerSessionId);
        return Error{ErrorCode::Conflict,
                     QStringLiteral("Llm '%1' is published by %2; edit it there.")
                         .arg(llm->name, session ? session->publisher : QStringLiteral("a publisher"))};
    }
    if (const Result<void> current = checkVersion(ifMatch, llm->version); !current)
        return current.error();
    Result<ResourceReader> reader = ResourceReader::parse(body);
    if (!reader)
        return reader.error();
    const Result<domain::Llm> wanted = readPublicLlm(m_context, principal, *llm, *reader);
    const bool leaves = wanted && wanted->pool != llm->pool;
    const std::optional<Error> error = leaves ? neededInPool(m_context.registry, *llm, principal) : std::nullopt;
    return error ? Result<domain::Llm>(*error) : wanted;
}

void LlmsController::create(const domain::Principal &principal, const QByteArray &body, std::shared_ptr<Reply> reply)
{
    changeRow<domain::Llm, domain::Llm, domain::Llm>(
        m_context, *this, std::move(reply),
        {.plan = [this, principal, body] { return planned(principal, body); },
         .store = [](storage::Database &database, const domain::Llm &llm) -> Result<domain::Llm> {
             const Result<void> inserted = storage::LlmTable(database).insert(llm);
             return inserted ? Result<domain::Llm>(llm) : inserted.error();
         },
         .find = [](storage::Database &database,
                    const domain::Llm &llm) { return storage::LlmTable(database).findByName(llm.name); },
         .apply =
             [this, principal](const domain::Llm &llm) {
                 m_context.registry.put(llm);
                 m_context.relay.llmChanged(llm.id);
                 return rowResponse(principal, llm, 201);
             }});
}

void LlmsController::edit(const domain::Principal &principal, const QString &nameOrId, const QByteArray &ifMatch,
                          const QByteArray &body, std::shared_ptr<Reply> reply)
{
    changeRow<domain::Llm, domain::Llm, domain::Llm>(
        m_context, *this, std::move(reply),
        {.plan = [this, principal, nameOrId, ifMatch, body] { return edited(principal, nameOrId, ifMatch, body); },
         .store = [](storage::Database &database,
                     const domain::Llm &llm) { return storage::LlmTable(database).update(llm); },
         .find = [](storage::Database &database,
                    const domain::Llm &llm) { return storage::LlmTable(database).find(llm.id); },
         .apply =
             [this, principal](const domain::Llm &llm) {
                 m_context.registry.put(llm);
                 m_context.relay.llmChanged(llm.id);
                 return rowResponse(principal, llm, 200);
             }});
}

Result<LlmId> LlmsController::removable(const domain::Principal &principal, const QString &nameOrId) const
{
    const domain::Llm *const llm = visible(principal, nameOrId);
    if (!llm)
        return modelNotFound(nameOrId);
    if (const std::optional<Error> error = needed(m_context.registry, *llm, principal))
        return *error;
    if (const std::optional<Error> error = neededInPool(m_context.registry, *llm, principal))
        return *error;
    const bool published =
        llm->status != domain::LlmStatus::Inactive || llm->statusReason != domain::StatusReason::Offline;
    if (llm->kind == domain::LlmKind::Virtual && published && m_context.relay.isBound(llm->providerSessionId)) {
        return Error{
            ErrorCode::Conflict,
            QStringLiteral("Llm '%1' is published by a connected publisher; stop publishing it first.").arg(llm->name)};
    }
    return llm->id;
}

void LlmsController::remove(const domain::Principal &principal, const QString &nameOrId, std::shared_ptr<Reply> reply)
{
    changeRow<domain::Llm, LlmId, LlmId>(
        m_context, *this, std::move(reply),
        {.plan = [this, principal, nameOrId] { return removable(principal, nameOrId); },
         .store = [](storage::Database &database, const LlmId &id) -> Result<LlmId> {
             const Result<void> removed = storage::LlmTable(database).remove(id);
             return removed ? Result<LlmId>(id) : removed.error();
         },
         .find = [](storage::Database &database, const LlmId &id) { return storage::LlmTable(database).find(id); },
         .apply =
             [this](const LlmId &id) {
                 m_context.registry.removeLlm(id);
                 m_context.relay.llmChanged(id);
                 return http::Response{204, {}, {}};
             }});
}

} // namespace hearth::api
