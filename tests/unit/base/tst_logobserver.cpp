#include "logging.h"

#include <QSemaphore>
#include <QTest>
#include <QThread>

using namespace hearth;

namespace {

/// Sends the messages of this process to hearth's sink for as long as it lives, and collects what an observer hears.
class Observed
{
public:
    Observed()
        : m_before(qInstallMessageHandler(nullptr))
    {
        installLogging(LogLevel::Debug);
        setLogObserver([this](const LogRecord &record) { m_records.push_back(record); });
    }

    ~Observed()
    {
        setLogObserver({});
        qInstallMessageHandler(m_before);
    }

    Observed(const Observed &) = delete;
    Observed &operator=(const Observed &) = delete;

    const std::vector<LogRecord> &records() const { return m_records; }

private:
    QtMessageHandler m_before;
    std::vector<LogRecord> m_records;
};

} // namespace

class TestLogObserver final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hearsWhatTheSinkWrites();
    void hearsNoSecretAndNoSecondLine();
    void levels_data();
    void levels();
    void hearsNothingBelowTheLevel();
    void isNotToldWhatItLogsItself();
    void anotherOneTakesOver();
    void isCalledOneAtATimeFromManyThreads();
    void isNotCalledOnceItHasBeenTakenAway();
};

void TestLogObserver::hearsWhatTheSinkWrites()
{
    const Observed observed;
    const WallTime before = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    qCInfo(lcPublisher).noquote() << "größer";
    QCOMPARE(observed.records().size(), size_t(1));
    const LogRecord &record = observed.records().front();
    QCOMPARE(record.category, QStringLiteral("hearth.publisher"));
    QCOMPARE(record.text, QStringLiteral("größer"));
    QVERIFY(record.time >= before && record.time <= before + std::chrono::minutes(1));
}

void TestLogObserver::hearsNoSecretAndNoSecondLine()
{
    const Observed observed;
    qCInfo(lcPublisher).noquote() << "key hk_3f2ac4n4ryS3cret\nforged";
    QCOMPARE(observed.records().front().text, QStringLiteral("key hk_3f2a…\\nforged"));
}

void TestLogObserver::levels_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<LogLevel>("level");
    QTest::newRow("debug") << int(QtDebugMsg) << LogLevel::Debug;
    QTest::newRow("info") << int(QtInfoMsg) << LogLevel::Info;
    QTest::newRow("warning") << int(QtWarningMsg) << LogLevel::Warning;
    QTest::newRow("critical") << int(QtCriticalMsg) << LogLevel::Error;
}

void TestLogObserver::levels()
{
    QFETCH(int, type);
    QFETCH(LogLevel, level);
    const Observed observed;
    qt_message_output(QtMsgType(type), QMessageLogContext(nullptr, 0, nullptr, "hearth.tray"), QStringLiteral("text"));
    QCOMPARE(observed.records().size(), size_t(1));
    QVERIFY(observed.records().front().level == level);
}

void TestLogObserver::hearsNothingBelowTheLevel()
{
    const Observed observed;
    setLogLevel(LogLevel::Warning);
    qCInfo(lcPublisher) << "quiet";
    qCWarning(lcPublisher) << "loud";
    QCOMPARE(observed.records().size(), size_t(1));
}

void TestLogObserver::isNotToldWhatItLogsItself()
{
    const Observed observed;
    int calls = 0;
    setLogObserver([&](const LogRecord &) {
        ++calls;
        qCWarning(lcTray) << "an observer that logs";
    });
    qCInfo(lcPublisher) << "first";
    qCInfo(lcPublisher) << "second";
    QCOMPARE(calls, 2);
}

void TestLogObserver::anotherOneTakesOver()
{
    const Observed observed;
    int calls = 0;
    setLogObserver([&](const LogRecord &) { ++calls; });
    qCInfo(lcPublisher) << "text";
    QCOMPARE(calls, 1);
    QVERIFY(observed.records().empty());
}

void TestLogObserver::isCalledOneAtATimeFromManyThreads()
{
    constexpr int threadCount = 4;
    constexpr int linesEach = 100;
    const Observed observed;
    std::vector<std::unique_ptr<QThread>> threads;
    for (int i = 0; i < threadCount; ++i) {
        threads.emplace_back(QThread::create([] {
            for (int line = 0; line < linesEach; ++line)
                qCDebug(lcRelay) << "line" << line;
        }));
        threads.back()->start();
    }
    for (const auto &thread : threads)
        thread->wait();
    QCOMPARE(observed.records().size(), size_t(threadCount * linesEach));
}

// The observer lasts while another thread takes it away: setLogObserver() must not return before it does.
void TestLogObserver::isNotCalledOnceItHasBeenTakenAway()
{
    const Observed observed;
    QSemaphore inside;
    QSemaphore mayLeave;
    setLogObserver([&](const LogRecord &) {
        inside.release();
        mayLeave.acquire();
    });
    const std::unique_ptr<QThread> logging(QThread::create([] { qCInfo(lcRelay) << "text"; }));
    logging->start();
    QVERIFY(inside.tryAcquire(1, 5000));
    const std::unique_ptr<QThread> taking(QThread::create([] { setLogObserver({}); }));
    taking->start();
    const bool hasWaited = !taking->wait(50);
    mayLeave.release();
    QVERIFY(taking->wait(5000));
    QVERIFY(logging->wait(5000));
    QVERIFY2(hasWaited, "It has returned while the observer was still at work.");
}

QTEST_GUILESS_MAIN(TestLogObserver)

#include "tst_logobserver.moc"
