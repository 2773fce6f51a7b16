// What a service manager hears from a program.

#include "notifysocket.h"
#include "servicemanager.h"

#include <QRegularExpression>
#include <QTest>

#include <unistd.h>

using namespace hearth;
using namespace hearth::service;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestServiceManager final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysReady();
    void saysReloadingByTheManagersClock();
    void saysStoppingAndHowLongItMayTake();
    void tellsWhatDrains_data();
    void tellsWhatDrains();
    void saysStatus_data();
    void saysStatus();
    void cutsALongStatus_data();
    void cutsALongStatus();
    void feedsTheWatchdogTwiceAsOftenAsNeeded();
    void watchdogHearsNothingBeforeReady();
    void watchdogHearsNothingWhileStopping();
    void leavesTheWatchdogOfOthersAlone();
    void doesNothingWithoutAManager();

private:
    FakeClock m_clock;
};

namespace {

qint64 microsecondsNow()
{
    timespec now = {};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000 + now.tv_nsec / 1'000;
}

} // namespace

void TestServiceManager::saysReady()
{
    NotifySocket socket;
    ServiceManager(m_clock).sayReady(QStringLiteral("listening"));
    QCOMPARE(socket.takeNext(), QByteArray("READY=1\nSTATUS=listening"));
}

void TestServiceManager::saysReloadingByTheManagersClock()
{
    NotifySocket socket;
    const qint64 before = microsecondsNow();
    ServiceManager(m_clock).sayReloading();
    static const QRegularExpression pattern(QStringLiteral("^RELOADING=1\nMONOTONIC_USEC=(\\d+)$"));
    const QRegularExpressionMatch match = pattern.match(QString::fromUtf8(socket.takeNext()));
    QVERIFY(match.hasMatch());
    const qint64 told = match.captured(1).toLongLong();
    QVERIFY(told >= before && told <= microsecondsNow());
}

void TestServiceManager::saysStoppingAndHowLongItMayTake()
{
    NotifySocket socket;
    ServiceManager(m_clock).sayStopping(1500ms, QStringLiteral("draining"));
    QCOMPARE(socket.takeNext(), QByteArray("STOPPING=1\nEXTEND_TIMEOUT_USEC=1500000\nSTATUS=draining"));
}

void TestServiceManager::tellsWhatDrains_data()
{
    QTest::addColumn<int>("requests");
    QTest::addColumn<int>("wakes");
    QTest::addColumn<QString>("status");
    QTest::newRow("nothing") << 0 << 0 << QString();
    QTest::newRow("one request") << 1 << 0 << QStringLiteral("draining: 1 request still running");
    QTest::newRow("requests") << 2 << 0 << QStringLiteral("draining: 2 requests still running");
    QTest::newRow("a wake") << 0 << 1 << QStringLiteral("draining: 1 wake still running");
    QTest::newRow("both") << 1 << 3 << QStringLiteral("draining: 1 request and 3 wakes still running");
}

void TestServiceManager::tellsWhatDrains()
{
    QFETCH(int, requests);
    QFETCH(int, wakes);
    QFETCH(QString, status);
    QCOMPARE(drainStatus(requests, wakes), status);
}

void TestServiceManager::saysStatus_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("message");
    QTest::newRow("plain") << QStringLiteral("online") << QByteArray("STATUS=online");
    QTest::newRow("several lines are no assignments")
        << QStringLiteral("refused\nREADY=1\n") << QByteArray("STATUS=refused READY=1");
    QTest::newRow("no secrets") << QStringLiteral("postgresql://hearth:s3cret@db/hearth")
                                << QByteArray("STATUS=postgresql://hearth:…@db/hearth");
}

void TestServiceManager::saysStatus()
{
    QFETCH(QString, text);
    QFETCH(QByteArray, message);
    NotifySocket socket;
    ServiceManager(m_clock).sayStatus(text);
    QCOMPARE(socket.takeNext(), message);
}

void TestServiceManager::cutsALongStatus_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("told");
    QTest::newRow("just short enough") << QString(1'000, u'x') << QString(1'000, u'x');
    QTest::newRow("too long for the manager") << QString(10'000, u'x') << QString(1'000, u'x') + u'…';
    QTest::newRow("three bytes each") << QString(10'000, u'€') << QString(1'000, u'€') + u'…';
    const QString face = QStringLiteral("😀");
    QTest::newRow("no half character") << u'x' + face.repeated(1'000) << u'x' + face.repeated(499) + u'…';
}

void TestServiceManager::cutsALongStatus()
{
    QFETCH(QString, text);
    QFETCH(QString, told);
    NotifySocket socket;
    ServiceManager(m_clock).sayReady(text);
    const QByteArray message = socket.takeNext();
    QCOMPARE(QString::fromUtf8(message), QStringLiteral("READY=1\nSTATUS=") + told);
    // systemd ignores longer ones.
    QVERIFY(message.size() < 4'096);
}

void TestServiceManager::feedsTheWatchdogTwiceAsOftenAsNeeded()
{
    NotifySocket socket;
    socket.setWatchdog(2s);
    ServiceManager manager(m_clock);
    QVERIFY(!qEnvironmentVariableIsSet("WATCHDOG_USEC"));
    manager.sayReady(QStringLiteral("listening"));
    m_clock.advance(999ms);
    QCOMPARE(socket.watchdogMessages(), 0);
    // As after a reload.
    manager.sayReady(QStringLiteral("listening"));
    m_clock.advance(1ms);
    QCOMPARE(socket.watchdogMessages(), 1);
    m_clock.advance(10s);
    QCOMPARE(socket.watchdogMessages(), 11);
}

void TestServiceManager::watchdogHearsNothingBeforeReady()
{
    NotifySocket socket;
    socket.setWatchdog(2s);
    const ServiceManager manager(m_clock);
    manager.sayStatus(QStringLiteral("starting"));
    m_clock.advance(1h);
    QCOMPARE(socket.watchdogMessages(), 0);
}

void TestServiceManager::watchdogHearsNothingWhileStopping()
{
    NotifySocket socket;
    socket.setWatchdog(2s);
    ServiceManager manager(m_clock);
    manager.sayReady(QStringLiteral("listening"));
    m_clock.advance(1s);
    QCOMPARE(socket.watchdogMessages(), 1);
    manager.sayStopping(1h, QStringLiteral("stopping"));
    manager.sayStatus(QStringLiteral("draining"));
    m_clock.advance(1h);
    QCOMPARE(socket.watchdogMessages(), 1);
}

void TestServiceManager::leavesTheWatchdogOfOthersAlone()
{
    NotifySocket socket;
    socket.setWatchdog(2s);
    qputenv("WATCHDOG_PID", QByteArray::number(getppid()));
    ServiceManager manager(m_clock);
    qunsetenv("WATCHDOG_PID");
    manager.sayReady(QStringLiteral("listening"));
    m_clock.advance(10s);
    QCOMPARE(socket.watchdogMessages(), 0);
}

void TestServiceManager::doesNothingWithoutAManager()
{
    NotifySocket socket;
    const QByteArray path = qgetenv("NOTIFY_SOCKET");
    qunsetenv("NOTIFY_SOCKET");
    ServiceManager manager(m_clock);
    manager.sayReady(QStringLiteral("listening"));
    manager.sayStopping(1s, QStringLiteral("stopping"));
    m_clock.advance(1h);
    QCOMPARE(socket.takeNext(), QByteArray());
    QCOMPARE(socket.watchdogMessages(), 0);
    // With the same socket it would have been heard.
    qputenv("NOTIFY_SOCKET", path);
    manager.sayStatus(QStringLiteral("online"));
    QCOMPARE(socket.takeNext(), QByteArray("STATUS=online"));
}

QTEST_GUILESS_MAIN(TestServiceManager)
#include "tst_servicemanager.moc"
