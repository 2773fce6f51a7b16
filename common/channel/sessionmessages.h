// The control messages about a publisher's session: who it is, what it publishes, how it is.
//
// One struct per message of the control channel (subprotocol hearth.v1); the codec turns them into JSON and back, and
// nothing else knows their spelling. Plain values.

#pragma once

#include "ids.h"

#include <QJsonObject>
#include <QList>
#include <QString>

#include <optional>

namespace hearth::channel {

/// The state that a publisher reports of an Llm. The last three mean inactive, each with its reason.
enum class ReportedState { Active, Hibernating, Inactive, Paused, Draining };

enum class RecipeKind { Http, Command };

/// What a publisher tells of a wake recipe: that there is one and how long it may take, never what it does.
struct RecipeInfo
{
    RecipeKind kind = RecipeKind::Http;
    int recipeTimeoutSeconds = 30;
    int maxWaitSeconds = 60;

    friend bool operator==(const RecipeInfo &, const RecipeInfo &) = default;
};

/// Server → publisher, first message on every channel. The publisher says nothing before it has come.
struct Hello
{
    /// For people and logs.
    QString serverVersion;
    /// How often the server wants a heartbeat.
    int heartbeatSeconds = 15;

    friend bool operator==(const Hello &, const Hello &) = default;
};

/// One Llm of a register message. A field that is left out keeps its value, or gets its default in a new row.
struct LlmEntry
{
    QString name;
    std::optional<QString> type = std::nullopt;
    std::optional<QString> model = std::nullopt;
    /// The pool that it joins: none for an empty text, the one of its model when it is left out.
    std::optional<QString> pool = std::nullopt;
    /// Whether its backend may be asked for the usage of a stream.
    std::optional<bool> streamUsage = std::nullopt;
    std::optional<QString> tier = std::nullopt;
    std::optional<QString> description = std::nullopt;
    std::optional<QJsonObject> extraConfig = std::nullopt;
    std::optional<int> maxConcurrency = std::nullopt;
    ReportedState initialStatus = ReportedState::Active;
    std::optional<RecipeInfo> wake = std::nullopt;

    friend bool operator==(const LlmEntry &, const LlmEntry &) = default;
};

/// One agent of a register message. A field that is left out keeps its value, or is empty in a new row.
struct AgentEntry
{
    QString name;
    /// The name of the Llm it is pinned to: one of the same message, another one of the owner's, or a public one. Empty
    /// when it is pinned to a pool.
    QString llm = {};
    /// The pool it is pinned to; empty when it is pinned to an Llm.
    QString pool = {};
    std::optional<QString> description = std::nullopt;
    std::optional<QString> systemPrompt = std::nullopt;
    std::optional<QJsonObject> defaultParams = std::nullopt;
    std::optional<QJsonObject> extras = std::nullopt;
    std::optional<QString> project = std::nullopt;

    friend bool operator==(const AgentEntry &, const AgentEntry &) = default;
};

/// Publisher → server: everything that this publisher publishes. What it no longer lists becomes inactive.
struct Register
{
    /// The name that the publisher gives itself, for people.
    QString publisher;
    QString version;
    /// The identity from an earlier register; empty the first time.
    ProviderSessionId providerSessionId = {};
    QList<LlmEntry> llms = {};
    /// Taken after the Llms, by the same rules.
    QList<AgentEntry> agents = {};

    friend bool operator==(const Register &, const Register &) = default;
};

enum class EntryStatus {
    Accepted,
    /// The name belongs to somebody else now; worth offering again.
    Conflict,
    /// The entry itself is wrong; offering it again unchanged is pointless.
    Invalid,
};

struct EntryOutcome
{
    QString name;
    EntryStatus status = EntryStatus::Accepted;
    /// What to do about it; empty for accepted entries.
    QString message;

    friend bool operator==(const EntryOutcome &, const EntryOutcome &) = default;
};

/// Server → publisher: the outcome of a register, one entry for each of its entries.
struct Registered
{
    ProviderSessionId providerSessionId;
    quint64 epoch = 0;
    QList<EntryOutcome> llms;
    QList<EntryOutcome> agents = {};

    friend bool operator==(const Registered &, const Registered &) = default;
};

struct LlmReport
{
    QString name;
    ReportedState state = ReportedState::Active;
    /// Tasks that run on the backend now.
    int running = 0;

    friend bool operator==(const LlmReport &, const LlmReport &) = default;
};

/// Publisher → server, about every heartbeatSeconds and whenever a state changes. Agents have no state of their own: it
/// speaks for those of the latest register, too.
struct Heartbeat
{
    QList<LlmReport> llms;

    friend bool operator==(const Heartbeat &, const Heartbeat &) = default;
};

/// Server → publisher: a heartbeat has been taken.
struct HeartbeatAck
{
    friend bool operator==(const HeartbeatAck &, const HeartbeatAck &) = default;
};

/// Server → publisher: the server is about to stop; come back soon, jittered within 2 s.
struct Goodbye
{
    QString reason;

    friend bool operator==(const Goodbye &, const Goodbye &) = default;
};

/// Server → publisher: a message could not be carried out. The channel lives on unless it is closed next.
struct ErrorNotice
{
    /// An ErrorCode in its wire spelling; unknown ones are for people only.
    QString code;
    QString message;

    friend bool operator==(const ErrorNotice &, const ErrorNotice &) = default;
};

} // namespace hearth::channel
