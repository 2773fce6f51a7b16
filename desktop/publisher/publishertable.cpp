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
                        "What the backend speaks."),
        Setting::text("model", {}, "What the backend itself calls the model. Default: name."),
        Setting::text("pool", {},
                      "The pool that it joins: callers of the pool get whichever of its models is free. Default: the "
                      "one of its model; empty: none."),
        Setting::boolean("streamUsage", llm.streamUsage,
                         "Whether the backend knows stream_options, by which usage is counted."),
        Setting::text("url", {}, "The backend, for example http://127.0.0.1:8000/v1.").asRequired(),
        Setting::path("apiKeyFile", {}, "Holds the key for a backend that wants one."),
        Setting::choice("tier", llm.tier, {QStringLiteral("fast"), QStringLiteral("heavy")},
                        "How strong the model is."),
        Setting::text("description", {}, "Shown to people who choose a model."),
        Setting::object("extraConfig", "Passed on to the server as it is."),
        Setting::integer("maxConcurrency", llm.maxConcurrency, 1, 10'000, "requests",
                         "How many requests the backend gets at a time."),
        Setting::boolean("publish", llm.publish, "Whether this model is offered to the server at all."),
        Setting::text("probe.path", QString::fromUtf8(llm.probePath),
                      "Below url; the backend is available while it answers this with 2xx."),
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
        Setting::seconds("reconnect.minSeconds", reconnect.minimum, 1ms, 1h,
                         "The bound of the first random wait; it doubles with every failure."),
        Setting::seconds("reconnect.maxSeconds", reconnect.maximum, 1ms, 24h, "The bound of every wait."),
        Setting::seconds("reconnect.replacedWaitSeconds", reconnect.replacedWait, 1ms, 24h,
                         "The wait after another publisher with the same state file has taken over."),
        Setting::seconds("reconnect.goodbyeSeconds", reconnect.goodbye, 0ms, 1h,
                         "The bound of the random wait after the server has said goodbye."),
        Setting::seconds("backend.connectTimeoutSeconds", backend.connectTimeout, 10ms, 10min, "To reach a backend."),
        Setting::seconds("backend.firstByteTimeoutSeconds", backend.firstByteTimeout, 10ms, 24h,
                         "To the first byte of a backend's answer."),
        Setting::seconds("backend.idleTimeoutSeconds", backend.idleTimeout, 10ms, 24h,
                         "Between two pieces of a backend's answer."),
        Setting::seconds("backend.probeTimeoutSeconds", backend.probeTimeout, 10ms, 10min,
                         "For a backend to answer whether it is available."),
        Setting::seconds("channel.handshakeTimeoutSeconds", channel.handshakeTimeout, 10ms, 10min,
                         "To open the control channel."),
        Setting::seconds("channel.pingIntervalSeconds", channel.pingInterval, 10ms, 1h,
                         "Between two pings; a channel that is silent for two of them is dead."),
        Setting::seconds("channel.writeTimeoutSeconds", channel.writeTimeout, 10ms, 1h,
                         "Without the network taking a byte, until the channel is given up."),
        Setting::seconds("channel.closeTimeoutSeconds", channel.closeTimeout, 10ms, 10min,
                         "For the last bytes of a channel that is being closed."),
    };
}

} // namespace

SettingTable publisherSettingTable()
{
    const PublisherSettings settings;
    std::vector<Setting> table{
        Setting::text("server", settings.server.toString(), "The Hearth server; https:// for TLS.")
            .withFlag("--server", "URL"),
        Setting::path("keyFile", {}, "Holds an API key with the scope publish.").withFlag("--key-file", "FILE"),
        Setting::choice("keyStore", toString(settings.keyStore),
                        {toString(KeyStore::File), toString(KeyStore::Keyring)},
                        "Where the API key is: in keyFile, or in the keyring of the desktop, which only hearth-tray "
                        "can read. A keyFile that is given as a flag goes before the keyring."),
        Setting::text("name", QSysInfo::machineHostName(), "What people call this box.").withFlag("--name", "NAME"),
        Setting::path("stateFile", {},
                      "Remembers the provider session across restarts. Default: below $XDG_STATE_HOME/hearth."),
        Setting::path("caFile", {}, "PEM bundle for https. Default: the system's."),
        Setting::choice(
            "logLevel", QStringLiteral("info"),
            {QStringLiteral("debug"), QStringLiteral("info"), QStringLiteral("warning"), QStringLiteral("error")},
            "What is logged, from this level upward."),
        Setting::seconds("watchIntervalSeconds", settings.watchInterval, 10ms, 1h,
                         "Between two questions to an idle backend whether it is available."),
        Setting::seconds("wakePollSeconds", settings.wakePoll, 10ms, 1min,
                         "Between two questions to a backend that is being woken."),
        Setting::seconds("recipeKillGraceSeconds", settings.recipes.killGrace, 0ms, 10s,
                         "What a recipe's command has to end by itself before it is killed."),
        Setting::seconds("offerAgainSeconds", settings.offerAgain, 10ms, 24h,
                         "Until models and agents whose name is taken are offered again."),
        Setting::seconds("answerTimeoutSeconds", settings.answerTimeout, 10ms, 10min,
                         "For the server's first message, and again for its answer to a register."),
        Setting::integer("extraTasks", settings.extraTasks, 0, 10'000, "tasks",
                         "Accepted beyond the sum of maxConcurrency; a cancelled task holds its place for a moment."),
        Setting::entries("llms", "The models of this box.", llmTable()),
        Setting::entries("agents", "The agents that are published beside them.", agentTable()),
    };
    std::ranges::move(connectionSettings(), std::back_inserter(table));
    std::ranges::move(desktopSettingTable(), std::back_inserter(table));
    return SettingTable(std::move(table));
}

} // namespace hearth::publisher
