// The table of publisher.yaml; what its values mean stands in publisherconfig.cpp.

#include "agentconfig.h"
#include "desktopsettings.h"
#include "publisherconfig.h"
#include "recipeconfig.h"

#include <QSysInfo>

#include <algorithm>

namespace hearth::publisher {

namespace {

using namespace std::chrono_literals;

SettingTable llmTable()
{
    const LlmSettings llm;
    std::vector<Setting> settings{
        Setting::text("name", {}, "The name that clients call.").asRequired(),
        Setting::choice("type", toString(llm.type), {toString(BackendType::OpenAi), toString(BackendType::Anthropic)},
                        "The API that the backend speaks."),
        Setting::text("model", {}, "What the backend itself calls the model. Default: name."),
        Setting::text("pool", {},
                      "The pool that it joins: callers of the pool get whichever of its models is free. Default: the "
                      "one of its model; empty: none."),
        Setting::boolean("streamUsage", llm.streamUsage,
                         "Whether the backend knows stream_options, by which usage is counted."),
        Setting::text("url", {}, "The backend, for example http://127.0.0.1:8000/v1.").asRequired(),
        Setting::path("apiKeyFile", {}, "File with the key for a backend that wants one; it holds nothing else."),
        Setting::choice("tier", llm.tier, {QStringLiteral("fast"), QStringLiteral("heavy")},
                        "How strong the model is."),
        Setting::text("description", {}, "Shown to people who choose a model."),
        Setting::object("extraConfig", "Passed on to the server as it is."),
        Setting::integer("maxConcurrency", llm.maxConcurrency, 1, 10'000, "requests",
                         "How many requests the backend gets at a time."),
        Setting::boolean("publish", llm.publish, "Whether this model is offered to the server at all."),
        Setting::text("probe.path", QString::fromUtf8(llm.probePath),
                      "A path below url; the backend is available while it answers a request for it with 2xx."),
    };
    std::ranges::move(recipeSettings(), std::back_inserter(settings));
    return SettingTable(std::move(settings));
}

std::vector<Setting> connectionSettings()
{
    const ReconnectSettings reconnect;
    const BackendSettings backend;
    const channel::ChannelSettings channel;
    return {
        Setting::seconds(
            "reconnect.minSeconds", reconnect.minimum, 1ms, 1h,
            "Upper bound of the first random wait after a lost connection; it doubles with every failure."),
        Setting::seconds("reconnect.maxSeconds", reconnect.maximum, 1ms, 24h, "Upper bound of every such wait."),
        Setting::seconds("reconnect.replacedWaitSeconds", reconnect.replacedWait, 1ms, 24h,
                         "How long to wait after another publisher with the same state file has taken over."),
        Setting::seconds("reconnect.goodbyeSeconds", reconnect.goodbye, 0ms, 1h,
                         "Upper bound of the random wait after the server has said goodbye."),
        Setting::seconds("backend.connectTimeoutSeconds", backend.connectTimeout, 10ms, 10min,
                         "How long it may take to connect to a backend."),
        Setting::seconds("backend.firstByteTimeoutSeconds", backend.firstByteTimeout, 10ms, 24h,
                         "How long a backend may take to begin its answer."),
        Setting::seconds("backend.idleTimeoutSeconds", backend.idleTimeout, 10ms, 24h,
                         "How long a backend may be silent in the middle of its answer."),
        Setting::seconds("backend.probeTimeoutSeconds", backend.probeTimeout, 10ms, 10min,
                         "How long a backend may take to answer whether it is available."),
        Setting::seconds("channel.handshakeTimeoutSeconds", channel.handshakeTimeout, 10ms, 10min,
                         "How long it may take to open the control channel."),
        Setting::seconds("channel.pingIntervalSeconds", channel.pingInterval, 10ms, 1h,
                         "How often the control channel is pinged; silent for two pings, it is dead."),
        Setting::seconds("channel.writeTimeoutSeconds", channel.writeTimeout, 10ms, 1h,
                         "How long the network may take no byte before the channel is given up."),
        Setting::seconds("channel.closeTimeoutSeconds", channel.closeTimeout, 10ms, 10min,
                         "How long the last bytes of a channel that is being closed may take."),
    };
}

/// As Publisher::canApply() has it: another one needs a new control channel.
bool makesChannel(const QString &key)
{
    static const QStringList keys{QStringLiteral("server"), QStringLiteral("keyFile"), QStringLiteral("keyStore"),
                                  QStringLiteral("caFile"), QStringLiteral("stateFile")};
    return keys.contains(key) || key.startsWith(QLatin1String("channel."));
}

} // namespace

SettingTable publisherSettingTable()
{
    const PublisherSettings settings;
    std::vector<Setting> table{
        Setting::text("server", settings.server.toString(), "The address of the Hearth server; https:// for TLS.")
            .withFlag("--server", "URL"),
        Setting::path("keyFile", {}, "File with an API key of the scope publish; it holds nothing else.")
            .withFlag("--key-file", "FILE"),
        Setting::choice("keyStore", toString(settings.keyStore),
                        {toString(KeyStore::File), toString(KeyStore::Keyring)},
                        "Where the API key is: in keyFile, or in the keyring of the desktop, which only hearth-tray "
                        "can read. A keyFile that is given as a flag goes before the keyring."),
        Setting::text("name", QSysInfo::machineHostName(), "What people call this box.")
            .withFlag("--name", "NAME")
            .withDefaultWords("the name of this machine"),
        Setting::path("stateFile", {},
                      "Remembers the provider session across restarts. Default: a file in $STATE_DIRECTORY, which "
                      "systemd sets for its services, else in $XDG_STATE_HOME/hearth."),
        Setting::path("caFile", {}, "PEM bundle for https. Default: the system's."),
        Setting::choice(
            "logLevel", QStringLiteral("info"),
            {QStringLiteral("debug"), QStringLiteral("info"), QStringLiteral("warning"), QStringLiteral("error")},
            "Which messages are logged, from this level upward."),
        Setting::seconds("watchIntervalSeconds", settings.watchInterval, 10ms, 1h,
                         "How often an idle backend is asked whether it is available."),
        Setting::seconds("wakePollSeconds", settings.wakePoll, 10ms, 1min,
                         "How often a backend that is being woken is asked whether it is available."),
        Setting::seconds("recipeKillGraceSeconds", settings.recipes.killGrace, 0ms, 10s,
                         "How long the program of a recipe may take to end by itself before it is killed."),
        Setting::seconds("offerAgainSeconds", settings.offerAgain, 10ms, 24h,
                         "How often models and agents whose name is taken are offered again."),
        Setting::seconds("answerTimeoutSeconds", settings.answerTimeout, 10ms, 10min,
                         "How long the server may take for its first message, and again to answer a register."),
        Setting::seconds("shutdown.drainSeconds", settings.drainTimeout, 0s, 1h,
                         "How long running requests and wakes may go on when hearth-publisher is stopped."),
        Setting::integer(
            "extraTasks", settings.extraTasks, 0, 10'000, "tasks",
            "Tasks that are accepted beyond the sum of maxConcurrency; a cancelled one holds its place for a moment."),
        Setting::entries("llms", "The models of this box.", llmTable()),
        Setting::entries("agents", "The agents that are published beside them.", agentTable()),
    };
    std::ranges::move(connectionSettings(), std::back_inserter(table));
    std::ranges::move(desktopSettingTable(), std::back_inserter(table));
    for (Setting &setting : table)
        setting.reloadable = !makesChannel(setting.key);
    return SettingTable(std::move(table));
}

} // namespace hearth::publisher
