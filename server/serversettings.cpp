#include "serversettings.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>

namespace hearth::server {

namespace {

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
    publicLlm.connect = values.duration("publicLlm.connectSeconds");
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

void readRelay(const SettingValues &values, relay::RelaySettings &relay)
{
    scheduling::SchedulerSettings &scheduler = relay.scheduler;
    scheduler.maxWaiting = values.integer<int>("queue.maxWaiting");
    scheduler.maxWait = values.duration("queue.maxWaitSeconds");
    scheduler.wakeWhenQueuedOver = values.integer<int>("pool.wakeWhenQueuedOver");
    scheduler.affinity = values.boolean("pool.affinity");
    scheduler.maxConversations = values.integer<int>("pool.maxConversations");
    scheduler.reconnectGrace = values.duration("failover.reconnectGraceSeconds");
    scheduler.breakerFailures = values.integer<int>("failover.breakerFailures");
    scheduler.breakerPause = values.duration("failover.breakerPauseSeconds");
    scheduler.maxBreakerPause = values.duration("failover.maxBreakerPauseSeconds");
    relay.maxAttempts = values.integer<int>("failover.maxAttempts");
    relay.firstByte = values.duration("backend.firstByteSeconds");
    relay.idle = values.duration("backend.idleSeconds");
    relay.cancelConfirm = values.duration("backend.cancelConfirmSeconds");
    relay.wakeMargin = values.duration("wake.marginSeconds");
}

void readControl(const SettingValues &values, ServerSettings &settings)
{
    domain::LifecycleSettings &lifecycle = settings.control.lifecycle;
    lifecycle.heartbeatTimeout = values.duration("lifecycle.heartbeatTimeoutSeconds");
    lifecycle.inactiveRetention = values.duration("lifecycle.inactiveRetentionSeconds");
    lifecycle.sweepInterval = values.duration("lifecycle.sweepIntervalSeconds");
    lifecycle.startupGrace = values.duration("lifecycle.startupGraceSeconds");
    lifecycle.heartbeatInterval = values.duration("lifecycle.heartbeatIntervalSeconds");
    lifecycle.poolsAcrossOwners = values.boolean("pool.acrossOwners");
    lifecycle.adoptAcrossOwners = values.boolean("lifecycle.adoptAcrossOwners");
    settings.control.registerTimeout = values.duration("channel.registerSeconds");
    settings.control.keyCheckInterval = values.duration("channel.keyCheckSeconds");
    settings.channel.handshakeTimeout = values.duration("channel.handshakeSeconds");
    settings.channel.pingInterval = values.duration("channel.pingSeconds");
    settings.channel.writeTimeout = values.duration("channel.writeSeconds");
    settings.channel.maxBytesToWrite = values.size("channel.maxBytesToWrite");
    settings.channel.closeTimeout = values.duration("channel.closeSeconds");
}

} // namespace

QString dataDirectory()
{
    const QString state = qEnvironmentVariable("STATE_DIRECTORY");
    return state.isEmpty()
               ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/hearth")
               : state;
}

QString secretFilePath(const ServerSettings &settings)
{
    if (!settings.secretFile.isEmpty())
        return settings.secretFile;
    const auto *const sqlite = std::get_if<storage::SqliteFile>(&settings.storage.url.location());
    return (sqlite ? QFileInfo(sqlite->path).absolutePath() : dataDirectory()) + QStringLiteral("/secret.key");
}

Result<ServerSettings> readServerSettings(const SettingValues &values)
{
    ServerSettings settings;
    QList<ConfigProblem> problems;
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
    readRelay(values, settings.relay);
    readControl(values, settings);
    readPublicLlm(values, settings);
    readChat(values, settings.chat);
    settings.api.scanInlineLimit = values.size("api.scanInlineLimit");
    settings.api.wakeGrace = values.duration("wake.graceSeconds");
    settings.api.wakeComment = values.duration("wake.commentSeconds");
    settings.api.poolsAcrossOwners = values.boolean("pool.acrossOwners");
    settings.api.wakeMaxHold = values.duration("wake.maxHoldSeconds");
    settings.metrics.lagInterval = values.duration("metrics.lagSeconds");
    settings.usage.flushInterval = values.duration("usage.flushSeconds");
    settings.usage.maxPending = values.integer<int>("usage.maxPending");
    settings.usage.batchRows = values.integer<int>("usage.batchRows");
    settings.usage.maxRows = values.integer<int>("usage.maxRows");
    settings.usage.retentionDays = values.integer<int>("usage.retentionDays");
    settings.drainTimeout = values.duration("shutdown.drainSeconds");
    settings.logLevel = logLevelFromString(values.text("logLevel")).value_or(LogLevel::Info);
    if (!problems.isEmpty())
        return configurationError(problems);
    return settings;
}

} // namespace hearth::server
