#include "refusals.h"

#include <algorithm>

namespace hearth::scheduling {

namespace {

/// Why nothing can be had of an Llm that is inactive, or of several.
struct Words
{
    QString one;
    QString all;
};

Words inWords(domain::StatusReason reason, bool reachable)
{
    switch (reason) {
    case domain::StatusReason::Offline:
        if (reachable)
            return {QStringLiteral("no longer published"), QStringLiteral("no longer published")};
        return {QStringLiteral("publisher offline"), QStringLiteral("their publishers are offline")};
    case domain::StatusReason::BackendDown:
        return {QStringLiteral("its backend does not answer"), QStringLiteral("their backends do not answer")};
    case domain::StatusReason::Paused:
        return {QStringLiteral("paused by its owner"), QStringLiteral("paused by their owner")};
    case domain::StatusReason::Draining:
        return {QStringLiteral("its publisher finishes what runs and takes nothing new"),
                QStringLiteral("their publishers finish what runs and take nothing new")};
    }
    Q_UNREACHABLE();
}

/// Why all of them are inactive, where it is one reason; empty where it is not.
QString sharedReason(std::span<const Contender> contenders)
{
    QString shared;
    for (const Contender &contender : contenders) {
        const std::optional<domain::StatusReason> &reason = contender.row->statusReason;
        const QString words = reason ? inWords(*reason, contender.reachable).all : QString();
        if (words.isEmpty() || (!shared.isEmpty() && words != shared))
            return {};
        shared = words;
    }
    return shared;
}

bool wasLostInMidWake(const Contender &contender)
{
    return contender.waking && contender.row->statusReason == domain::StatusReason::Offline;
}

Error hopelessInPool(const QString &pool, const Request &request, std::span<const Contender> contenders)
{
    if (request.again)
        return {ErrorCode::PublisherOffline,
                QStringLiteral("No other Llm of pool '%1' can take the request over.").arg(pool)};
    const bool sleeps = std::any_of(contenders.begin(), contenders.end(), [](const Contender &contender) {
        return contender.row->status == domain::LlmStatus::Hibernating && contender.reachable;
    });
    if (sleeps)
        return {ErrorCode::WakeFailed,
                QStringLiteral("No Llm of pool '%1' is active, and none that hibernates has a wake recipe; start a "
                               "backend on its box.")
                    .arg(pool)};
    const QString reason = sharedReason(contenders);
    return {ErrorCode::PublisherOffline,
            reason.isEmpty() ? QStringLiteral("All Llms of pool '%1' are inactive.").arg(pool)
                             : QStringLiteral("All Llms of pool '%1' are inactive; %2.").arg(pool, reason)};
}

} // namespace

QString inWords(const domain::Destination &destination, const domain::Registry &registry)
{
    if (const auto *const pool = std::get_if<domain::PoolName>(&destination))
        return QStringLiteral("Pool '%1'").arg(pool->text);
    const domain::Llm *const llm = registry.findLlm(std::get<LlmId>(destination));
    return llm ? QStringLiteral("Llm '%1'").arg(llm->name) : QStringLiteral("The Llm");
}

std::optional<Error> obstacle(const domain::Llm &llm, bool reachable)
{
    switch (llm.status) {
    case domain::LlmStatus::Inactive:
        return Error{
            ErrorCode::PublisherOffline,
            QStringLiteral("Llm '%1' is inactive; %2")
                .arg(llm.name, inWords(llm.statusReason.value_or(domain::StatusReason::Offline), reachable).one)};
    case domain::LlmStatus::Hibernating:
        if (!llm.wake) {
            return Error{ErrorCode::WakeFailed,
                         QStringLiteral("Llm '%1' is hibernating and has no wake recipe; start its backend on the box.")
                             .arg(llm.name)};
        }
        break;
    case domain::LlmStatus::Active:
        break;
    }
    if (!reachable)
        return Error{ErrorCode::PublisherOffline, QStringLiteral("Llm '%1' has no live publisher").arg(llm.name)};
    return std::nullopt;
}

Error hopeless(const Request &request, const Lineup &lineup)
{
    const auto contenders = lineup.of(request.destination);
    const auto *const pool = std::get_if<domain::PoolName>(&request.destination);
    if (contenders.empty()) {
        return {ErrorCode::PublisherOffline,
                pool ? QStringLiteral("No Llm belongs to pool '%1' any more.").arg(pool->text)
                     : QStringLiteral("The Llm was deleted.")};
    }
    const auto lost = std::find_if(contenders.begin(), contenders.end(), wasLostInMidWake);
    if (lost != contenders.end()) {
        return {
            ErrorCode::PublisherLost,
            QStringLiteral("The connection to the publisher was lost while it woke Llm '%1'.").arg(lost->row->name)};
    }
    if (pool)
        return hopelessInPool(pool->text, request, contenders);
    const domain::Llm &llm = *contenders.front().row;
    if (const std::optional<Error> error = obstacle(llm, contenders.front().reachable))
        return *error;
    return {ErrorCode::PublisherOffline, QStringLiteral("Llm '%1' has failed the request already.").arg(llm.name)};
}

Error queueFull(const QString &destination, int waiting, std::chrono::seconds retryAfter)
{
    return {ErrorCode::QueueFull,
            QStringLiteral("%1 is busy and %2 requests are waiting for it already; try again later.")
                .arg(destination)
                .arg(waiting),
            {},
            retryAfter};
}

Error queueTimeout(Duration waited, std::chrono::seconds retryAfter)
{
    return {ErrorCode::QueueTimeout,
            QStringLiteral("The request waited %1 s for a free slot; try again later.")
                .arg(std::chrono::ceil<std::chrono::seconds>(waited).count()),
            {},
            retryAfter};
}

} // namespace hearth::scheduling
