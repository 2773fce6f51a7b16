#include "settingfields.h"

namespace hearth::testsupport {

using server::ServerSettings;

namespace {

// The bindings name every field of their struct: one that is added does not compile until it has a setting.

void addHttp(const http::HttpSettings &settings, Fields &fields)
{
    const auto &[host, port, limits, timeouts, certificateFile, keyFile, allowedOrigins] = settings;
    const auto &[head, target, fieldCount, body, allBodies, connections, readAhead, linger, bodyRate, sendBuffer,
                 backlog] = limits;
    const auto &[tlsHandshake, headTime, bodyIdle, keepAlive, writeProgress, lingerTime, acceptRetry] = timeouts;
    fields.insert({{QStringLiteral("listen"), QString(host + u'|' + QString::number(port))},
                   {QStringLiteral("tls.certificateFile"), certificateFile},
                   {QStringLiteral("tls.keyFile"), keyFile},
                   {QStringLiteral("http.allowedOrigins"), QString::fromUtf8(allowedOrigins.join('|'))},
                   {QStringLiteral("http.maxHead"), text(head)},
                   {QStringLiteral("http.maxTarget"), text(target)},
                   {QStringLiteral("http.maxFields"), text(fieldCount)},
                   {QStringLiteral("http.maxBody"), text(body)},
                   {QStringLiteral("http.maxAllBodies"), text(allBodies)},
                   {QStringLiteral("http.maxConnections"), text(connections)},
                   {QStringLiteral("http.maxReadAhead"), text(readAhead)},
                   {QStringLiteral("http.maxLinger"), text(linger)},
                   {QStringLiteral("http.minBodyRate"), text(bodyRate)},
                   {QStringLiteral("http.sendBuffer"), text(sendBuffer)},
                   {QStringLiteral("http.backlog"), text(backlog)},
                   {QStringLiteral("http.tlsHandshakeSeconds"), text(tlsHandshake)},
                   {QStringLiteral("http.headSeconds"), text(headTime)},
                   {QStringLiteral("http.bodyIdleSeconds"), text(bodyIdle)},
                   {QStringLiteral("http.keepAliveSeconds"), text(keepAlive)},
                   {QStringLiteral("http.writeProgressSeconds"), text(writeProgress)},
                   {QStringLiteral("http.lingerSeconds"), text(lingerTime)},
                   {QStringLiteral("http.acceptRetrySeconds"), text(acceptRetry)}});
}

void addStorage(const storage::StorageSettings &settings, Fields &fields)
{
    const auto &[url, statement, hangGrace, commitDelay, commitSize, maxPending, reopen, keyPoll, lifecycle] = settings;
    fields.insert({{QStringLiteral("database"), url.display()},
                   {QStringLiteral("storage.statementSeconds"), text(statement)},
                   {QStringLiteral("storage.hangGraceSeconds"), text(hangGrace)},
                   {QStringLiteral("storage.groupCommitDelaySeconds"), text(commitDelay)},
                   {QStringLiteral("storage.groupCommitSize"), text(commitSize)},
                   {QStringLiteral("storage.maxPending"), text(maxPending)},
                   {QStringLiteral("storage.reopenSeconds"), text(reopen)},
                   {QStringLiteral("storage.keyPollSeconds"), text(keyPoll)},
                   {QStringLiteral("storage.lifecycleSeconds"), text(lifecycle)}});
}

void addRelay(const relay::RelaySettings &settings, Fields &fields)
{
    const auto &[scheduler, maxAttempts, firstByte, idle, cancelConfirm, wakeMargin] = settings;
    const auto &[maxWaiting, maxWait, wakeWhenQueuedOver, affinity, maxConversations, reconnectGrace, breakerFailures,
                 breakerPause, maxBreakerPause] = scheduler;
    fields.insert({{QStringLiteral("queue.maxWaiting"), text(maxWaiting)},
                   {QStringLiteral("queue.maxWaitSeconds"), text(maxWait)},
                   {QStringLiteral("pool.wakeWhenQueuedOver"), text(wakeWhenQueuedOver)},
                   {QStringLiteral("pool.affinity"), text(affinity)},
                   {QStringLiteral("pool.maxConversations"), text(maxConversations)},
                   {QStringLiteral("failover.reconnectGraceSeconds"), text(reconnectGrace)},
                   {QStringLiteral("failover.maxAttempts"), text(maxAttempts)},
                   {QStringLiteral("failover.breakerFailures"), text(breakerFailures)},
                   {QStringLiteral("failover.breakerPauseSeconds"), text(breakerPause)},
                   {QStringLiteral("failover.maxBreakerPauseSeconds"), text(maxBreakerPause)},
                   {QStringLiteral("backend.firstByteSeconds"), text(firstByte)},
                   {QStringLiteral("backend.idleSeconds"), text(idle)},
                   {QStringLiteral("backend.cancelConfirmSeconds"), text(cancelConfirm)},
                   {QStringLiteral("wake.marginSeconds"), text(wakeMargin)}});
}

void addPublicLlm(const publicllm::PublicLlmSettings &settings, Fields &fields)
{
    const auto &[connect, maxUnread, maxWholeAnswer, maxEvent, translateInline, defaultMaxTokens, caFile] = settings;
    fields.insert({{QStringLiteral("publicLlm.connectSeconds"), text(connect)},
                   {QStringLiteral("publicLlm.maxUnread"), text(maxUnread)},
                   {QStringLiteral("publicLlm.maxWholeAnswer"), text(maxWholeAnswer)},
                   {QStringLiteral("publicLlm.maxEvent"), text(maxEvent)},
                   {QStringLiteral("publicLlm.translateInline"), text(translateInline)},
                   {QStringLiteral("publicLlm.defaultMaxTokens"), text(defaultMaxTokens)},
                   {QStringLiteral("publicLlm.caFile"), caFile}});
}

void addChat(const chat::ChatSettings &settings, Fields &fields)
{
    const auto &[historyTokens, maxIterations, maxTurns, maxTurnsPerOwner, maxRequest, maxAnswer, storeRetry] =
        settings;
    fields.insert({{QStringLiteral("chat.historyTokens"), text(historyTokens)},
                   {QStringLiteral("chat.maxIterations"), text(maxIterations)},
                   {QStringLiteral("chat.maxTurns"), text(maxTurns)},
                   {QStringLiteral("chat.maxTurnsPerOwner"), text(maxTurnsPerOwner)},
                   {QStringLiteral("chat.maxRequest"), text(maxRequest)},
                   {QStringLiteral("chat.maxAnswer"), text(maxAnswer)},
                   {QStringLiteral("chat.storeRetrySeconds"), text(storeRetry)}});
}

void addControl(const control::ControlSettings &settings, Fields &fields)
{
    const auto &[lifecycle, registerTimeout, keyCheck] = settings;
    const auto &[heartbeatTimeout, retention, sweepInterval, startupGrace, heartbeatInterval, adopt,
                 poolsAcrossOwners] = lifecycle;
    fields.insert({{QStringLiteral("channel.registerSeconds"), text(registerTimeout)},
                   {QStringLiteral("channel.keyCheckSeconds"), text(keyCheck)},
                   {QStringLiteral("lifecycle.heartbeatTimeoutSeconds"), text(heartbeatTimeout)},
                   {QStringLiteral("lifecycle.inactiveRetentionSeconds"), text(retention)},
                   {QStringLiteral("lifecycle.sweepIntervalSeconds"), text(sweepInterval)},
                   {QStringLiteral("lifecycle.startupGraceSeconds"), text(startupGrace)},
                   {QStringLiteral("lifecycle.heartbeatIntervalSeconds"), text(heartbeatInterval)},
                   {QStringLiteral("lifecycle.adoptAcrossOwners"), text(adopt)},
                   {QStringLiteral("pool.acrossOwners"), text(poolsAcrossOwners)}});
}

void addChannel(const channel::ChannelSettings &settings, Fields &fields)
{
    const auto &[handshake, ping, write, maxBytesToWrite, close] = settings;
    fields.insert({{QStringLiteral("channel.handshakeSeconds"), text(handshake)},
                   {QStringLiteral("channel.pingSeconds"), text(ping)},
                   {QStringLiteral("channel.writeSeconds"), text(write)},
                   {QStringLiteral("channel.maxBytesToWrite"), text(maxBytesToWrite)},
                   {QStringLiteral("channel.closeSeconds"), text(close)}});
}

} // namespace

Fields fieldsOf(const ServerSettings &settings)
{
    const auto &[http, storage, control, relay, publicLlm, chat, channel, api, metrics, usage, secretFile, logLevel,
                 drainTimeout] = settings;
    const auto &[scanInlineLimit, wakeGrace, wakeComment, wakeMaxHold, poolsAcrossOwners] = api;
    const auto &[lagInterval] = metrics;
    const auto &[flushInterval, maxPending, batchRows, maxRows, retentionDays] = usage;
    Fields fields{{QStringLiteral("metrics.lagSeconds"), text(lagInterval)},
                  {QStringLiteral("usage.flushSeconds"), text(flushInterval)},
                  {QStringLiteral("usage.maxPending"), text(maxPending)},
                  {QStringLiteral("usage.batchRows"), text(batchRows)},
                  {QStringLiteral("usage.maxRows"), text(maxRows)},
                  {QStringLiteral("usage.retentionDays"), text(retentionDays)},
                  {QStringLiteral("wake.graceSeconds"), text(wakeGrace)},
                  {QStringLiteral("wake.commentSeconds"), text(wakeComment)},
                  {QStringLiteral("wake.maxHoldSeconds"), text(wakeMaxHold)},
                  {QStringLiteral("api.scanInlineLimit"), text(scanInlineLimit)},
                  {QStringLiteral("pool.acrossOwners"), text(poolsAcrossOwners)},
                  {QStringLiteral("secretFile"), secretFile},
                  {QStringLiteral("logLevel"), toString(logLevel)},
                  {QStringLiteral("shutdown.drainSeconds"), text(drainTimeout)}};
    addHttp(http, fields);
    addStorage(storage, fields);
    addControl(control, fields);
    addRelay(relay, fields);
    addPublicLlm(publicLlm, fields);
    addChat(chat, fields);
    addChannel(channel, fields);
    return fields;
}

std::pair<QString, QString> otherValue(const Setting &setting)
{
    const auto bound = [&setting](auto fallback) {
        const auto minimum = decltype(fallback)(setting.minimum);
        return fallback == minimum ? decltype(fallback)(setting.maximum) : minimum;
    };
    switch (setting.type) {
    case SettingType::Text:
        break;
    case SettingType::Path:
        return {QStringLiteral("/else/where.pem"), QStringLiteral("/else/where.pem")};
    case SettingType::Choice:
        return {setting.choices.front(), setting.choices.front()};
    case SettingType::Boolean: {
        const QString other = text(!std::get<bool>(setting.fallback));
        return {other, other};
    }
    case SettingType::Integer:
    case SettingType::Size: {
        const QString other = text(bound(std::get<qint64>(setting.fallback)));
        return {other, other};
    }
    case SettingType::Seconds: {
        const QString other = text(bound(std::get<Duration>(setting.fallback)));
        return {other, other};
    }
    case SettingType::TextList:
        return {QStringLiteral("https://a.example,https://b.example"),
                QStringLiteral("https://a.example|https://b.example")};
    case SettingType::Minutes:
    case SettingType::TextMap:
    case SettingType::Object:
    case SettingType::Entries:
        break;
    }
    if (setting.key == QLatin1String("listen"))
        return {QStringLiteral("[::1]:99"), QStringLiteral("::1|99")};
    if (setting.key == QLatin1String("database"))
        return {QStringLiteral("sqlite:/else/where.db"), QStringLiteral("sqlite:/else/where.db")};
    qFatal("%s: this test does not know how to change it", qPrintable(setting.key));
}

} // namespace hearth::testsupport
