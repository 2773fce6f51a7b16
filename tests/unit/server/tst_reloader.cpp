// What a running server takes over when its configuration is read again, and what it only names.

#include "certificate.h"
#include "databasefixture.h"
#include "hearthserver.h"
#include "reloader.h"
#include "settingfields.h"

#include <QTest>

using namespace hearth;
using namespace hearth::server;
using namespace hearth::testsupport;

namespace {

QString envKey(const QString &key)
{
    return serverSettingTable().find(key)->variable();
}

} // namespace

class TestReloader final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void everySettingIsTakenOverOrNamed_data();
    void everySettingIsTakenOverOrNamed();
    void nothingHasChanged();
    void severalAreNamedTogether();
    void whatWaitsForARestartIsNamedAgain();
    void whatWasTakenBackIsNoChange();
    void mistakesChangeNothing_data();
    void mistakesChangeNothing();
    void aBadCertificateChangesNothing();
    void certificatesAreReadAgainAlways();
    void anotherCertificateIsNamed();
    void tlsIsNotSwitchedOn();
    void tlsIsNotSwitchedOff();
    void aMissingFileChangesNothing();

private:
    QString path(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    void write(const QByteArray &text) const;

    QByteArray ownCertificate() const
    {
        return "tls:\n  certificateFile: " + path("own.crt").toUtf8() + "\n  keyFile: " + path("own.key").toUtf8() +
               '\n';
    }

    ConfigurationSources sources() const;
    /// Makes server and reloader as hearthd does, with what the file and the environment say now.
    void start();

    /// Puts this pair of initTestCase() into own.crt and own.key.
    void setOwnCertificate(const char *certificate, const char *key) const;

    /// The line that the reload says; the message of its error where it fails.
    QString reload() { return saidBy(m_reloader->reload()); }

    static QString saidBy(const Result<ReloadReport> &reloaded)
    {
        return reloaded ? reloaded->text() : QStringLiteral("failed: ") + reloaded.error().message;
    }

    Fields fields() const { return fieldsOf(m_server->settings()); }

    QTemporaryDir m_folder;
    std::optional<DatabaseFixture> m_database;
    QProcessEnvironment m_environment;
    std::unique_ptr<HearthServer> m_server;
    std::unique_ptr<Reloader> m_reloader;
};

void TestReloader::initTestCase()
{
    makeCertificate(path("a.crt"), path("a.key"));
    makeCertificate(path("b.crt"), path("b.key"));
    // The same under other names.
    QVERIFY(QFile::copy(path("a.crt"), path("copy.crt")));
    QVERIFY(QFile::copy(path("a.key"), path("copy.key")));
}

void TestReloader::init()
{
    m_database.emplace(storage::Engine::Sqlite);
    m_environment = {};
    m_environment.insert(envKey(QStringLiteral("database")), QStringLiteral("sqlite:") + path("hearth.db"));
    write({});
}

void TestReloader::cleanup()
{
    m_reloader.reset();
    m_server.reset();
    m_database.reset();
    setLogLevel(LogLevel::Info);
}

void TestReloader::write(const QByteArray &text) const
{
    QFile file(path("hearthd.yaml"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
}

ConfigurationSources TestReloader::sources() const
{
    return sourcesAtStart({}, path("hearthd.yaml"), m_environment, {});
}

void TestReloader::start()
{
    const Result<SettingValues> values = loadConfiguration(serverSettingTable(), sources());
    QVERIFY2(values, values ? "" : qPrintable(values.error().message));
    m_server = std::make_unique<HearthServer>(readServerSettings(*values).value());
    m_reloader = std::make_unique<Reloader>(*m_server, serverSettingTable(), sources(), *values);
}

void TestReloader::everySettingIsTakenOverOrNamed_data()
{
    QTest::addColumn<QString>("key");
    for (const Setting &setting : serverSettingTable())
        QTest::newRow(qPrintable(setting.key)) << setting.key;
}

void TestReloader::everySettingIsTakenOverOrNamed()
{
    QFETCH(QString, key);
    m_environment.insert(envKey(QStringLiteral("tls.certificateFile")), path("a.crt"));
    m_environment.insert(envKey(QStringLiteral("tls.keyFile")), path("a.key"));
    start();
    const SettingTable table = serverSettingTable();
    const Setting &setting = *table.find(key);
    Fields expected = fields();
    auto [written, arriving] = otherValue(setting);
    if (key.startsWith(QLatin1String("tls.")))
        written = arriving = path(key.endsWith(QLatin1String("keyFile")) ? "copy.key" : "copy.crt");
    QVERIFY(expected[key] != arriving);
    QString line = QStringLiteral("reloaded: changed, but only a restart takes them over: ") + key;
    if (setting.reloadable) {
        expected[key] = arriving;
        line = QStringLiteral("reloaded: ") + key;
    }

    const SettingValues running = loadConfiguration(table, sources()).value();
    m_environment.insert(setting.variable(), written);
    Reloader reloader(*m_server, table, sources(), running);
    QCOMPARE(saidBy(reloader.reload()), line);
    QCOMPARE(fields(), expected);
}

void TestReloader::nothingHasChanged()
{
    write("http:\n  maxBody: 2KiB\n");
    start();
    // Written otherwise, and at another place.
    write("\n\nhttp: {maxBody: 2048}\nlisten: 127.0.0.1:4327\n");
    QCOMPARE(reload(), QStringLiteral("reloaded: no setting has changed"));
}

void TestReloader::severalAreNamedTogether()
{
    start();
    write("logLevel: warning\nlisten: 127.0.0.1:99\nhttp:\n  maxBody: 2KiB\n  backlog: 5\n");
    QCOMPARE(reload(), QStringLiteral("reloaded: logLevel, http.maxBody; changed, but only a restart takes them over: "
                                      "listen, http.backlog"));
    QCOMPARE(m_server->settings().http.limits.body, 2048);
    QCOMPARE(m_server->settings().http.port, 4327);
    QVERIFY(!lcServer().isInfoEnabled());
}

void TestReloader::whatWaitsForARestartIsNamedAgain()
{
    start();
    write("listen: 127.0.0.1:99\nhttp:\n  maxBody: 2KiB\n");
    QVERIFY(reload().startsWith(QLatin1String("reloaded: http.maxBody; ")));
    QCOMPARE(reload(), QStringLiteral("reloaded: changed, but only a restart takes them over: listen"));
    QCOMPARE(m_server->settings().http.limits.body, 2048);
}

void TestReloader::whatWasTakenBackIsNoChange()
{
    start();
    write("listen: 127.0.0.1:99\nhttp:\n  maxBody: 2KiB\n");
    QVERIFY(reload().contains(QLatin1String("listen")));
    write({});
    QCOMPARE(reload(), QStringLiteral("reloaded: http.maxBody"));
    QCOMPARE(m_server->settings().http.limits.body, http::HttpLimits().body);
}

void TestReloader::mistakesChangeNothing_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("line");
    QTest::newRow("no YAML") << QByteArray("logLevel: warning\nhttp: {\n") << 3;
    QTest::newRow("unknown setting") << QByteArray("logLevel: warning\n\nhttp:\n  maxBdy: 2KiB\n") << 4;
    QTest::newRow("out of range") << QByteArray("logLevel: warning\nhttp:\n  maxBody: 1\n") << 3;
    QTest::newRow("makes no sense") << QByteArray("logLevel: warning\nlisten: nowhere\n") << 2;
    QTest::newRow("only half of TLS") << QByteArray("logLevel: warning\ntls:\n  keyFile: /key.pem\n") << 3;
}

void TestReloader::mistakesChangeNothing()
{
    QFETCH(QByteArray, text);
    QFETCH(int, line);
    start();
    const Fields before = fields();
    write(text);
    const Result<ReloadReport> reloaded = m_reloader->reload();
    QVERIFY(!reloaded);
    QVERIFY(reloaded.error().code == ErrorCode::Configuration);
    const QString place = path("hearthd.yaml") + u':' + QString::number(line) + u':';
    QVERIFY2(reloaded.error().message.contains(place), qPrintable(reloaded.error().message));
    QCOMPARE(fields(), before);
    QVERIFY(lcServer().isInfoEnabled());

    write("logLevel: warning\n");
    QCOMPARE(reload(), QStringLiteral("reloaded: logLevel"));
}

void TestReloader::aBadCertificateChangesNothing()
{
    const QByteArray certificate = "tls:\n  certificateFile: " + path("a.crt").toUtf8() + '\n';
    write(certificate + "  keyFile: " + path("a.key").toUtf8() + '\n');
    start();
    const Fields before = fields();
    write("logLevel: warning\nqueue:\n  maxWaiting: 3\n" + certificate + "  keyFile: " + path("b.key").toUtf8() + '\n');
    const QString said = reload();
    QVERIFY2(said.startsWith(QLatin1String("failed: ")) && said.contains(path("b.key")), qPrintable(said));
    QCOMPARE(fields(), before);
    QVERIFY(lcServer().isInfoEnabled());
}

void TestReloader::setOwnCertificate(const char *certificate, const char *key) const
{
    for (const auto &[from, to] : {std::pair(certificate, "own.crt"), std::pair(key, "own.key")}) {
        QFile::remove(path(to));
        QVERIFY(QFile::copy(path(from), path(to)));
    }
}

void TestReloader::certificatesAreReadAgainAlways()
{
    setOwnCertificate("a.crt", "a.key");
    write(ownCertificate());
    start();
    QCOMPARE(reload(), QStringLiteral("reloaded: no setting has changed"));
    QVERIFY(QFile::remove(path("own.key")));
    const QString said = reload();
    QVERIFY2(said.startsWith(QLatin1String("failed: ")) && said.contains(path("own.key")), qPrintable(said));
}

void TestReloader::anotherCertificateIsNamed()
{
    setOwnCertificate("a.crt", "a.key");
    write(ownCertificate());
    start();
    // It has not listened, and so it has not read them before.
    QCOMPARE(reload(), QStringLiteral("reloaded: no setting has changed"));
    setOwnCertificate("b.crt", "b.key");
    QCOMPARE(reload(), QStringLiteral("reloaded: the TLS certificate"));
    QCOMPARE(reload(), QStringLiteral("reloaded: no setting has changed"));

    setOwnCertificate("a.crt", "a.key");
    write(ownCertificate() + "logLevel: warning\nmetrics:\n  lagSeconds: 2\n");
    QCOMPARE(reload(), QStringLiteral("reloaded: logLevel, the TLS certificate; changed, but only a restart takes them "
                                      "over: metrics.lagSeconds"));
}

void TestReloader::tlsIsNotSwitchedOn()
{
    start();
    // Files that are not there are the affair of the restart.
    write("logLevel: warning\ntls:\n  certificateFile: /no/where.crt\n  keyFile: /no/where.key\n");
    QCOMPARE(reload(), QStringLiteral("reloaded: logLevel; changed, but only a restart takes them over: "
                                      "tls.certificateFile, tls.keyFile"));
    QVERIFY(m_server->settings().http.certificateFile.isEmpty());
}

void TestReloader::tlsIsNotSwitchedOff()
{
    write("tls:\n  certificateFile: " + path("a.crt").toUtf8() + "\n  keyFile: " + path("a.key").toUtf8() + '\n');
    start();
    write({});
    QCOMPARE(reload(), QStringLiteral("reloaded: changed, but only a restart takes them over: tls.certificateFile, "
                                      "tls.keyFile"));
    QCOMPARE(m_server->settings().http.certificateFile, path("a.crt"));
}

void TestReloader::aMissingFileChangesNothing()
{
    // As systemd starts it: nobody has named the file.
    write("http:\n  maxBody: 2KiB\n");
    start();
    const Fields before = fields();
    QVERIFY(QFile::remove(path("hearthd.yaml")));
    const QString said = reload();
    QVERIFY2(said.startsWith(QLatin1String("failed: ")) && said.contains(path("hearthd.yaml")), qPrintable(said));
    QCOMPARE(fields(), before);
}

QTEST_GUILESS_MAIN(TestReloader)
#include "tst_reloader.moc"
