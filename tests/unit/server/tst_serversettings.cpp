// The settings of hearthd: that each row of the table arrives where it belongs, and that no limit or duration of a room
// is without a row.

#include "settingfields.h"

#include <QTest>

using namespace hearth;
using namespace hearth::server;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

namespace {

/// What the settings are when hearthd is told this and nothing else.
Result<ServerSettings> settingsWith(const QMap<QString, QString> &values)
{
    QProcessEnvironment environment;
    for (auto value = values.begin(); value != values.end(); ++value)
        environment.insert(serverSettingTable().find(value.key())->variable(), value.value());
    const Result<SettingValues> loaded = loadConfiguration(serverSettingTable(), {.environment = environment});
    return loaded ? readServerSettings(*loaded) : Result<ServerSettings>(loaded.error());
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
    void apiAndControlAgree();

    void secretFile_data();
    void secretFile();
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
    const auto [written, arriving] = otherValue(*serverSettingTable().find(key));
    QVERIFY(expected[key] != arriving);
    expected[key] = arriving;
    values[key] = written;
    const Result<ServerSettings> settings = settingsWith(values);
    QVERIFY2(settings, settings ? "" : qPrintable(settings.error().message));
    // The others stay as they were.
    QCOMPARE(fieldsOf(*settings), expected);
}

void TestServerSettings::apiAndControlAgree()
{
    const Result<ServerSettings> settings =
        settingsWith({{QStringLiteral("pool.acrossOwners"), QStringLiteral("false")}});
    QVERIFY(settings);
    QVERIFY(!settings->control.lifecycle.poolsAcrossOwners);
    QVERIFY(!settings->api.poolsAcrossOwners);
}

void TestServerSettings::secretFile_data()
{
    QTest::addColumn<QString>("database");
    QTest::addColumn<QString>("setting");
    QTest::addColumn<QString>("path");
    QTest::newRow("set") << QStringLiteral("sqlite:/data/hearth.db") << QStringLiteral("/keys/secret")
                         << QStringLiteral("/keys/secret");
    QTest::newRow("beside the SQLite file")
        << QStringLiteral("sqlite:/data/hearth.db") << QString() << QStringLiteral("/data/secret.key");
    QTest::newRow("in the data directory")
        << QStringLiteral("postgresql://user@host/name") << QString() << QStringLiteral("/state/secret.key");
}

void TestServerSettings::secretFile()
{
    QFETCH(QString, database);
    QFETCH(QString, setting);
    qputenv("STATE_DIRECTORY", "/state");
    QMap<QString, QString> values{{QStringLiteral("database"), database}};
    if (!setting.isEmpty())
        values.insert(QStringLiteral("secretFile"), setting);
    const Result<ServerSettings> settings = settingsWith(values);
    QVERIFY(settings);
    QTEST(secretFilePath(*settings), "path");
    qunsetenv("STATE_DIRECTORY");
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
