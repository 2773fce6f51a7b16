#include "serversettings.h"

namespace hearth::server {

namespace {

using namespace std::chrono_literals;

QString defaultDatabase()
{
    return QStringLiteral("sqlite:") + dataDirectory() + QStringLiteral("/hearth.db");
}

std::vector<Setting> generalSettings()
{
    const ServerSettings defaults;
    return {
        Setting::text("listen", QStringLiteral("127.0.0.1:4327"),
                      "Address and port to listen on; port 0 takes a free one.")
            .withFlag("--listen", "HOST:PORT"),
        Setting::text("database", defaultDatabase(),
                      "Where everything is stored: sqlite:PATH, or postgresql://user:password@host:port/name.")
            .withFlag("--database", "URL")
            .withDefaultWords("sqlite:hearth.db in the data directory"),
        Setting::path("secretFile", {},
                      "File with the secret that seals the API keys of public Llms in the database; it is made at the "
                      "first start. Empty: secret.key beside the SQLite file, or in the data directory."),
        Setting::choice(
            "logLevel", toString(defaults.logLevel),
            {QStringLiteral("debug"), QStringLiteral("info"), QStringLiteral("warning"), QStringLiteral("error")},
            "Which messages are logged, from this level upward.")
            .asReloadable(),
        Setting::path(
            "tls.certificateFile", {},
            "PEM file with the certificate chain; with tls.keyFile it switches TLS on. Both files are read again at "
            "every reload; to switch TLS on or off needs a restart.")
            .asReloadable(),
        Setting::path("tls.keyFile", {}, "PEM file with the private key of the certificate.").asReloadable(),
        Setting::seconds("shutdown.drainSeconds", defaults.drainTimeout, 0s, 1h,
                         "How long running answers may go on after SIGTERM.")
            .asReloadable(),
        Setting::size("api.scanInlineLimit", defaults.api.scanInlineLimit, 0, 32 * 1024 * 1024,
                      "Request bodies longer than this are scanned off the event loop.")
            .asReloadable(),
        Setting::seconds("metrics.lagSeconds", defaults.metrics.lagInterval, 50ms, 1h,
                         "How often the lag of the event loop is measured."),
        Setting::seconds("usage.flushSeconds", defaults.usage.flushInterval, 50ms, 1h,
                         "How long counts of usage are collected before they are stored.")
            .asReloadable(),
        Setting::integer("usage.maxPending", defaults.usage.maxPending, 1, 100'000, "counts",
                         "Counts of usage that may wait while the database is away; what is beyond is lost.")
            .asReloadable(),
        Setting::integer("usage.batchRows", defaults.usage.batchRows, 1, 10'000, "counts",
                         "Counts of usage that are stored at once.")
            .asReloadable(),
        Setting::integer("usage.maxRows", defaults.usage.maxRows, 1, 1'000'000, "rows",
                         "Rows in one answer about usage.")
            .asReloadable(),
        Setting::integer("usage.retentionDays", defaults.usage.retentionDays, 0, 36'500, "days",
                         "Older usage is deleted; 0: none is.")
            .asReloadable(),
    };
}

std::vector<Setting> lifecycleSettings()
{
    const domain::LifecycleSettings lifecycle;
    return {
        Setting::seconds("lifecycle.heartbeatTimeoutSeconds", lifecycle.heartbeatTimeout, 100ms, 24h,
                         "A published Llm that was not heard of for this long becomes inactive."),
        Setting::seconds("lifecycle.inactiveRetentionSeconds", lifecycle.inactiveRetention, 100ms, 24h * 3650,
                         "A published Llm that was inactive for this long is deleted."),
        Setting::seconds("lifecycle.sweepIntervalSeconds", lifecycle.sweepInterval, 50ms, 24h,
                         "How often stale and expired rows are looked for."),
        Setting::seconds("lifecycle.startupGraceSeconds", lifecycle.startupGrace, 0s, 24h,
                         "How long after the start of the server nothing is deleted."),
        Setting::seconds("lifecycle.heartbeatIntervalSeconds", lifecycle.heartbeatInterval, 1s, 1h,
                         "How often publishers are asked to send a heartbeat; whole seconds."),
        Setting::boolean("pool.acrossOwners", lifecycle.poolsAcrossOwners,
                         "Whether Llms of different owners may serve one pool."),
        Setting::boolean("lifecycle.adoptAcrossOwners", lifecycle.adoptAcrossOwners,
                         "Lets a publisher take over an inactive Llm of another owner."),
    };
}

std::vector<Setting> schedulingSettings()
{
    const relay::RelaySettings relay;
    const scheduling::SchedulerSettings &scheduler = relay.scheduler;
    return {
        Setting::integer("queue.maxWaiting", scheduler.maxWaiting, 0, 1'000'000, "requests",
                         "Requests that may wait for one Llm or pool; more are refused.")
            .asReloadable(),
        Setting::seconds("queue.maxWaitSeconds", scheduler.maxWait, 50ms, 24h,
                         "How long a request may wait for a free slot.")
            .asReloadable(),
        Setting::integer("pool.wakeWhenQueuedOver", scheduler.wakeWhenQueuedOver, 0, 1'000'000, "requests",
                         "A sleeping member of a pool is woken once more than these wait for members that are full.")
            .asReloadable(),
        Setting::boolean("pool.affinity", scheduler.affinity,
                         "Whether a conversation prefers the member of its pool that served it last.")
            .asReloadable(),
        Setting::integer("pool.maxConversations", scheduler.maxConversations, 1, 10'000'000, "conversations",
                         "Conversations that are remembered for pool.affinity.")
            .asReloadable(),
        Setting::seconds("failover.reconnectGraceSeconds", scheduler.reconnectGrace, 0s, 1h,
                         "How long requests wait for a publisher that was lost to come back.")
            .asReloadable(),
        Setting::integer("failover.maxAttempts", relay.maxAttempts, 1, 100, "attempts",
                         "How often a request is sent to an Llm at most, until one begins to answer.")
            .asReloadable(),
        Setting::integer("failover.breakerFailures", scheduler.breakerFailures, 1, 1'000'000, "failures",
                         "So many failures in a row leave an Llm out of its pool for a while.")
            .asReloadable(),
        Setting::seconds("failover.breakerPauseSeconds", scheduler.breakerPause, 50ms, 24h,
                         "How long it is left out at first; doubled each time that it fails again.")
            .asReloadable(),
        Setting::seconds("failover.maxBreakerPauseSeconds", scheduler.maxBreakerPause, 50ms, 24h,
                         "How long it is left out at most.")
            .asReloadable(),
    };
}

std::vector<Setting> relaySettings()
{
    const relay::RelaySettings relay;
    const api::ApiSettings api;
    return {
        Setting::seconds("backend.firstByteSeconds", relay.firstByte, 50ms, 24h,
                         "How long a backend may take to begin its answer.")
            .asReloadable(),
        Setting::seconds("backend.idleSeconds", relay.idle, 50ms, 24h,
                         "How long a backend may be silent in the middle of its answer.")
            .asReloadable(),
        Setting::seconds("backend.cancelConfirmSeconds", relay.cancelConfirm, 50ms, 1h,
                         "How long a publisher may take to confirm a cancel before its channel is closed.")
            .asReloadable(),
        Setting::seconds("wake.marginSeconds", relay.wakeMargin, 50ms, 1h,
                         "What a publisher gets beyond the limits of a wake recipe to say how the wake has ended.")
            .asReloadable(),
        Setting::seconds("wake.graceSeconds", api.wakeGrace, 50ms, 1h,
                         "How long a streaming client waits in silence; then it gets a head and comments.")
            .asReloadable(),
        Setting::seconds("wake.commentSeconds", api.wakeComment, 50ms, 1h,
                         "Between two comments to a streaming client that waits.")
            .asReloadable(),
        Setting::seconds("wake.maxHoldSeconds", api.wakeMaxHold, 50ms, 24h,
                         "How long a client that does not stream waits for a wake; then it is told when to come back.")
            .asReloadable(),
    };
}

std::vector<Setting> publicLlmSettings()
{
    const publicllm::PublicLlmSettings publicLlm;
    constexpr qint64 mebibyte = 1024 * 1024;
    return {
        Setting::seconds("publicLlm.connectSeconds", publicLlm.connect, 50ms, 5min,
                         "How long it may take to connect to the backend of a public Llm.")
            .asReloadable(),
        Setting::size("publicLlm.maxUnread", publicLlm.maxUnread, 1024, 64 * mebibyte,
                      "What a client may leave unread of an answer before its backend is not read any more.")
            .asReloadable(),
        Setting::size("publicLlm.maxWholeAnswer", publicLlm.maxWholeAnswer, 1024, 1024 * mebibyte,
                      "Longest answer that is translated as a whole.")
            .asReloadable(),
        Setting::size("publicLlm.maxEvent", publicLlm.maxEvent, 1024, 64 * mebibyte,
                      "Longest event in a stream that is translated.")
            .asReloadable(),
        Setting::size("publicLlm.translateInline", publicLlm.translateInline, 0, 32 * mebibyte,
                      "Requests longer than this are translated off the event loop.")
            .asReloadable(),
        Setting::integer("publicLlm.defaultMaxTokens", publicLlm.defaultMaxTokens, 1, 10'000'000, "tokens",
                         "max_tokens for an anthropic Llm where the client sets none.")
            .asReloadable(),
        Setting::path("publicLlm.caFile", publicLlm.caFile,
                      "PEM bundle of the authorities that vouch for https backends. Empty: the system's."),
    };
}

std::vector<Setting> chatSettings()
{
    const chat::ChatSettings chat;
    return {
        Setting::integer("chat.historyTokens", chat.historyTokens, 0, 100'000'000, "tokens",
                         "How much of a thread is sent along with a new message, estimated at four characters a token.")
            .asReloadable(),
        Setting::integer("chat.maxIterations", chat.maxIterations, 1, 10'000, "answers",
                         "Answers in one turn of a thread; each may ask for tools, whose results lead to the next.")
            .asReloadable(),
        Setting::integer("chat.maxTurns", chat.maxTurns, 1, 1'000'000, "turns",
                         "Messages in threads that are being answered at the same time; more are refused.")
            .asReloadable(),
        Setting::integer("chat.maxTurnsPerOwner", chat.maxTurnsPerOwner, 1, 1'000'000, "turns",
                         "Messages of one owner that are being answered at the same time; more are refused.")
            .asReloadable(),
        Setting::size("chat.maxRequest", chat.maxRequest, 1024, 32 * 1024 * 1024, "Longest body of a request to chat.")
            .asReloadable(),
        Setting::size("chat.maxAnswer", chat.maxAnswer, 1024, 1024 * 1024 * 1024,
                      "Longest answer in a thread, text and tool calls together.")
            .asReloadable(),
        Setting::seconds("chat.storeRetrySeconds", chat.storeRetry, 50ms, 1h,
                         "How often it is tried to store an answer while the database is away.")
            .asReloadable(),
    };
}

std::vector<Setting> channelSettings()
{
    const channel::ChannelSettings channel;
    const control::ControlSettings control;
    return {
        Setting::seconds("channel.handshakeSeconds", channel.handshakeTimeout, 50ms, 1h,
                         "How long the WebSocket handshake of a publisher may take."),
        Setting::seconds("channel.pingSeconds", channel.pingInterval, 50ms, 1h,
                         "How often a control channel is pinged; silent for two pings, it is dead."),
        Setting::seconds("channel.writeSeconds", channel.writeTimeout, 50ms, 1h,
                         "How long a control channel may take no byte of what waits for it."),
        Setting::size(
            "channel.maxBytesToWrite", channel.maxBytesToWrite, 1024 * 1024, 1024 * 1024 * 1024,
            "What may wait to be sent on a control channel; a publisher that lets more come together is cut off."),
        Setting::seconds("channel.closeSeconds", channel.closeTimeout, 50ms, 1h,
                         "How long a closing control channel may take to send what waits."),
        Setting::seconds("channel.registerSeconds", control.registerTimeout, 50ms, 1h,
                         "How long a publisher may take to register after it has connected."),
        Setting::seconds("channel.keyCheckSeconds", control.keyCheckInterval, 50ms, 1h,
                         "How often the keys of open control channels are checked for expiry."),
    };
}

std::vector<Setting> httpSettings()
{
    const http::HttpLimits limits;
    const http::HttpTimeouts timeouts;
    constexpr qint64 mebibyte = 1024 * 1024;
    return {
        Setting::size("http.maxHead", limits.head, 1024, mebibyte, "Longest request head.").asReloadable(),
        Setting::size("http.maxTarget", limits.target, 256, mebibyte, "Longest request target.").asReloadable(),
        Setting::integer("http.maxFields", limits.fields, 10, 10'000, "fields", "Header fields of one request.")
            .asReloadable(),
        Setting::size("http.maxBody", limits.body, 1024, 1024 * mebibyte, "Longest request body.").asReloadable(),
        Setting::size("http.maxAllBodies", limits.allBodies, 1024, 1024 * 1024 * mebibyte,
                      "All request bodies in memory together.")
            .asReloadable(),
        Setting::integer("http.maxConnections", limits.connections, 1, 1'000'000, "connections",
                         "Open connections; at the limit no more are accepted until some have closed.")
            .asReloadable(),
        Setting::size("http.maxReadAhead", limits.readAhead, 1024, 16 * mebibyte,
                      "Unread input behind a request that is being answered.")
            .asReloadable(),
        Setting::size("http.maxLinger", limits.linger, 0, 64 * mebibyte,
                      "Input that is read and discarded after a request was refused.")
            .asReloadable(),
        Setting::size("http.minBodyRate", limits.bodyRate, 0, mebibyte,
                      "Bytes per second below which a request body that takes long is given up.")
            .asReloadable(),
        Setting::size("http.sendBuffer", limits.sendBuffer, 4096, 64 * mebibyte,
                      "What the operating system buffers for a client that does not read.")
            .asReloadable(),
        Setting::integer("http.backlog", limits.backlog, 1, 65'535, "connections",
                         "Connections that may wait to be accepted."),
        Setting::seconds("http.tlsHandshakeSeconds", timeouts.tlsHandshake, 50ms, 1h, "Time for a TLS handshake.")
            .asReloadable(),
        Setting::seconds("http.headSeconds", timeouts.head, 50ms, 1h, "Time for a whole request head.").asReloadable(),
        Setting::seconds("http.bodyIdleSeconds", timeouts.bodyIdle, 50ms, 1h,
                         "Time between two pieces of a request body.")
            .asReloadable(),
        Setting::seconds("http.keepAliveSeconds", timeouts.keepAlive, 50ms, 24h,
                         "Time between two requests on a connection.")
            .asReloadable(),
        Setting::seconds("http.writeProgressSeconds", timeouts.writeProgress, 50ms, 1h,
                         "How long a client may take no byte of its answer.")
            .asReloadable(),
        Setting::seconds("http.lingerSeconds", timeouts.linger, 0s, 1h, "Time for a lingering close.").asReloadable(),
        Setting::seconds("http.acceptRetrySeconds", timeouts.acceptRetry, 50ms, 1h,
                         "How often free descriptors are looked for while there are too few to accept connections.")
            .asReloadable(),
        Setting::textList("http.allowedOrigins", {}, "Origins that browsers may call from; * for all. Empty: none.")
            .asReloadable(),
    };
}

std::vector<Setting> storageSettings()
{
    const storage::StorageSettings storage;
    return {
        Setting::seconds("storage.statementSeconds", storage.statementTimeout, 50ms, 1h, "Time for one SQL statement."),
        Setting::seconds("storage.hangGraceSeconds", storage.hangGrace, 50ms, 1h,
                         "Time beyond storage.statementSeconds before a hung connection is cut."),
        Setting::seconds("storage.groupCommitDelaySeconds", storage.groupCommitDelay, 0s, 1s,
                         "How long a write waits for others to share its commit."),
        Setting::integer("storage.groupCommitSize", storage.groupCommitSize, 1, 10'000, "writes",
                         "Writes in one commit."),
        Setting::integer("storage.maxPending", storage.maxPending, 1, 1'000'000, "writes",
                         "Writes that may wait for the database."),
        Setting::seconds("storage.reopenSeconds", storage.reopenInterval, 50ms, 1h,
                         "How often a lost database is tried again."),
        Setting::seconds("storage.keyPollSeconds", storage.keyPollInterval, 50ms, 1h,
                         "How often changed keys are looked for."),
        Setting::seconds("storage.lifecycleSeconds", storage.lifecycleInterval, 50ms, 1h,
                         "How long heartbeats are collected before they are written."),
    };
}

} // namespace

SettingTable serverSettingTable()
{
    std::vector<Setting> all;
    for (auto part : {generalSettings(), lifecycleSettings(), schedulingSettings(), relaySettings(),
                      publicLlmSettings(), chatSettings(), channelSettings(), httpSettings(), storageSettings()})
        std::move(part.begin(), part.end(), std::back_inserter(all));
    return SettingTable(std::move(all));
}

} // namespace hearth::server
