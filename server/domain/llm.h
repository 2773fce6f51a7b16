// Llm: a named model that clients can call, as one row with all its lifecycle fields.
//
// Written by registration and the lifecycle rules, stored by LlmTable, served by the api. A plain value; the one living
// copy is in the Registry, on the main thread.

#pragma once

#include "clock.h"
#include "ids.h"

#include <QJsonObject>
#include <QString>

#include <optional>

namespace hearth::domain {

enum class LlmKind {
    /// Published by a box over a control channel.
    Virtual,
    /// Reached by the server at a URL.
    Public,
};

/// Legal moves: Active ↔ Hibernating on heartbeats; both → Inactive on disconnect, sweep or report; Inactive → either
/// on the next heartbeat or register of its session.
enum class LlmStatus {
    Active,
    /// The publisher is online, its backend sleeps and can be woken.
    Hibernating,
    Inactive,
};

/// Why an Llm is inactive.
enum class StatusReason {
    Offline,
    BackendDown,
    Paused,
    Draining,
};

enum class WakeKind { Http, Command };

/// What the server may know of a wake recipe: that there is one and how long it can take. Never its content.
struct WakeInfo
{
    WakeKind kind = WakeKind::Http;
    std::chrono::seconds recipeTimeout{30};
    std::chrono::seconds maxWait{60};

    friend bool operator==(const WakeInfo &, const WakeInfo &) = default;
};

struct Llm
{
    LlmId id;
    QString name;
    LlmKind kind = LlmKind::Virtual;
    LlmStatus status = LlmStatus::Inactive;
    /// Present exactly while the status is Inactive.
    std::optional<StatusReason> statusReason = StatusReason::Offline;
    QString owner;
    /// The session that publishes it; empty for public Llms.
    ProviderSessionId providerSessionId;
    /// What the backend speaks: `openai` or `anthropic`.
    QString type = QStringLiteral("openai");
    /// What the backend itself calls it.
    QString model;
    /// The pool that it belongs to; empty while it belongs to none.
    QString pool = {};
    /// Whether its backend may be asked for the usage of a stream. Off for one that refuses what it does not know.
    bool streamUsage = true;
    /// The base URL of a public Llm's API, without a slash at its end; empty for a virtual one.
    QString url;
    /// The key that a public Llm's backend wants, sealed with the server's secret; empty where it wants none.
    QByteArray sealedApiKey;
    QString tier = QStringLiteral("fast");
    QString description;
    QJsonObject extraConfig;
    int maxConcurrency = 4;
    std::optional<WakeInfo> wake;
    WallTime createdAt{};
    WallTime updatedAt{};
    std::optional<WallTime> lastHeartbeatAt;
    std::optional<WallTime> inactiveSince;
    /// Counts edits; lifecycle changes do not count.
    int version = 1;

    friend bool operator==(const Llm &, const Llm &) = default;
};

/// The spellings of JSON, wire messages and rows; parsing returns nothing for an unknown spelling.
QLatin1String toString(LlmKind kind);
QLatin1String toString(LlmStatus status);
QLatin1String toString(StatusReason reason);
QLatin1String toString(WakeKind kind);
std::optional<LlmKind> llmKindFromString(QStringView text);
std::optional<LlmStatus> llmStatusFromString(QStringView text);
std::optional<StatusReason> statusReasonFromString(QStringView text);
std::optional<WakeKind> wakeKindFromString(QStringView text);

} // namespace hearth::domain
