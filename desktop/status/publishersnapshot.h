// PublisherSnapshot: everything that a window shows of a publisher, as it is at one moment.
//
// snapshotOf() takes it from a running Publisher; a StatusClient gets it from the program that runs the same
// configuration elsewhere. Whoever draws windows, menus and icons knows snapshots and nothing else, so all of it can be
// tested without a network. Plain values; ages instead of times, so that they mean the same in another process.

#pragma once

#include "attention.h"
#include "intake.h"
#include "publisher.h"

#include <QUrl>

#include <vector>

namespace hearth::status {

struct LlmSnapshot
{
    QString name = {};
    /// What the backend calls it.
    QString model = {};
    /// Host and port of its URL.
    QString backend = {};
    /// Whether the configuration says `publish: true`.
    bool isPublished = false;
    /// What the server is told, the owner's pause included; Inactive for one that is not published.
    channel::ReportedState state = channel::ReportedState::Inactive;
    /// What the server said to it last; nothing before it has.
    std::optional<channel::EntryOutcome> outcome = std::nullopt;
    /// Of one that is no longer published, those that are still being finished.
    int running = 0;
    int maxConcurrency = 0;
    /// Over the last seconds.
    double tokensPerSecond = 0;
    /// Whether a wake makes sense now: it has a recipe, its backend is asleep, and no wake of it runs. The owner's
    /// pause does not keep him from waking it.
    bool canBeWoken = false;
    std::optional<publisher::WakeStatus> wake = std::nullopt;
    /// Since its latest request began; nothing before the first.
    std::optional<Duration> lastRequestAge = std::nullopt;

    friend bool operator==(const LlmSnapshot &, const LlmSnapshot &) = default;
};

struct RequestSnapshot
{
    TaskId task{};
    QString llm = {};
    /// `/chat/completions`.
    QString path = {};
    bool isStream = false;
    Duration age{};
    /// Of the answer so far.
    qint64 tokens = 0;
    double tokensPerSecond = 0;

    friend bool operator==(const RequestSnapshot &, const RequestSnapshot &) = default;
};

struct ConnectionSnapshot
{
    QString serverVersion = {};
    quint64 epoch = 0;
    /// How long it has been online.
    Duration age{};
    std::optional<Duration> roundTrip = std::nullopt;
    /// Since the latest answer to a heartbeat.
    Duration heartbeatAge{};

    friend bool operator==(const ConnectionSnapshot &, const ConnectionSnapshot &) = default;
};

/// One minute of the last hour.
struct MinuteSnapshot
{
    /// That ended in this minute.
    int requests = 0;
    /// Of answers.
    qint64 tokens = 0;

    friend bool operator==(const MinuteSnapshot &, const MinuteSnapshot &) = default;
};

/// What this program has to do with the publisher that is shown.
enum class Situation {
    /// There is no configuration yet.
    Unconfigured,
    /// The configuration cannot be used; nothing runs.
    Broken,
    /// This program publishes.
    Here,
    /// Another program publishes with the same configuration; it is shown, and cannot be controlled.
    Elsewhere,
    /// The other program has ended; nothing runs.
    Nowhere,
};

struct PublisherSnapshot
{
    Situation situation = Situation::Unconfigured;
    /// Who publishes: `hearth-tray`, `hearth-publisher`.
    QString program = {};
    qint64 processId = 0;
    QString configFile = {};
    /// What people call this box.
    QString name = {};
    /// Without user info.
    QUrl server = {};
    publisher::ConnectionState state = publisher::ConnectionState::Offline;
    /// A sentence; empty while there is nothing to say.
    QString problem = {};
    std::optional<ConnectionSnapshot> connection = std::nullopt;
    /// Until the server is tried again.
    std::optional<Duration> retryIn = std::nullopt;
    publisher::Intake intake = publisher::Intake::Open;
    /// Why nothing new is taken, when no person said so: `on battery`. Empty otherwise.
    QString pauseReason = {};
    /// In the order of the configuration, those that are not published included.
    std::vector<LlmSnapshot> llms = {};
    std::vector<RequestSnapshot> requests = {};
    /// 60 of them, the present minute last; empty where nobody counts.
    std::vector<MinuteSnapshot> lastHour = {};
    /// What needs a person, the most urgent first.
    std::vector<Attention> attentions = {};

    /// Requests, those to Llms that are no longer published included.
    int running() const;
    /// What OpenAI clients call: `https://hearth.example.org/v1`; empty where no server is known.
    QString baseUrl() const;

    friend bool operator==(const PublisherSnapshot &, const PublisherSnapshot &) = default;
};

class Activity;

/// Of a Publisher in this program; situation, configFile, pauseReason and attentions are the caller's to fill in.
/// `activity` may be null. Llms of its settings that are not published are listed, too.
PublisherSnapshot snapshotOf(const publisher::Publisher &publisher, const Activity *activity, Clock &clock);

} // namespace hearth::status
