// The animation of the tray icon: nothing moves but what has to, and not fast.

#include "indicatoricon.h"

#include <QSignalSpy>
#include <QtTest>

using namespace hearth;
using namespace hearth::indicator;
using board::IndicatorState;

class TestIndicatorIcon final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void hasAllSizes()
    {
        FakeClock clock;
        const IndicatorIcon icon(clock);
        QCOMPARE(icon.icon().availableSizes().size(), int(std::size(iconSizes)));
    }

    void sameStateIsNoChange()
    {
        FakeClock clock;
        IndicatorIcon icon(clock);
        icon.setState(IndicatorState::Idle);
        QSignalSpy changed(&icon, &IndicatorIcon::changed);
        icon.setState(IndicatorState::Idle);
        QCOMPARE(changed.count(), 0);
        icon.setState(IndicatorState::Busy);
        QCOMPARE(changed.count(), 1);
    }

    void movesAtItsPace_data()
    {
        QTest::addColumn<IndicatorState>("state");
        QTest::addColumn<int>("least");
        QTest::addColumn<int>("most");
        for (const IndicatorState state : board::allIndicatorStates) {
            const bool isConnecting = state == IndicatorState::Connecting;
            const bool isWaking = state == IndicatorState::Waking;
            const int least = isConnecting || isWaking ? 10 : 0;
            QTest::addRow("%d", int(state)) << state << least << (isConnecting ? 20 : isWaking ? 40 : 0);
        }
    }

    void movesAtItsPace()
    {
        QFETCH(const IndicatorState, state);
        QFETCH(const int, least);
        QFETCH(const int, most);
        FakeClock clock;
        IndicatorIcon icon(clock);
        icon.setState(state);
        QSignalSpy changed(&icon, &IndicatorIcon::changed);
        clock.advance(std::chrono::seconds(10));
        QVERIFY2(changed.count() >= least && changed.count() <= most, qPrintable(QString::number(changed.count())));
    }

    void standsStillAgainAfterwards()
    {
        FakeClock clock;
        IndicatorIcon icon(clock);
        icon.setState(IndicatorState::Waking);
        clock.advance(std::chrono::seconds(1));
        icon.setState(IndicatorState::Idle);
        QSignalSpy changed(&icon, &IndicatorIcon::changed);
        clock.advance(std::chrono::seconds(10));
        QCOMPARE(changed.count(), 0);
    }

    void paintsEachPictureOnce()
    {
        FakeClock clock;
        IndicatorIcon icon(clock);
        icon.setState(IndicatorState::Busy);
        const qint64 first = icon.icon().cacheKey();
        icon.setState(IndicatorState::Idle);
        QVERIFY(icon.icon().cacheKey() != first);
        icon.setState(IndicatorState::Busy);
        QCOMPARE(icon.icon().cacheKey(), first);
    }
};

QTEST_MAIN(TestIndicatorIcon)
#include "tst_indicatoricon.moc"
