// WakeHistory: what is kept, and when it is enough for an estimate.

#include "wakehistory.h"

#include <QTest>

using namespace hearth;
using namespace hearth::relay;
using namespace std::chrono_literals;

class TestWakeHistory final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void median_data();
    void median();
    void keepsTheLastTen();
};

void TestWakeHistory::median_data()
{
    QTest::addColumn<QList<int>>("seconds");
    QTest::addColumn<int>("milliseconds");
    QTest::newRow("none") << QList<int>{} << -1;
    QTest::newRow("two are too few") << QList<int>{5, 5} << -1;
    QTest::newRow("three") << QList<int>{30, 10, 20} << 20'000;
    QTest::newRow("four") << QList<int>{40, 10, 20, 31} << 25'500;
    QTest::newRow("one outlier") << QList<int>{10, 11, 500} << 11'000;
}

void TestWakeHistory::median()
{
    QFETCH(QList<int>, seconds);
    QFETCH(int, milliseconds);
    WakeHistory history;
    for (const int duration : seconds)
        history.add(std::chrono::seconds(duration));
    QCOMPARE(history.estimate().has_value(), milliseconds >= 0);
    if (milliseconds >= 0)
        QCOMPARE(history.estimate()->count(), milliseconds);
}

void TestWakeHistory::keepsTheLastTen()
{
    WakeHistory history;
    for (int i = 1; i <= 12; ++i)
        history.add(std::chrono::seconds(i));
    QCOMPARE(history.recent().size(), WakeHistory::length);
    QVERIFY(history.recent().constFirst() == 3s);
    QVERIFY(history.recent().constLast() == 12s);
}

QTEST_GUILESS_MAIN(TestWakeHistory)
#include "tst_wakehistory.moc"
