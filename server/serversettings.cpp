#include "serversettings.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>

namespace hearth::server {

namespace {

using namespace std::chrono_literals;

/// A service gets its data directory from systemd; a person gets one of their own.
QString dataDirectory()
{
    const QString state = qEnvironmentVariable("STATE_DIRECTORY");
    return state.isEmpty()
               ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/hearth")
               : state;
}

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
        Setting::text("database", defaultDatabase(), "sqlite:PATH, or postgresql://user:password@host:port/name.")
            .withFlag("--database", "URL"),
        Setting::path("secretFile", {},
                      "File with the secret that seals the API keys of public Llms in the database; it is made at the "
                      "first start. Empty: secret.key beside the SQLite file, or in the data directory."),
        Setting::choice(
            "logLevel", toString(defaults.logLevel),
            {QStringLiteral("debug"), QStringLiteral("info"), QStringLiteral("warning"), QStringLiteral("error")},
            "Which messages are logged, from this level upward."),
        Setting::path("tls.certificateFile", {},
                      "PEM file with the certificate chain; with tls.keyFile it switches TLS on."),
        Setting::path("tls.keyFile", {}, "PEM file with the private key of the certificate."),
        Setting::seconds("shutdown.drainSeconds", defaults.drainTimeout, 0s, 1h,
                         "How long running answers may go on after SIGTERM."),
        Setting::size("api.scanInlineLimit", defaults.api.scanInlineLimit, 0, 32 * 1024 * 1024,
                      "Request bodies longer than this are scanned off the event loop."),
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
        Setting::boolean("lifecycle.adoptAcrossOwners", lifecycle.adoptAcrossOwners,
                         "Lets a publisher take over an inactive Llm of another owner."),
    };
}

std::vector<Setting> relaySettings()
{
    const relay::RelaySettings relay;
    const api::ApiSettings api;
    return {
        Setting::integer("queue.maxWaiting", relay.maxWaiting, 0, 1'000'000, "requests",
                         "Requests that may wait for one Llm; more are refused."),
        Setting::seconds("queue.maxWaitSeconds", relay.maxWait, 50ms, 24h,
                         "How long a request may wait for a free slot."),
        Setting::seconds("backend.firstByteSeconds", relay.firstByte, 50ms, 24h,
                         "How long a backend may take to begin its answer."),
        Setting::seconds("backend.idleSeconds", relay.idle, 50ms, 24h,
                         "How long a backend may be silent in the middle of its answer."),
        Setting::seconds("backend.cancelConfirmSeconds", relay.cancelConfirm, 50ms, 1h,
                         "How long a publisher may take to confirm a cancel before its channel is closed."),
        Setting::seconds("wake.marginSeconds", relay.wakeMargin, 50ms, 1h,
                         "What a publisher gets beyond the limits of a wake recipe to say how the wake has ended."),
        Setting::seconds("wake.graceSeconds", api.wakeGrace, 50ms, 1h,
                         "How long a streaming client waits in silence for a wake; then it gets a head and comments."),
        Setting::seconds("wake.commentSeconds", api.wakeComment, 50ms, 1h,
                         "Between two comments to a streaming client that waits for a wake."),
        Setting::seconds("wake.maxHoldSeconds", api.wakeMaxHold, 50ms, 24h,
                         "How long a client that does not stream waits for a wake; then it is told when to come back."),
    };
}

std::vector<Setting> publicLlmSettings()
{
    const publicllm::PublicLlmSettings publicLlm;
    constexpr qint64 mebibyte = 1024 * 1024;
    return {
        Setting::seconds("publicLlm.connectSeconds", publicLlm.limits.connect, 50ms, 5min,
                         "How long it may take to connect to the backend of a public Llm."),
        Setting::size("publicLlm.maxUnread", publicLlm.maxUnread, 1024, 64 * mebibyte,
                      "What a client may leave unread of an answer before its backend is not read any more."),
        Setting::size("publicLlm.maxWholeAnswer", publicLlm.maxWholeAnswer, 1024, 1024 * mebibyte,
                      "Longest answer that is translated as a whole."),
        Setting::size("publicLlm.maxEvent", publicLlm.maxEvent, 1024, 64 * mebibyte,
                      "Longest event in a stream that is translated."),
        Setting::size("publicLlm.translateInline", publicLlm.translateInline, 0, 32 * mebibyte,
                      "Requests longer than this are translated off the event loop."),
        Setting::integer("publicLlm.defaultMaxTokens", publicLlm.defaultMaxTokens, 1, 10'000'000, "tokens",
                         "max_tokens for an anthropic Llm where the client sets none."),
        Setting::path("publicLlm.caFile", publicLlm.caFile,
                      "PEM bundle of the authorities that vouch for https backends. Empty: the system's."),
    };
}

std::vector<Setting> chatSettings()
{
    const chat::ChatSettings chat;
    return {
        Setting::integer(
            "chat.historyTokens", chat.historyTokens, 0, 100'000'000, "tokens",
            "How much of a thread is sent along with a new message, estimated at four characters a token."),
        Setting::integer("chat.maxIterations", chat.maxIterations, 1, 10'000, "answers",
                         "Answers in one turn of a thread; each may ask for tools, whose results lead to the next."),
        Setting::integer("chat.maxTurns", chat.maxTurns, 1, 1'000'000, "turns",
                         "Messages in threads that are being answered at the same time; more are refused."),
        Setting::integer("chat.maxTurnsPerOwner", chat.maxTurnsPerOwner, 1, 1'000'000, "turns",
                         "Messages of one owner that are being answered at the same time; more are refused."),
        Setting::size("chat.maxRequest", chat.maxRequest, 1024, 32 * 1024 * 1024, "Longest body of a request to chat."),
        Setting::size("chat.maxAnswer", chat.maxAnswer, 1024, 1024 * 1024 * 1024,
                      "Longest answer in a thread, text and tool calls together."),
        Setting::seconds("chat.storeRetrySeconds", chat.storeRetry, 50ms, 1h,
                         "How often it is tried to store an answer while the database is away."),
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
        Setting::size("http.maxHead", limits.head, 1024, mebibyte, "Longest request head."),
        Setting::size("http.maxTarget", limits.target, 256, mebibyte, "Longest request target."),
        Setting::integer("http.maxFields", limits.fields, 10, 10'000, "fields", "Header fields of one request."),
        Setting::size("http.maxBody", limits.body, 1024, 1024 * mebibyte, "Longest request body."),
        Setting::size("http.maxAllBodies", limits.allBodies, 1024, 1024 * 1024 * mebibyte,
                      "All request bodies in memory together."),
        Setting::integer("http.maxConnections", limits.connections, 1, 1'000'000, "connections",
                         "Open connections; at the limit no more are accepted until some have closed."),
        Setting::size("http.maxReadAhead", limits.readAhead, 1024, 16 * mebibyte,
                      "Unread input behind a request that is being answered."),
        Setting::size("http.maxLinger", limits.linger, 0, 64 * mebibyte,
                      "Input that is read and discarded after a request was refused."),
        Setting::size("http.minBodyRate", limits.bodyRate, 0, mebibyte,
                      "Bytes per second below which a request body that takes long is given up."),
        Setting::size("http.sendBuffer", limits.sendBuffer, 4096, 64 * mebibyte,
                      "What the operating system buffers for a client that does not read."),
        Setting::integer("http.backlog", limits.backlog, 1, 65'535, "connections",
                         "Connections that may wait to be accepted."),
        Setting::seconds("http.tlsHandshakeSeconds", timeouts.tlsHandshake, 50ms, 1h, "Time for a TLS handshake."),
        Setting::seconds("http.headSeconds", timeouts.head, 50ms, 1h, "Time for a whole request head."),
        Setting::seconds("http.bodyIdleSeconds", timeouts.bodyIdle, 50ms, 1h,
                         "Time between two pieces of a request body."),
        Setting::seconds("http.keepAliveSeconds", timeouts.keepAlive, 50ms, 24h,
                         "Time between two requests on a connection."),
        Setting::seconds("http.writeProgressSeconds", timeouts.writeProgress, 50ms, 1h,
                         "How long a client may take no byte of its answer."),
        Setting::seconds("http.lingerSeconds", timeouts.linger, 0s, 1h, "Time for a lingering close."),
        Setting::seconds("http.acceptRetrySeconds", timeouts.acceptRetry, 50ms, 1h,
                         "How often free descriptors are looked for while there are too few to accept connections."),
        Setting::textList("http.allowedOrigins", {}, "Origins that browsers may call from; * for all. Empty: none."),
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

/// Takes `HOST:PORT` apart, with brackets around an IPv6 address and around nothing else (RFC 3986 section 3.2.2).
bool splitListen(const QString &text, QString &host, quint16 &port)
{
    static const QRegularExpression pattern(
        QRegularExpression::anchoredPattern(QStringLiteral(R"((?:\[([^][]*:[^][]*)\]|([^][:/\s]+)):([0-9]{1,5}))")));
    const QRegularExpressionMatch match = pattern.match(text);
    host = match.captured(1) + match.captured(2);
    bool ok = false;
    port = match.captured(3).toUShort(&ok);
    return ok;
}

void readHttp(const SettingValues &values, http::HttpSettings &http)
{
    http.certificateFile = values.text("tls.certificateFile");
    http.keyFile = values.text("tls.keyFile");
    for (const QString &origin : values.list("http.allowedOrigins"))
        http.allowedOrigins.append(origin.toUtf8());
    http.limits.head = values.size("http.maxHead");
    http.limits.target = values.size("http.maxTarget");
    http.limits.fields = values.integer<int>("http.maxFields");
    http.limits.body = values.size("http.maxBody");
    http.limits.allBodies = values.size("http.maxAllBodies");
    http.limits.connections = values.integer<int>("http.maxConnections");
    http.limits.readAhead = values.size("http.maxReadAhead");
    http.limits.linger = values.size("http.maxLinger");
    http.limits.bodyRate = values.size("http.minBodyRate");
    http.limits.sendBuffer = static_cast<int>(values.size("http.sendBuffer"));
    http.limits.backlog = values.integer<int>("http.backlog");
    http.timeouts.tlsHandshake = values.duration("http.tlsHandshakeSeconds");
    http.timeouts.head = values.duration("http.headSeconds");
    http.timeouts.bodyIdle = values.duration("http.bodyIdleSeconds");
    http.timeouts.keepAlive = values.duration("http.keepAliveSeconds");
    http.timeouts.writeProgress = values.duration("http.writeProgressSeconds");
    http.timeouts.linger = values.duration("http.lingerSeconds");
    http.timeouts.acceptRetry = values.duration("http.acceptRetrySeconds");
}

void readStorage(const SettingValues &values, storage::StorageSettings &storage)
{
    storage.statementTimeout = values.duration("storage.statementSeconds");
    storage.hangGrace = values.duration("storage.hangGraceSeconds");
    storage.groupCommitDelay = values.duration("storage.groupCommitDelaySeconds");
    storage.groupCommitSize = values.integer<int>("storage.groupCommitSize");
    storage.maxPending = values.integer<int>("storage.maxPending");
    storage.reopenInterval = values.duration("storage.reopenSeconds");
    storage.keyPollInterval = values.duration("storage.keyPollSeconds");
    storage.lifecycleInterval = values.duration("storage.lifecycleSeconds");
}

void readPublicLlm(const SettingValues &values, ServerSettings &settings)
{
    publicllm::PublicLlmSettings &publicLlm = settings.publicLlm;
    publicLlm.limits.connect = values.duration("publicLlm.connectSeconds");
    publicLlm.limits.firstByte = values.duration("backend.firstByteSeconds");
    publicLlm.limits.idle = values.duration("backend.idleSeconds");
    publicLlm.maxUnread = values.size("publicLlm.maxUnread");
    publicLlm.maxWholeAnswer = values.size("publicLlm.maxWholeAnswer");
    publicLlm.maxEvent = values.size("publicLlm.maxEvent");
    publicLlm.translateInline = values.size("publicLlm.translateInline");
    publicLlm.defaultMaxTokens = values.integer<int>("publicLlm.defaultMaxTokens");
    publicLlm.caFile = values.text("publicLlm.caFile");
    settings.secretFile = values.text("secretFile");
}

void readChat(const SettingValues &values, chat::ChatSettings &chat)
{
    chat.historyTokens = values.integer<int>("chat.historyTokens");
    chat.maxIterations = values.integer<int>("chat.maxIterations");
    chat.maxTurns = values.integer<int>("chat.maxTurns");
    chat.maxTurnsPerOwner = values.integer<int>("chat.maxTurnsPerOwner");
    chat.maxRequest = values.size("chat.maxRequest");
    chat.maxAnswer = values.size("chat.maxAnswer");
    chat.storeRetry = values.duration("chat.storeRetrySeconds");
}

void readControl(const SettingValues &values, ServerSettings &settings)
{
    domain::LifecycleSettings &lifecycle = settings.control.lifecycle;
    lifecycle.heartbeatTimeout = values.duration("lifecycle.heartbeatTimeoutSeconds");
    lifecycle.inactiveRetention = values.duration("lifecycle.inactiveRetentionSeconds");
    lifecycle.sweepInterval = values.duration("lifecycle.sweepIntervalSeconds");
    lifecycle.startupGrace = values.duration("lifecycle.startupGraceSeconds");
    lifecycle.heartbeatInterval = values.duration("lifecycle.heartbeatIntervalSeconds");
    lifecycle.adoptAcrossOwners = values.boolean("lifecycle.adoptAcrossOwners");
    settings.relay.maxWaiting = values.integer<int>("queue.maxWaiting");
    settings.relay.maxWait = values.duration("queue.maxWaitSeconds");
    settings.relay.firstByte = values.duration("backend.firstByteSeconds");
    settings.relay.idle = values.duration("backend.idleSeconds");
    settings.relay.cancelConfirm = values.duration("backend.cancelConfirmSeconds");
    settings.relay.wakeMargin = values.duration("wake.marginSeconds");
    settings.control.relay = settings.relay;
    settings.control.registerTimeout = values.duration("channel.registerSeconds");
    settings.control.keyCheckInterval = values.duration("channel.keyCheckSeconds");
    settings.channel.handshakeTimeout = values.duration("channel.handshakeSeconds");
    settings.channel.pingInterval = values.duration("channel.pingSeconds");
    settings.channel.writeTimeout = values.duration("channel.writeSeconds");
    settings.channel.maxBytesToWrite = values.size("channel.maxBytesToWrite");
    settings.channel.closeTimeout = values.duration("channel.closeSeconds");
}

} // namespace

QString secretFilePath(const ServerSettings &settings)
{
    if (!settings.secretFile.isEmpty())
        return settings.secretFile;
    const auto *const sqlite = std::get_if<storage::SqliteFile>(&settings.storage.url.location());
    return (sqlite ? QFileInfo(sqlite->path).absolutePath() : dataDirectory()) + QStringLiteral("/secret.key");
}

SettingTable serverSettingTable()
{
    std::vector<Setting> all;
    for (auto part : {generalSettings(), lifecycleSettings(), relaySettings(), publicLlmSettings(), chatSettings(),
                      channelSettings(), httpSettings(), storageSettings()})
        std::move(part.begin(), part.end(), std::back_inserter(all));
    return SettingTable(std::move(all));
}

Result<ServerSettings> readServerSettings(const SettingValues &values)
{
    ServerSettings settings;
    QStringList problems;
    if (!splitListen(values.text("listen"), settings.http.host, settings.http.port)) {
        problems.append(
            values.problem("listen", QStringLiteral("must be HOST:PORT, for example 127.0.0.1:4327 or [::1]:4327")));
    }
    const Result<storage::DatabaseUrl> url = storage::DatabaseUrl::parse(values.text("database"));
    if (url)
        settings.storage.url = *url;
    else
        problems.append(values.problem("database", url.error().message));
    if (values.text("tls.certificateFile").isEmpty() != values.text("tls.keyFile").isEmpty())
        problems.append(
            values.problem("tls.keyFile", QStringLiteral("TLS needs both tls.certificateFile and tls.keyFile")));
    readHttp(values, settings.http);
    readStorage(values, settings.storage);
    readControl(values, settings);
    readPublicLlm(values, settings);
    readChat(values, settings.chat);
    settings.api.scanInlineLimit = values.size("api.scanInlineLimit");
    settings.api.wakeGrace = values.duration("wake.graceSeconds");
    settings.api.wakeComment = values.duration("wake.commentSeconds");
    settings.api.wakeMaxHold = values.duration("wake.maxHoldSeconds");
    settings.drainTimeout = values.duration("shutdown.drainSeconds");
    settings.logLevel = logLevelFromString(values.text("logLevel")).value_or(LogLevel::Info);
    if (!problems.isEmpty())
        return configurationError(problems);
    return settings;
}

} // namespace hearth::server
