#include "logging.h"
#include "logline.h"

#include <QCoreApplication>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryFile>
#include <QTest>
#include <QThread>

#include <sys/stat.h>

using namespace hearth;

namespace {

constexpr WallTime moment{Duration(1'795'167'695'123)};
const QString canary = QStringLiteral("c4n4ryS3cret");

QByteArray plain(const QString &message, QtMsgType type = QtInfoMsg)
{
    return logLine(LogStyle::Plain, moment, type, QLatin1String("hearth.relay"), message);
}

} // namespace

class TestLogging final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plainLine();
    void levels_data();
    void levels();
    void foreignCategoryKeepsItsName();
    void oneLinePerMessage_data();
    void oneLinePerMessage();
    void longMessageIsCut();
    void longMessageIsRedactedBeforeTheCut();
    void redacts_data();
    void redacts();
    void keeps_data();
    void keeps();
    void keepsWithoutCopy();
    void levelSpellings();
    void levelFiltersCategories_data();
    void levelFiltersCategories();
    void processWritesWholeLines_data();
    void processWritesWholeLines();
};

void TestLogging::plainLine()
{
    QCOMPARE(plain(QStringLiteral("größer")), QStringLiteral("2026-11-20T09:41:35.123Z INFO relay: größer\n").toUtf8());
}

void TestLogging::levels_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QByteArray>("level");
    QTest::addColumn<QByteArray>("priority");
    QTest::newRow("debug") << int(QtDebugMsg) << QByteArray("DEBUG") << QByteArray("<7>");
    QTest::newRow("info") << int(QtInfoMsg) << QByteArray("INFO") << QByteArray("<6>");
    QTest::newRow("warning") << int(QtWarningMsg) << QByteArray("WARNING") << QByteArray("<4>");
    QTest::newRow("critical") << int(QtCriticalMsg) << QByteArray("ERROR") << QByteArray("<3>");
    QTest::newRow("fatal") << int(QtFatalMsg) << QByteArray("FATAL") << QByteArray("<2>");
}

void TestLogging::levels()
{
    QFETCH(int, type);
    QFETCH(QByteArray, level);
    QFETCH(QByteArray, priority);
    const auto messageType = static_cast<QtMsgType>(type);
    QCOMPARE(plain(QStringLiteral("text"), messageType), "2026-11-20T09:41:35.123Z " + level + " relay: text\n");
    QCOMPARE(logLine(LogStyle::Journal, moment, messageType, QLatin1String("hearth.relay"), QStringLiteral("text")),
             priority + "relay: text\n");
}

void TestLogging::foreignCategoryKeepsItsName()
{
    QCOMPARE(logLine(LogStyle::Journal, moment, QtInfoMsg, QLatin1String("qt.network.ssl"), QStringLiteral("text")),
             QByteArray("<6>qt.network.ssl: text\n"));
}

void TestLogging::oneLinePerMessage_data()
{
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *name, const QString &message, const char *shown) {
        QTest::newRow(name) << message << QString::fromUtf8(shown);
    };
    row("line feed", QStringLiteral("a\n2026-11-20T09:41:35.123Z INFO relay: forged"),
        "a\\n2026-11-20T09:41:35.123Z INFO relay: forged");
    row("carriage return", QStringLiteral("a\rb"), "a\\rb");
    row("tab", QStringLiteral("a\tb"), "a\\tb");
    row("terminal escape", QStringLiteral("a\x1b[2Jb"), "a\\u001b[2Jb");
    row("nul", QStringLiteral("a") + QChar(0) + QStringLiteral("b"), "a\\u0000b");
    row("C1 control", QStringLiteral("a\u0085b"), "a\\u0085b");
    row("line separator", QStringLiteral("a\u2028b"), "a\\u2028b");
    row("right to left override", QStringLiteral("a\u202eb"), "a\\u202eb");
    row("zero width space", QStringLiteral("a\u200bb"), "a\\u200bb");
    row("trailing line feed", QStringLiteral("a\n"), "a\\n");
    row("emoji", QStringLiteral("🔥"), "🔥");
}

void TestLogging::oneLinePerMessage()
{
    QFETCH(QString, message);
    QFETCH(QString, shown);
    const QByteArray line = plain(message);
    QCOMPARE(line, "2026-11-20T09:41:35.123Z INFO relay: " + shown.toUtf8() + '\n');
    QCOMPARE(line.count('\n'), 1);
}

void TestLogging::longMessageIsCut()
{
    const QByteArray line = plain(QString(8192 + 5, u'x'));
    QVERIFY(line.endsWith("xxx… (5 more characters)\n"));
    QVERIFY(plain(QString(8192, u'x')).endsWith("xxx\n"));
}

void TestLogging::longMessageIsRedactedBeforeTheCut()
{
    const QByteArray line = plain(QString(8192 - 12, u' ') + QStringLiteral("Bearer ") + canary);
    QVERIFY(!line.contains(canary.left(4).toUtf8()));
}

void TestLogging::redacts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *name, const char *text, const char *shown) {
        QTest::newRow(name) << QString::fromUtf8(text).replace(u'@' + QStringLiteral("C@"), canary)
                            << QString::fromUtf8(shown);
    };
    row("hearth key", "key hk_3f2a@C@ used", "key hk_3f2a… used");
    row("hearth key at the end", "hk_3f2a@C@", "hk_3f2a…");
    row("hearth key with dashes", "hk_3f2a-_@C@-_x.", "hk_3f2a….");
    row("two keys", "hk_aaaa@C@,hk_bbbb@C@", "hk_aaaa…,hk_bbbb…");
    row("key within a word", "xhk_3f2a@C@", "xhk_3f2a…");
    row("foreign key", "using sk-proj-@C@ now", "using sk-… now");
    row("quoted foreign key", "\"sk-@C@\"", "\"sk-…\"");
    row("bearer", "Bearer @C@", "Bearer …");
    row("bearer, other case", "bEARER  @C@ and more", "bEARER  … and more");
    row("short bearer", "Bearer x", "Bearer …");
    row("bearer with base64", "Bearer @C@+/==", "Bearer …");
    row("authorization", "Authorization: Basic @C@==", "Authorization: …");
    row("authorization in a list", "Accept: */*\r\nauthorization:@C@\r\nHost: x",
        "Accept: */*\r\nauthorization:…\r\nHost: x");
    row("authorization as JSON", R"({"authorization":"Basic @C@","accept":"*/*"})",
        R"({"authorization":"…","accept":"*/*"})");
    row("authorization as a pair", R"(("Authorization", "Basic @C@"))", R"(("Authorization", "…"))");
    row("proxy authorization", "Proxy-Authorization: Basic @C@", "Proxy-Authorization: …");
    row("x-api-key", "X-Api-Key: @C@", "X-Api-Key: …");
    row("x-api-key as JSON", R"("x-api-key" : "@C@")", R"("x-api-key" : "…")");
    row("database URL", "postgresql://hearth:@C@@db:5432/hearth failed", "postgresql://hearth:…@db:5432/hearth failed");
    row("URL password with a slash", "postgresql://hearth:pa/@C@@db/hearth", "postgresql://hearth:…@db/hearth");
    row("URL password with an at", "postgresql://hearth:p@s@C@@db/hearth", "postgresql://hearth:…@db/hearth");
    row("URL password with an apostrophe", "postgresql://hearth:p's@C@@db/hearth", "postgresql://hearth:…@db/hearth");
    row("authorization as escaped JSON", R"({\"authorization\": \"Basic @C@\"})", R"({\"authorization\": \"…\"})");
    row("URL without user", "redis://:@C@@db", "redis://:…@db");
    row("numeric URL password", "http://user:1234@host/path", "http://user:…@host/path");
    row("two URLs", "http://a:@C@@h https://b:@C@@h", "http://a:…@h https://b:…@h");
}

void TestLogging::redacts()
{
    QFETCH(QString, text);
    QFETCH(QString, shown);
    const QString result = redact(text);
    QCOMPARE(result, shown);
    QVERIFY(!result.contains(canary));
    // What has been redacted once is not damaged by another pass.
    QCOMPARE(redact(result), shown);
}

void TestLogging::keeps_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"",
                             "a plain line",
                             "hk_",
                             "hk_3f2a",
                             "hk_3f2a…",
                             "disk-usage-statistics",
                             "task-forceful-thing",
                             "sk-8",
                             "bearer",
                             "Bearer ",
                             "authorization is needed",
                             "authorization",
                             "x-api-key",
                             "http://127.0.0.1:8000/v1/models/qwen@latest",
                             "http://host:8000/v1",
                             "://",
                             "http://user@host/",
                             "mail me@example.org: now",
                             "https://host/a:b@c",
                             "x",
                             "hk",
                             ":",
                             "a:"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void TestLogging::keeps()
{
    QFETCH(QString, text);
    QCOMPARE(redact(text), text);
}

void TestLogging::keepsWithoutCopy()
{
    const QString text = QStringLiteral("an ordinary line about a stream that has ended: 200 in 13 ms");
    QCOMPARE(static_cast<const void *>(redact(text).constData()), static_cast<const void *>(text.constData()));
}

void TestLogging::levelSpellings()
{
    for (const LogLevel level : {LogLevel::Debug, LogLevel::Info, LogLevel::Warning, LogLevel::Error})
        QVERIFY(logLevelFromString(QString(toString(level))) == level);
    QVERIFY(!logLevelFromString(u"loud"));
    QVERIFY(!logLevelFromString(u"Info"));
}

void TestLogging::levelFiltersCategories_data()
{
    QTest::addColumn<QString>("level");
    QTest::addColumn<int>("enabled");
    QTest::newRow("debug") << QStringLiteral("debug") << 4;
    QTest::newRow("info") << QStringLiteral("info") << 3;
    QTest::newRow("warning") << QStringLiteral("warning") << 2;
    QTest::newRow("error") << QStringLiteral("error") << 1;
}

void TestLogging::levelFiltersCategories()
{
    QFETCH(QString, level);
    QFETCH(int, enabled);
    const auto count = [](const QLoggingCategory &category) {
        return int(category.isDebugEnabled()) + int(category.isInfoEnabled()) + int(category.isWarningEnabled()) +
               int(category.isCriticalEnabled());
    };
    setLogLevel(*logLevelFromString(level));
    QCOMPARE(count(lcRelay()), enabled);
    QCOMPARE(count(lcPublisher()), enabled);
    const QLoggingCategory ofQt("qt.widgets.painting", QtWarningMsg);
    QCOMPARE(count(ofQt), std::min(enabled, 2));
    setLogLevel(LogLevel::Debug);
    QCOMPARE(count(lcRelay()), 4);
}

void TestLogging::processWritesWholeLines_data()
{
    QTest::addColumn<bool>("journal");
    QTest::addColumn<QByteArray>("pattern");
    QTest::newRow("file") << false
                          << QByteArray("^[0-9-]{10}T[0-9:.]{12}Z WARNING relay: thread [0-3] line [0-9]+ hk_3f2a…$");
    QTest::newRow("journal") << true << QByteArray("^<4>relay: thread [0-3] line [0-9]+ hk_3f2a…$");
}

// The handler finds its style once per process, so each style needs a process: this program, started as a child that
// only logs. JOURNAL_STREAM is that of the child's standard error.
void TestLogging::processWritesWholeLines()
{
    QFETCH(bool, journal);
    QFETCH(QByteArray, pattern);
    QTemporaryFile file;
    QVERIFY(file.open());
    struct stat status = {};
    QCOMPARE(::fstat(file.handle(), &status), 0);

    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QString inode = QString::number(status.st_ino + (journal ? 0 : 1));
    environment.insert(QStringLiteral("JOURNAL_STREAM"), QString::number(status.st_dev) + u':' + inode);
    environment.insert(QStringLiteral("HEARTH_TEST_LOGGING_CHILD"), QStringLiteral("1"));
    child.setProcessEnvironment(environment);
    child.setStandardErrorFile(file.fileName(), QIODevice::Append);
    child.start(QCoreApplication::applicationFilePath(), QStringList());
    QVERIFY(child.waitForFinished(20'000));
    QCOMPARE(child.exitCode(), 0);

    const QRegularExpression expected(QString::fromUtf8(pattern));
    const QList<QByteArray> lines = file.readAll().split('\n');
    QCOMPARE(lines.size(), 4 * 200 + 1);
    QVERIFY(lines.last().isEmpty());
    for (const QByteArray &line : lines.first(4 * 200))
        QVERIFY2(expected.match(QString::fromUtf8(line)).hasMatch(), line);
}

static int logFromFourThreads()
{
    installLogging(LogLevel::Warning);
    qCInfo(lcRelay) << "below the level";
    std::vector<std::unique_ptr<QThread>> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back(QThread::create([thread] {
            for (int line = 0; line < 200; ++line)
                qCWarning(lcRelay).noquote()
                    << "thread" << thread << "line" << line << QString(QStringLiteral("hk_3f2a") + canary);
        }));
        threads.back()->start();
    }
    for (const auto &thread : threads)
        thread->wait();
    return 0;
}

int main(int argc, char **argv)
{
    if (qEnvironmentVariableIsSet("HEARTH_TEST_LOGGING_CHILD"))
        return logFromFourThreads();
    QCoreApplication application(argc, argv);
    TestLogging test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_logging.moc"
