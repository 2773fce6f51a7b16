// Signals of the operating system in the event loop.

#include "signalwatch.h"

#include <QSignalSpy>
#include <QTest>

#include <csignal>
#include <optional>

using namespace hearth;

class TestSignalWatch final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reportsFromTheEventLoop();
    void tellsSignalsApart();
    void takesEverySignal();
    void takesTheFirstOfEachSignal();
    void keepsItsSignalsFromOtherWatches();
    void leavesDefaultsBehind();
};

namespace {

using Takes = SignalWatch::Takes;

bool isDefault(int number)
{
    struct sigaction action = {};
    sigaction(number, nullptr, &action);
    return action.sa_handler == SIG_DFL;
}

} // namespace

void TestSignalWatch::reportsFromTheEventLoop()
{
    const SignalWatch watch({SIGUSR1}, Takes::Every);
    QSignalSpy spy(&watch, &SignalWatch::received);
    std::raise(SIGUSR1);
    QCOMPARE(spy.size(), 0);
    QTRY_COMPARE(spy.size(), 1);
    QCOMPARE(spy.first().first().toInt(), SIGUSR1);
}

void TestSignalWatch::tellsSignalsApart()
{
    const SignalWatch watch({SIGUSR1, SIGUSR2}, Takes::Every);
    QSignalSpy spy(&watch, &SignalWatch::received);
    std::raise(SIGUSR2);
    std::raise(SIGUSR1);
    QTRY_COMPARE(spy.size(), 2);
    QCOMPARE(spy.at(0).first().toInt(), SIGUSR2);
    QCOMPARE(spy.at(1).first().toInt(), SIGUSR1);
}

void TestSignalWatch::takesEverySignal()
{
    const SignalWatch watch({SIGHUP}, Takes::Every);
    QSignalSpy spy(&watch, &SignalWatch::received);
    for (int count = 1; count <= 3; ++count) {
        std::raise(SIGHUP);
        QTRY_COMPARE(spy.size(), count);
        QVERIFY(!isDefault(SIGHUP));
    }
}

void TestSignalWatch::takesTheFirstOfEachSignal()
{
    const SignalWatch watch({SIGTERM, SIGINT}, Takes::First);
    QSignalSpy spy(&watch, &SignalWatch::received);
    QVERIFY(!isDefault(SIGTERM));
    std::raise(SIGTERM);
    // Before the event loop has noticed: it may never do so.
    QVERIFY(isDefault(SIGTERM));
    QVERIFY(!isDefault(SIGINT));
    QTRY_COMPARE(spy.size(), 1);
}

void TestSignalWatch::keepsItsSignalsFromOtherWatches()
{
    const SignalWatch one({SIGUSR1}, Takes::Every);
    const SignalWatch other({SIGUSR2}, Takes::Every);
    QSignalSpy spyOne(&one, &SignalWatch::received);
    QSignalSpy spyOther(&other, &SignalWatch::received);
    std::raise(SIGUSR2);
    QTRY_COMPARE(spyOther.size(), 1);
    QCOMPARE(spyOne.size(), 0);
}

void TestSignalWatch::leavesDefaultsBehind()
{
    std::optional<SignalWatch> watch(std::in_place, QList{SIGUSR1, SIGUSR2}, Takes::Every);
    QVERIFY(!isDefault(SIGUSR1) && !isDefault(SIGUSR2));
    watch.reset();
    QVERIFY(isDefault(SIGUSR1) && isDefault(SIGUSR2));
}

QTEST_GUILESS_MAIN(TestSignalWatch)
#include "tst_signalwatch.moc"
