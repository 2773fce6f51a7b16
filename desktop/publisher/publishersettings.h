// PublisherSettings: everything that a publisher has been told, checked and ready for use.
//
// Made by readPublisherSettings() (publisherconfig.h) from publisher.yaml or by hand in tests, given to Publisher and
// SelfCheck. Plain values without thread affinity. Keys are not in here, except those of backends.

#pragma once

#include "channelsettings.h"
#include "reciperun.h"

#include <QJsonObject>
#include <QUrl>

#include <optional>
#include <vector>

namespace hearth::publisher {

/// What a backend speaks.
enum class BackendType { OpenAi, Anthropic };

/// Where the publisher's own API key is.
enum class KeyStore {
    File,
    /// The desktop's keyring, which only hearth-tray can read.
    Keyring,
};

/// One entry of `llms`.
struct LlmSettings
{
    QString name;
    BackendType type = BackendType::OpenAi;
    /// What the backend itself calls it.
    QString model;
    /// The pool that it joins: none when empty, the one of its model when nothing is said.
    std::optional<QString> pool;
    /// Whether the backend may be asked for the usage of a stream.
    bool streamUsage = true;
    /// Of the backend, `http` or `https`, without a slash at its end: `http://127.0.0.1:8000/v1`.
    QByteArray url;
    /// For the backend; empty where it wants none.
    QByteArray apiKey;
    QString tier = QStringLiteral("fast");
    QString description;
    QJsonObject extraConfig;
    int maxConcurrency = 4;
    /// Nothing is shared by accident.
    bool publish = false;
    /// Below `url`; answers 2xx while the backend is available.
    QByteArray probePath = "/models";
    std::optional<WakeRecipe> wake;
    /// Only together with a wake recipe: nothing else could wake it again.
    std::optional<SleepRecipe> sleep;
};

/// One entry of `agents`.
struct AgentSettings
{
    QString name;
    /// The name of the Llm it is pinned to; empty when it is pinned to a pool.
    QString llm = {};
    /// The pool it is pinned to; empty when it is pinned to an Llm.
    QString pool = {};
    QString description = {};
    QString systemPrompt = {};
    QJsonObject defaultParams = {};
    QJsonObject extras = {};
    QString project = {};
};

struct ReconnectSettings
{
    /// The bound of the first random wait; it doubles with every failure up to `maximum`.
    Duration minimum = std::chrono::seconds(1);
    Duration maximum = std::chrono::seconds(60);
    /// After another publisher with the same state file has taken over, so that two of them do not fight.
    Duration replacedWait = std::chrono::seconds(60);
    /// The bound of the random wait after a server's goodbye.
    Duration goodbye = std::chrono::seconds(2);
};

struct BackendSettings
{
    Duration connectTimeout = std::chrono::seconds(5);
    /// To the first byte of an answer.
    Duration firstByteTimeout = std::chrono::seconds(600);
    /// Between two pieces of an answer.
    Duration idleTimeout = std::chrono::seconds(300);
    /// For the whole answer to a probe.
    Duration probeTimeout = std::chrono::seconds(3);
};

struct PublisherSettings
{
    /// `http` or `https`, without a slash at its end.
    QUrl server{QStringLiteral("http://127.0.0.1:4327")};
    KeyStore keyStore = KeyStore::File;
    /// Holds the API key with the scope `publish`; empty with KeyStore::Keyring.
    QString keyFile;
    /// What people call this box.
    QString name;
    /// Remembers the provider session across restarts.
    QString stateFile;
    /// PEM bundle for https; empty uses the system's.
    QString caFile;
    std::vector<LlmSettings> llms;
    std::vector<AgentSettings> agents;

    ReconnectSettings reconnect;
    BackendSettings backend;
    channel::ChannelSettings channel;
    /// For the server's hello, and again for its answer to a register.
    Duration answerTimeout = std::chrono::seconds(10);
    /// Between two questions to an idle backend.
    Duration watchInterval = std::chrono::seconds(10);
    /// Between two questions to a backend that is being woken.
    Duration wakePoll = std::chrono::milliseconds(1500);
    RecipeRunSettings recipes;
    /// Until Llms whose name is taken are offered again.
    Duration offerAgain = std::chrono::seconds(30);
    /// How long hearth-publisher lets running tasks finish when it is told to end. Publisher does not look at it.
    Duration drainTimeout = std::chrono::seconds(30);
    /// Tasks beyond the sum of maxConcurrency that are still accepted: a cancelled one holds its place for a moment.
    int extraTasks = 16;
};

/// The spelling of configuration and wire: `openai`, `anthropic`.
QString toString(BackendType type);
/// `file`, `keyring`.
QString toString(KeyStore store);

/// Where the server takes control channels: `ws://…/api/v1/publish` for http, `wss://…` for https.
QUrl controlChannelUrl(const QUrl &server);

} // namespace hearth::publisher
