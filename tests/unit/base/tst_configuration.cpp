#include "configuration.h"

#include <QTemporaryDir>
#include <QTest>

using namespace hearth;
using namespace std::chrono_literals;

namespace {

SettingTable table()
{
    return SettingTable({
        Setting::text("listen", QStringLiteral("127.0.0.1:4327"), "").withFlag("--listen", "HOST:PORT"),
        Setting::text("database", QStringLiteral("sqlite:hearth.db"), "").withFlag("--database", "URL"),
        Setting::text("token", {}, "").asSecret(),
        Setting::seconds("lifecycle.heartbeatTimeoutSeconds", 90s, 50ms, 24h, ""),
        Setting::seconds("lifecycle.sweepIntervalSeconds", 60s, 50ms, 24h, ""),
        Setting::size("http.maxBody", 32 << 20, 1024, qint64(1) << 30, ""),
        Setting::textList("http.allowedOrigins", {}, ""),
        Setting::entries("llms", "",
                         SettingTable({Setting::text("name", {}, ""), Setting::text("apiKey", {}, "").asSecret()})),
    });
}

QProcessEnvironment environment(std::initializer_list<std::pair<const char *, const char *>> variables)
{
    QProcessEnvironment result;
    for (const auto &[name, value] : variables)
        result.insert(QString::fromLatin1(name), QString::fromUtf8(value));
    return result;
}

} // namespace

class TestConfiguration final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void defaults();
    void laterLayersWin();
    void origins();
    void environmentKinds();
    void environmentFaults_data();
    void environmentFaults();
    void flagFault();
    void missingFile();
    void usualFileMayBeMissing();
    void usualFileMayNotVanish();
    void namedFileMayNotBeMissing();
    void unreadableFile();
    void hugeFile();
    void requiredSetting();
    void collectsAllProblems();
    void shows();
    void readsText();
    void showsOrigins();
    void hidesSecrets();

private:
    QString write(const QByteArray &yaml);

    QTemporaryDir m_directory;
};

void TestConfiguration::initTestCase()
{
    QVERIFY(m_directory.isValid());
}

QString TestConfiguration::write(const QByteArray &yaml)
{
    QFile file(m_directory.filePath(QStringLiteral("hearthd.yaml")));
    if (!file.open(QIODevice::WriteOnly) || file.write(yaml) != yaml.size())
        qFatal("cannot write the test's configuration");
    return file.fileName();
}

void TestConfiguration::defaults()
{
    const Result<SettingValues> settings = loadConfiguration(table(), {});
    QVERIFY(settings);
    QCOMPARE(settings->text("listen"), QStringLiteral("127.0.0.1:4327"));
    QCOMPARE(settings->duration("lifecycle.sweepIntervalSeconds"), 60s);
    QCOMPARE(settings->size("http.maxBody"), 32 << 20);
    QVERIFY(settings->entries("llms").empty());
    QVERIFY(!settings->isSet("listen"));
    QCOMPARE(settings->origin("listen").toString(), QStringLiteral("default"));
}

void TestConfiguration::laterLayersWin()
{
    const QString file = write("listen: file\ndatabase: file\ntoken: file\n");
    const auto load = [&](const QProcessEnvironment &variables, const QList<FlagValue> &flags) {
        return loadConfiguration(table(), {.file = file, .environment = variables, .flags = flags});
    };
    const Result<SettingValues> settings =
        load(environment({{"HEARTH_LISTEN", "environment"}, {"HEARTH_DATABASE", "environment"}}),
             {{QStringLiteral("listen"), QStringLiteral("flag")}});
    QVERIFY(settings);
    QCOMPARE(settings->text("listen"), QStringLiteral("flag"));
    QCOMPARE(settings->text("database"), QStringLiteral("environment"));
    QCOMPARE(settings->text("token"), QStringLiteral("file"));
    QCOMPARE(load({}, {})->text("listen"), QStringLiteral("file"));
}

void TestConfiguration::origins()
{
    const QString file = write("database: x\nlifecycle:\n  sweepIntervalSeconds: 5\n");
    const Result<SettingValues> settings =
        loadConfiguration(table(), {.file = file,
                                    .environment = environment({{"HEARTH_LIFECYCLE__HEARTBEATTIMEOUTSECONDS", "1.5"}}),
                                    .flags = {{QStringLiteral("listen"), QStringLiteral("x")}}});
    QVERIFY(settings);
    QCOMPARE(settings->origin("listen").toString(), QStringLiteral("--listen"));
    QCOMPARE(settings->origin("lifecycle.sweepIntervalSeconds").toString(), QString(file + u":3"));
    QCOMPARE(settings->origin("lifecycle.heartbeatTimeoutSeconds").toString(),
             QStringLiteral("environment HEARTH_LIFECYCLE__HEARTBEATTIMEOUTSECONDS"));
    QCOMPARE(settings->duration("lifecycle.heartbeatTimeoutSeconds"), 1500ms);
    QCOMPARE(settings->problem("listen", QStringLiteral("is odd")).toString(),
             QStringLiteral("--listen: listen: is odd"));
}

void TestConfiguration::environmentKinds()
{
    const Result<SettingValues> settings =
        loadConfiguration(table(), {.environment = environment({{"HEARTH_HTTP__ALLOWEDORIGINS", "https://a, https://b"},
                                                                {"HEARTH_http__maxBody", "64KiB"},
                                                                {"HEARTH_TEST_ANYTHING", "x"},
                                                                {"HEARTHSTONE", "x"},
                                                                {"PATH", "/bin"}})});
    QVERIFY(settings);
    QCOMPARE(settings->list("http.allowedOrigins"),
             (QStringList{QStringLiteral("https://a"), QStringLiteral("https://b")}));
    QCOMPARE(settings->size("http.maxBody"), 64 << 10);
}

void TestConfiguration::environmentFaults_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char *name, const char *value, const char *problem) {
        QTest::newRow(name) << QString::fromLatin1(name) << QString::fromLatin1(value) << QString::fromLatin1(problem);
    };
    row("HEARTH_HTTP__MAXBODY", "12 bananas",
        "environment HEARTH_HTTP__MAXBODY: must be a size between 1KiB and 1GiB, in bytes or with KiB, MiB or GiB");
    row("HEARTH_LISTNE", "x", "environment HEARTH_LISTNE: unknown setting; did you mean HEARTH_LISTEN?");
    row("HEARTH_LIFECYCLE__SWEEPINTERVAL", "5",
        "environment HEARTH_LIFECYCLE__SWEEPINTERVAL: unknown setting; did you mean "
        "HEARTH_LIFECYCLE__SWEEPINTERVALSECONDS?");
    row("HEARTH_LIFECYCLE", "x", "environment HEARTH_LIFECYCLE: unknown setting");
    row("HEARTH_COLOUR", "red", "environment HEARTH_COLOUR: unknown setting");
    row("HEARTH_", "x", "environment HEARTH_: unknown setting");
    row("HEARTH_LLMS", "[]", "environment HEARTH_LLMS: llms can only be set in the configuration file");
}

void TestConfiguration::environmentFaults()
{
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(QString, problem);
    QProcessEnvironment variables;
    variables.insert(name, value);
    const Result<SettingValues> settings = loadConfiguration(table(), {.environment = variables});
    QVERIFY(!settings);
    QVERIFY(settings.error().code == ErrorCode::Configuration);
    QCOMPARE(settings.error().message, problem);
}

void TestConfiguration::flagFault()
{
    const SettingTable limits({Setting::integer("limit", 1, 0, 9, "things", "").withFlag("--limit", "NUMBER")});
    const Result<SettingValues> settings =
        loadConfiguration(limits, {.flags = {{QStringLiteral("limit"), QStringLiteral("10")}}});
    QVERIFY(!settings);
    QCOMPARE(settings.error().message, QStringLiteral("--limit: must be a whole number between 0 and 9"));
}

void TestConfiguration::missingFile()
{
    const QString file = m_directory.filePath(QStringLiteral("missing.yaml"));
    QVERIFY(loadConfiguration(table(), {.file = file}));
    const Result<SettingValues> settings = loadConfiguration(table(), {.file = file, .fileRequired = true});
    QVERIFY(!settings);
    QVERIFY2(settings.error().message.startsWith(QString(file + u": cannot be read: ")),
             qPrintable(settings.error().message));
}

void TestConfiguration::usualFileMayBeMissing()
{
    const QString file = m_directory.filePath(QStringLiteral("usual.yaml"));
    const ConfigurationSources sources = sourcesAtStart({}, file, environment({{"HEARTH_DATABASE", "sqlite:a"}}),
                                                        {{QStringLiteral("listen"), QStringLiteral("127.0.0.1:1")}});
    const Result<SettingValues> settings = loadConfiguration(table(), sources);
    QVERIFY(settings);
    QCOMPARE(settings->text("database"), QStringLiteral("sqlite:a"));
    QCOMPARE(settings->text("listen"), QStringLiteral("127.0.0.1:1"));
    // Nor any, where there is no place for one.
    QVERIFY(loadConfiguration(table(), sourcesAtStart({}, {}, {}, {})));
}

void TestConfiguration::usualFileMayNotVanish()
{
    const QString file = write("listen: 127.0.0.1:1\n");
    const ConfigurationSources sources = sourcesAtStart({}, file, {}, {});
    QVERIFY(loadConfiguration(table(), sources));
    QVERIFY(QFile::remove(file));
    const Result<SettingValues> settings = loadConfiguration(table(), sources);
    QVERIFY(!settings);
    QVERIFY2(settings.error().message.startsWith(file + u": cannot be read: "), qPrintable(settings.error().message));
}

void TestConfiguration::namedFileMayNotBeMissing()
{
    const QString usual = write("listen: 127.0.0.1:1\n");
    const QString named = m_directory.filePath(QStringLiteral("named.yaml"));
    const Result<SettingValues> settings = loadConfiguration(table(), sourcesAtStart(named, usual, {}, {}));
    QVERIFY(!settings);
    QVERIFY2(settings.error().message.startsWith(named), qPrintable(settings.error().message));
}

void TestConfiguration::unreadableFile()
{
    const Result<SettingValues> settings = loadConfiguration(table(), {.file = m_directory.path()});
    QVERIFY(!settings);
    QVERIFY(settings.error().message.contains(u"cannot be read"));
}

void TestConfiguration::hugeFile()
{
    const QString file = write(QByteArray("# comment\n").repeated(1024 * 1024 / 10 + 1));
    const Result<SettingValues> settings = loadConfiguration(table(), {.file = file});
    QVERIFY(!settings);
    QCOMPARE(settings.error().message, QString(file + u": is larger than 1048576 bytes"));
}

void TestConfiguration::requiredSetting()
{
    const SettingTable required({Setting::text("server", {}, "").withFlag("--server", "URL").asRequired(),
                                 Setting::text("tls.keyFile", {}, "").asRequired()});
    const Result<SettingValues> missing = loadConfiguration(required, {});
    QVERIFY(!missing);
    QCOMPARE(missing.error().message,
             QStringLiteral("server: is required; set it in the configuration file or with --server"));
    QVERIFY(loadConfiguration(required, {.flags = {{QStringLiteral("server"), QStringLiteral("http://h")}}}));
    QVERIFY(loadConfiguration(required, {.environment = environment({{"HEARTH_SERVER", "http://h"}})}));

    const QString file = write("server: x\ntls:\n");
    QCOMPARE(loadConfiguration(required, {.file = file}).error().message, QStringLiteral("tls.keyFile: is required"));
}

void TestConfiguration::collectsAllProblems()
{
    const QString file = write("listen: x\nlifecycle:\n  sweepInterval: 5\n  heartbeatTimeoutSeconds: soon\nhttp: 3\n");
    const Result<SettingValues> settings = loadConfiguration(
        table(), {.file = file, .environment = environment({{"HEARTH_COLOUR", "red"}, {"HEARTH_HTTP__MAXBODY", "1"}})});
    QVERIFY(!settings);
    const QString expected = QStringLiteral(
        "F:3: lifecycle.sweepInterval: unknown setting; did you mean lifecycle.sweepIntervalSeconds?\n"
        "F:4: lifecycle.heartbeatTimeoutSeconds: must be a number of seconds between 0.05 and 86400\n"
        "F:5: http: must be a map of settings\n"
        "environment HEARTH_COLOUR: unknown setting\n"
        "environment HEARTH_HTTP__MAXBODY: must be a size between 1KiB and 1GiB, in bytes or with KiB, MiB or GiB");
    QCOMPARE(QString(settings.error().message).replace(file, QStringLiteral("F")), expected);
}

void TestConfiguration::shows()
{
    const QString file = write("http: {allowedOrigins: ['https://a', b]}\nllms: [{name: one}, {name: two}]\n");
    const Result<SettingValues> settings = loadConfiguration(table(), {.file = file});
    QVERIFY(settings);
    QCOMPARE(settings->show(), QStringLiteral("listen: 127.0.0.1:4327\n"
                                              "database: sqlite:hearth.db\n"
                                              "token: \"\"\n"
                                              "lifecycle.heartbeatTimeoutSeconds: 90\n"
                                              "lifecycle.sweepIntervalSeconds: 60\n"
                                              "http.maxBody: 32MiB\n"
                                              "http.allowedOrigins: [https://a, b]\n"
                                              "llms[0].name: one\n"
                                              "llms[0].apiKey: \"\"\n"
                                              "llms[1].name: two\n"
                                              "llms[1].apiKey: \"\"\n"));
}

void TestConfiguration::readsText()
{
    // A text that is yet to be saved goes before what is on the disk, and is judged on in spite of its problems.
    const QString file = write("listen: 127.0.0.1:1\n");
    QList<ConfigProblem> problems;
    const SettingValues settings =
        readConfiguration(table(), {.file = file, .text = "listen: 127.0.0.1:2\nhttp: {maxBody: 0}\n"}, problems);
    QCOMPARE(settings.text("listen"), QStringLiteral("127.0.0.1:2"));
    QCOMPARE(problems.size(), 1);
    QCOMPARE(problems[0].place, QString(file + u":2"));
    QCOMPARE(problems[0].key, QStringLiteral("http.maxBody"));
}

void TestConfiguration::showsOrigins()
{
    const SettingTable small(
        {Setting::text("a", QStringLiteral("x"), ""), Setting::text("long.name", QStringLiteral("y"), "")});
    const Result<SettingValues> settings = loadConfiguration(small, {.environment = environment({{"HEARTH_A", "z"}})});
    QVERIFY(settings);
    QCOMPARE(settings->show(SettingValues::Show::Origins), QStringLiteral("a: z          # environment HEARTH_A\n"
                                                                          "long.name: y  # default\n"));
}

void TestConfiguration::hidesSecrets()
{
    const QString file =
        write("token: c4n4ry\ndatabase: postgresql://hearth:c4n4ry@db/hearth\nllms: [{name: a, apiKey: c4n4ry}]\n");
    const Result<SettingValues> settings = loadConfiguration(table(), {.file = file});
    QVERIFY(settings);
    const QString shown = settings->show(SettingValues::Show::Origins);
    QVERIFY2(!shown.contains(u"c4n4ry"), qPrintable(shown));
    QVERIFY(shown.contains(u"token: …"));
    QVERIFY(shown.contains(u"database: postgresql://hearth:…@db/hearth"));
    QVERIFY(shown.contains(u"llms[0].apiKey: …"));
    QCOMPARE(settings->text("token"), QStringLiteral("c4n4ry"));
}

QTEST_GUILESS_MAIN(TestConfiguration)
#include "tst_configuration.moc"
