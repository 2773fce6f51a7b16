#include "processtable.h"
#include "recipefixture.h"

#include <QCoreApplication>
#include <QFile>
#include <QLoggingCategory>
#include <QProcess>
#include <QTest>

#include <csignal>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;

namespace {

/// Defines `write`: when the file `go` is there, it writes much more than a pipe holds, and then the file `written`.
constexpr auto defineWrite = "echo $$ > $d/pid; "
                             "write() { while [ ! -e $d/go ]; do sleep 0.02; done; "
                             "head -c 1M /dev/zero; head -c 1M /dev/zero >&2; echo more; "
                             "touch $d/written; exec sleep 600; }; ";
const QByteArray writeInForeground = QByteArray(defineWrite) + "write";
const QByteArray writeInBackground = QByteArray(defineWrite) + "write & exit 0";

QList<int> collectors()
{
    QList<int> ids;
    for (const ProcessRow &row : runningProcesses()) {
        if (row.name == "hearth-output" && row.parent == QCoreApplication::applicationPid())
            ids.append(row.id);
    }
    return ids;
}

} // namespace

// What of a command lives on, and what is ended.
class TestCommandRecipeLifetime final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void endsWhatTakesTooLong();
    void asksPolitelyFirst();
    void killsAfterTheGrace();
    void endsTheGroupAfterAFailure();
    void endsOnRequest();
    void endsTheBackgroundAfterSuccess();
    void endsOnRequestAfterAFailure();
    void endsOnRequestWhatIsBeingEnded();
    void endsOnRequestWhatNeverStarted();
    void leavesTheBackgroundAlone();
    void letsGo();
    void mayBeDestroyedAtItsEnd();
    void outlivesThePublisher_data();
    void outlivesThePublisher();

private:
    std::unique_ptr<RecipeFixture> f;
    int m_ended = 0;
};

void TestCommandRecipeLifetime::initTestCase()
{
    QLoggingCategory::setFilterRules(QStringLiteral("hearth.publisher.warning=false"));
}

void TestCommandRecipeLifetime::init()
{
    f = std::make_unique<RecipeFixture>();
    m_ended = 0;
}

void TestCommandRecipeLifetime::cleanup()
{
    f->run.reset();
    if (f->program() > 0)
        ::kill(-f->program(), SIGKILL);
    // Neither the program nor the process that collected its output is left, not even as a zombie.
    QTRY_VERIFY(!hasChildren());
    f.reset();
}

void TestCommandRecipeLifetime::endsWhatTakesTooLong()
{
    f->startScript("sleep 600 & (sleep 600 & exec sleep 600) & echo $$ > $d/pid; sleep 600; true", 1s);
    QTRY_COMPARE(runningInGroup(f->program()).size(), 5);
    QTRY_COMPARE(f->ends, 1);
    QCOMPARE(f->errorOf(ErrorCode::WakeTimeout), QStringLiteral("The recipe's command did not end within 1 s."));
    QCOMPARE(runningInGroup(f->program()), QList<int>());
    QTRY_COMPARE(collectors(), QList<int>());
}

void TestCommandRecipeLifetime::asksPolitelyFirst()
{
    f->startScript("trap 'touch $d/asked; exit 0' TERM; echo $$ > $d/pid; while :; do sleep 0.02; done", 300ms);
    QTRY_COMPARE(f->ends, 1);
    QVERIFY(!f->errorOf(ErrorCode::WakeTimeout).isEmpty());
    QVERIFY(f->exists(QStringLiteral("asked")));
}

void TestCommandRecipeLifetime::killsAfterTheGrace()
{
    f->usesFakeClock = true;
    f->startScript("trap '' TERM; sleep 600 & echo $$ > $d/pid; sleep 600");
    QTRY_COMPARE(runningInGroup(f->program()).size(), 3);
    f->fakeClock.advance(30s - 1ms);
    QCOMPARE(f->ends, 0);
    f->fakeClock.advance(1ms);
    f->fakeClock.advance(5s - 1ms);
    QCOMPARE(runningInGroup(f->program()).size(), 3);
    QCOMPARE(f->ends, 0);
    f->fakeClock.advance(20ms);
    QTRY_COMPARE(runningInGroup(f->program()), QList<int>());
    QCOMPARE(f->ends, 0);
    f->fakeClock.advance(20ms);
    QCOMPARE(f->errorOf(ErrorCode::WakeTimeout), QStringLiteral("The recipe's command did not end within 30 s."));
}

void TestCommandRecipeLifetime::endsTheGroupAfterAFailure()
{
    f->startScript("sleep 600 & (sleep 600 &) ; echo $$ > $d/pid; echo no >&2; exit 7");
    QTRY_COMPARE(f->ends, 1);
    QCOMPARE(f->errorOf(ErrorCode::WakeFailed), QStringLiteral("The recipe's command ended with exit status 7: no"));
    QCOMPARE(runningInGroup(f->program()), QList<int>());
}

void TestCommandRecipeLifetime::endsOnRequest()
{
    f->startScript("sleep 600 & echo $$ > $d/pid; sleep 600; true");
    QTRY_COMPARE(runningInGroup(f->program()).size(), 3);
    f->run->end([this] { ++m_ended; });
    QCOMPARE(m_ended, 0);
    QTRY_COMPARE(m_ended, 1);
    QCOMPARE(runningInGroup(f->program()), QList<int>());
    QCOMPARE(f->ends, 0);
}

void TestCommandRecipeLifetime::endsTheBackgroundAfterSuccess()
{
    f->startScript("echo $$ > $d/pid; sleep 600 & exit 0");
    QTRY_VERIFY(f->succeeded());
    QCOMPARE(runningInGroup(f->program()).size(), 1);
    f->run->end([this] { ++m_ended; });
    QTRY_COMPARE(m_ended, 1);
    QCOMPARE(runningInGroup(f->program()), QList<int>());
    QCOMPARE(f->ends, 1);
}

void TestCommandRecipeLifetime::endsOnRequestAfterAFailure()
{
    f->startScript("exit 1");
    QTRY_COMPARE(f->ends, 1);
    f->run->end([this] { ++m_ended; });
    QCOMPARE(m_ended, 0);
    QTRY_COMPARE(m_ended, 1);
    QCOMPARE(f->ends, 1);
}

void TestCommandRecipeLifetime::endsOnRequestWhatIsBeingEnded()
{
    f->killGrace = 200ms;
    f->startScript("trap '' TERM; echo $$ > $d/pid; sleep 600 & exit 1");
    QTRY_VERIFY(f->program() > 0);
    f->run->end([this] { ++m_ended; });
    f->run->end([this] { m_ended += 10; });
    QTRY_COMPARE(m_ended, 10);
    QCOMPARE(runningInGroup(f->program()), QList<int>());
    QCOMPARE(f->ends, 0);
}

void TestCommandRecipeLifetime::endsOnRequestWhatNeverStarted()
{
    f->start(CommandRecipe{f->path(QStringLiteral("none")), {}});
    f->run->end([this] { ++m_ended; });
    QCOMPARE(m_ended, 0);
    QTRY_COMPARE(m_ended, 1);
    QCOMPARE(f->ends, 0);
}

void TestCommandRecipeLifetime::leavesTheBackgroundAlone()
{
    f->startScript(writeInBackground);
    QTRY_VERIFY(f->succeeded());
    f->run.reset();
    const QList<int> collecting = collectors();
    QCOMPARE(collecting.size(), 1);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        ::kill(collecting.first(), signal);
    f->touch(QStringLiteral("go"));
    QTRY_VERIFY(f->exists(QStringLiteral("written")));
    QTRY_COMPARE(runningInGroup(f->program()).size(), 1);
    QCOMPARE(collectors(), collecting);
}

void TestCommandRecipeLifetime::letsGo()
{
    f->startScript(writeInForeground, 100ms);
    QTRY_VERIFY(f->program() > 0);
    f->run.reset();
    f->touch(QStringLiteral("go"));
    QTRY_VERIFY(f->exists(QStringLiteral("written")));
    QVERIFY(isRunning(f->program()));
    QCOMPARE(f->ends, 0);
}

void TestCommandRecipeLifetime::mayBeDestroyedAtItsEnd()
{
    SystemClock clock;
    for (const auto &script : {QStringLiteral("exit 0"), QStringLiteral("exit 1"), QStringLiteral("sleep 600")}) {
        std::unique_ptr<RecipeRun> run;
        int ends = 0;
        run = RecipeRun::start(CommandRecipe{QStringLiteral("/bin/sh"), {QStringLiteral("-c"), script}}, 300ms,
                               {f->client, clock}, [&](const Result<void> &) {
                                   ++ends;
                                   run.reset();
                               });
        QTRY_COMPARE(ends, 1);
        QTRY_VERIFY(!hasChildren());
    }
}

void TestCommandRecipeLifetime::outlivesThePublisher_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<bool>("isInForeground");

    QTest::newRow("background") << writeInBackground << false;
    QTest::newRow("foreground") << writeInForeground << true;
}

void TestCommandRecipeLifetime::outlivesThePublisher()
{
    QFETCH(QByteArray, script);
    QFETCH(bool, isInForeground);

    QProcess publisher;
    publisher.start(QCoreApplication::applicationFilePath(),
                    {QStringLiteral("--publisher"), f->path(QString()), QString::fromUtf8(script)});
    QVERIFY(publisher.waitForStarted());
    QTRY_VERIFY(f->program() > 0);
    QTRY_COMPARE(isRunning(f->program()), isInForeground);
    publisher.kill();
    QVERIFY(publisher.waitForFinished());
    f->touch(QStringLiteral("go"));
    QTRY_VERIFY(f->exists(QStringLiteral("written")));
    QTRY_COMPARE(runningInGroup(f->program()).size(), 1);
}

namespace {

/// What a publisher is to its programs, until it is killed.
int playPublisher(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    SystemClock clock;
    httpclient::HttpClient client({}, clock);
    const CommandRecipe recipe{QStringLiteral("/bin/sh"),
                               {QStringLiteral("-c"), QStringLiteral("d=$1; ") + QString::fromUtf8(argv[3]),
                                QStringLiteral("sh"), QFile::decodeName(argv[2])}};
    const auto run = RecipeRun::start(recipe, 60s, {client, clock}, [](const Result<void> &) {});
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    if (argc == 4 && QByteArrayView(argv[1]) == "--publisher")
        return playPublisher(argc, argv);
    const QCoreApplication application(argc, argv);
    TestCommandRecipeLifetime test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_commandrecipelifetime.moc"
