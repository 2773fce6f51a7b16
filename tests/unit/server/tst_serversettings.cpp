// The settings of hearthd: that each row of the table arrives where it belongs, and that no limit or duration of a room
// is without a row.

#include "serversettings.h"

#include <QTest>

using namespace hearth;
using namespace hearth::server;
using namespace std::chrono_literals;

namespace {

QString text(bool value)
{
    return toText(SettingType::Boolean, value);
}

QString text(Duration value)
{
    return toText(SettingType::Seconds, value);
}

template <std::integral Integer>
QString text(Integer value)
{
    return QString::number(value);
}

using Fields = QMap<QString, QString>;

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
    const auto &[maxWaiting, maxWait, firstByte, idle, cancelConfirm, wakeMargin] = settings;
    fields.insert({{QStringLiteral("queue.maxWaiting"), text(maxWaiting)},
                   {QStringLiteral("queue.maxWaitSeconds"), text(maxWait)},
                   {QStringLiteral("backend.firstByteSeconds"), text(firstByte)},
                   {QStringLiteral("backend.idleSeconds"), text(idle)},
                   {QStringLiteral("backend.cancelConfirmSeconds"), text(cancelConfirm)},
                   {QStringLiteral("wake.marginSeconds"), text(wakeMargin)}});
}

void addControl(const control::ControlSettings &settings, Fields &fields)
{
    const auto &[lifecycle, relay, registerTimeout, keyCheck] = settings;
    const auto &[heartbeatTimeout, retention, sweepInterval, startupGrace, heartbeatInterval, adopt] = lifecycle;
    fields.insert({{QStringLiteral("channel.registerSeconds"), text(registerTimeout)},
                   {QStringLiteral("channel.keyCheckSeconds"), text(keyCheck)},
                   {QStringLiteral("lifecycle.heartbeatTimeoutSeconds"), text(heartbeatTimeout)},
                   {QStringLiteral("lifecycle.inactiveRetentionSeconds"), text(retention)},
                   {QStringLiteral("lifecycle.sweepIntervalSeconds"), text(sweepInterval)},
                   {QStringLiteral("lifecycle.startupGraceSeconds"), text(startupGrace)},
                   {QStringLiteral("lifecycle.heartbeatIntervalSeconds"), text(heartbeatInterval)},
                   {QStringLiteral("lifecycle.adoptAcrossOwners"), text(adopt)}});
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

/// Every field of the settings as text, by the key that sets it.
Fields fieldsOf(const ServerSettings &settings)
{
    const auto &[http, storage, control, relay, channel, api, logLevel, drainTimeout] = settings;
    const auto &[scanInlineLimit, wakeGrace, wakeComment, wakeMaxHold] = api;
    Fields fields{{QStringLiteral("wake.graceSeconds"), text(wakeGrace)},
                  {QStringLiteral("wake.commentSeconds"), text(wakeComment)},
                  {QStringLiteral("wake.maxHoldSeconds"), text(wakeMaxHold)},
                  {QStringLiteral("api.scanInlineLimit"), text(scanInlineLimit)},
                  {QStringLiteral("logLevel"), toString(logLevel)},
                  {QStringLiteral("shutdown.drainSeconds"), text(drainTimeout)}};
    addHttp(http, fields);
    addStorage(storage, fields);
    addControl(control, fields);
    addRelay(relay, fields);
    addChannel(channel, fields);
    return fields;
}

/// What the settings are when hearthd is told this and nothing else.
Result<ServerSettings> settingsWith(const QMap<QString, QString> &values)
{
    QProcessEnvironment environment;
    for (auto value = values.begin(); value != values.end(); ++value)
        environment.insert(serverSettingTable().find(value.key())->variable(), value.value());
    const Result<SettingValues> loaded = loadConfiguration(serverSettingTable(), {.environment = environment});
    return loaded ? readServerSettings(*loaded) : Result<ServerSettings>(loaded.error());
}

/// A legal value that is not the default: how it is written, and as what it arrives.
std::pair<QString, QString> changed(const Setting &setting)
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

} // namespace

class TestServerSettings final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyFieldHasASetting();
    void defaultsAreThoseOfTheRooms();
    void everySettingArrives_data();
    void everySettingArrives();
    void relayAndControlAgree();

    void listen_data();
    void listen();
    void badListen_data();
    void badListen();
    void senselessValues_data();
    void senselessValues();
    void allProblemsAreNamed();
};

void TestServerSettings::everyFieldHasASetting()
{
    QStringList keys;
    for (const Setting &setting : serverSettingTable())
        keys.append(setting.key);
    keys.sort();
    QCOMPARE(keys, fieldsOf({}).keys());
}

void TestServerSettings::defaultsAreThoseOfTheRooms()
{
    const Result<ServerSettings> settings = settingsWith({});
    QVERIFY2(settings, settings ? "" : qPrintable(settings.error().message));
    Fields expected = fieldsOf({});
    // Where the data of a person or a service belongs is not for a room to know.
    expected[QStringLiteral("database")] = settings->storage.url.display();
    QCOMPARE(fieldsOf(*settings), expected);
    QVERIFY(expected[QStringLiteral("database")].startsWith(QLatin1String("sqlite:/")));
}

void TestServerSettings::everySettingArrives_data()
{
    QTest::addColumn<QString>("key");
    for (const Setting &setting : serverSettingTable())
        QTest::newRow(qPrintable(setting.key)) << setting.key;
}

void TestServerSettings::everySettingArrives()
{
    QFETCH(QString, key);
    // One of the two alone makes no sense.
    QMap<QString, QString> values{{QStringLiteral("tls.certificateFile"), QStringLiteral("/certificate.pem")},
                                  {QStringLiteral("tls.keyFile"), QStringLiteral("/key.pem")}};
    Fields expected = fieldsOf(settingsWith(values).value());
    const auto [written, arriving] = changed(*serverSettingTable().find(key));
    QVERIFY(expected[key] != arriving);
    expected[key] = arriving;
    values[key] = written;
    const Result<ServerSettings> settings = settingsWith(values);
    QVERIFY2(settings, settings ? "" : qPrintable(settings.error().message));
    // The others stay as they were.
    QCOMPARE(fieldsOf(*settings), expected);
}

void TestServerSettings::relayAndControlAgree()
{
    const Result<ServerSettings> settings =
        settingsWith({{QStringLiteral("backend.cancelConfirmSeconds"), QStringLiteral("3")},
                      {QStringLiteral("backend.idleSeconds"), QStringLiteral("4")}});
    QVERIFY(settings);
    QCOMPARE(settings->control.relay.cancelConfirm, 3s);
    QCOMPARE(settings->control.relay.idle, 4s);
}

void TestServerSettings::listen_data()
{
    QTest::addColumn<QString>("listen");
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    const auto row = [](const char *listen, const char *host, int port) {
        QTest::newRow(listen) << QString::fromLatin1(listen) << QString::fromLatin1(host) << port;
    };
    row("127.0.0.1:4327", "127.0.0.1", 4327);
    row("0.0.0.0:0", "0.0.0.0", 0);
    row("localhost:65535", "localhost", 65535);
    row("hearth.example:80", "hearth.example", 80);
    row("[::1]:4327", "::1", 4327);
    row("[::]:80", "::", 80);
    row("[fe80::1%eth0]:80", "fe80::1%eth0", 80);
}

void TestServerSettings::listen()
{
    QFETCH(QString, listen);
    QFETCH(QString, host);
    QFETCH(int, port);
    const Result<ServerSettings> settings = settingsWith({{QStringLiteral("listen"), listen}});
    QVERIFY(settings);
    QCOMPARE(settings->http.host, host);
    QCOMPARE(settings->http.port, port);
}

void TestServerSettings::badListen_data()
{
    QTest::addColumn<QString>("listen");
    for (const char *listen : {"localhost",      "4327",           ":4327",
                               "localhost:",     "localhost:http", "localhost:65536",
                               "localhost:-1",   "localhost:+1",   "localhost: 1",
                               "localhost:1 ",   "::1:4327",       "::1",
                               "[::1]",          "[::1",           "::1]:80",
                               "[]:80",          "[::1]4327",      "[::1]x:80",
                               "[localhost]:80", "[127.0.0.1]:80", "http://localhost:80",
                               "local host:80"})
        QTest::newRow(listen) << QString::fromLatin1(listen);
}

void TestServerSettings::badListen()
{
    QFETCH(QString, listen);
    const Result<ServerSettings> settings = settingsWith({{QStringLiteral("listen"), listen}});
    QVERIFY(!settings);
    QVERIFY(settings.error().code == ErrorCode::Configuration);
    QVERIFY2(settings.error().message.contains(QLatin1String("[::1]:4327")), qPrintable(settings.error().message));
}

void TestServerSettings::senselessValues_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("complaint");
    const auto row = [](const char *key, const char *value, const char *complaint) {
        QTest::addRow("%s: %s", key, value)
            << QString::fromLatin1(key) << QString::fromLatin1(value) << QString::fromLatin1(complaint);
    };
    row("tls.certificateFile", "/a.pem", "TLS needs both");
    row("tls.keyFile", "/a.pem", "TLS needs both");
    row("database", "mysql://x", "database");
    row("database", "hearth.db", "database");
    row("logLevel", "loud", "must be one of");
    row("http.maxBody", "1TiB", "must be a size");
    row("http.maxHead", "0", "must be a size");
    row("queue.maxWaiting", "-1", "must be");
    row("backend.idleSeconds", "0", "must be a number of seconds");
    row("lifecycle.adoptAcrossOwners", "maybe", "must be");
}

void TestServerSettings::senselessValues()
{
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(QString, complaint);
    const Result<ServerSettings> settings = settingsWith({{key, value}});
    QVERIFY(!settings);
    QVERIFY(settings.error().code == ErrorCode::Configuration);
    QVERIFY2(settings.error().message.contains(complaint), qPrintable(settings.error().message));
}

void TestServerSettings::allProblemsAreNamed()
{
    const Result<ServerSettings> settings = settingsWith({{QStringLiteral("listen"), QStringLiteral("nowhere")},
                                                          {QStringLiteral("database"), QStringLiteral("nothing")},
                                                          {QStringLiteral("tls.keyFile"), QStringLiteral("/a.pem")}});
    QVERIFY(!settings);
    QCOMPARE(settings.error().message.count(u'\n'), 2);
    for (const char *variable : {"HEARTH_LISTEN", "HEARTH_DATABASE", "HEARTH_TLS__KEYFILE"})
        QVERIFY2(settings.error().message.contains(QLatin1String(variable)), variable);
}

QTEST_GUILESS_MAIN(TestServerSettings)
#include "tst_serversettings.moc"
