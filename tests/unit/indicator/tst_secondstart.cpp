// A start of hearth-tray while one runs already: it shows the window of that one, unless the desktop has started it.

#include "hostfixture.h"
#include "secondstart.h"

#include <QLocalServer>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QtTest>

using namespace hearth;

class TestSecondStart final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void findsNobody()
    {
        HostFixture m;
        tray::SecondStart second(m.path(), m.systemClock);
        QVERIFY(!second.begin());
    }

    void findsTheOther_data()
    {
        QTest::addColumn<bool>("isHidden");
        QTest::newRow("by hand") << false;
        QTest::newRow("hidden") << true;
    }

    void findsTheOther()
    {
        QFETCH(const bool, isHidden);
        HostFixture m;
        m.start(m.plainConfiguration());
        tray::SecondStart second(m.path(), m.systemClock, {.raises = !isHidden});
        QSignalSpy finished(&second, &tray::SecondStart::finished);
        QVERIFY(second.begin());
        QVERIFY(finished.wait());
        QCOMPARE(finished[0][0].toBool(), true);
        // What it has said arrives before the answer to one that asks later.
        tray::SecondStart third(m.path(), m.systemClock, {.raises = false});
        QSignalSpy answered(&third, &tray::SecondStart::finished);
        QVERIFY(third.begin());
        QVERIFY(answered.wait());
        QCOMPARE(m.raises, isHidden ? 0 : 1);
    }

    void theOtherEndsMeanwhile()
    {
        HostFixture m;
        status::InstanceLock lock(m.path());
        QVERIFY(lock.take());
        QLocalServer server;
        QVERIFY(server.listen(lock.socketPath()));
        connect(&server, &QLocalServer::newConnection, this, [&] {
            lock.release();
            server.nextPendingConnection()->abort();
        });
        tray::SecondStart second(m.path(), m.systemClock);
        QSignalSpy finished(&second, &tray::SecondStart::finished);
        QVERIFY(second.begin());
        QVERIFY(finished.wait());
        QCOMPARE(finished[0][0].toBool(), false);
    }
};

QTEST_GUILESS_MAIN(TestSecondStart)
#include "tst_secondstart.moc"
