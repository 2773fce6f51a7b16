#include "board.h"
#include "boxsnapshots.h"

#include <QSignalSpy>
#include <QTest>

using namespace hearth;
using namespace hearth::board;
using namespace std::chrono_literals;
using status::PublisherSnapshot;

namespace {

/// A board whose publisher is whatever the test says, with a count of how often it has been asked.
struct Scene
{
    PublisherSnapshot now = idleSnapshot();
    int questions = 0;
    FakeClock clock;
    Board board{[this] {
                    ++questions;
                    return now;
                },
                clock};
};

} // namespace

class TestBoard final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void looksSoonAfterItWasMade();
    void aFloodIsShownAtABoundedRate_data();
    void aFloodIsShownAtABoundedRate();
    void whatHappensAfterAQuietTimeIsShownAtOnce();
    void whatHappensLastIsShown();
    void agesGoOnByThemselves_data();
    void agesGoOnByThemselves();
    void tellsOnlyChanges();
    void modelsRestWhileNobodyWatches();
    void whoeverOpensSeesThePresent();
    void watchersAreCounted();
    void remembersWakesWhileNobodyWatches();
};

void TestBoard::looksSoonAfterItWasMade()
{
    Scene scene;
    QCOMPARE(scene.questions, 0);
    scene.clock.advance(0ms);
    QCOMPARE(scene.questions, 1);
    QCOMPARE(scene.board.snapshot(), scene.now);
    QCOMPARE(scene.board.indicatorState(), IndicatorState::Idle);
}

void TestBoard::aFloodIsShownAtABoundedRate_data()
{
    QTest::addColumn<bool>("watched");
    QTest::addColumn<int>("perTenSeconds");
    QTest::newRow("watched") << true << 40;
    QTest::newRow("not watched") << false << 10;
}

void TestBoard::aFloodIsShownAtABoundedRate()
{
    QFETCH(bool, watched);
    QFETCH(int, perTenSeconds);
    Scene scene;
    scene.board.setWatched(watched);
    scene.clock.advance(0ms);
    scene.questions = 0;
    for (int event = 0; event < 2000; ++event) {
        scene.board.touch();
        scene.clock.advance(5ms);
    }
    QCOMPARE(scene.questions, perTenSeconds);
}

void TestBoard::whatHappensAfterAQuietTimeIsShownAtOnce()
{
    Scene scene;
    scene.board.setWatched(true);
    scene.clock.advance(600ms);
    scene.now = busySnapshot();
    scene.board.touch();
    scene.clock.advance(0ms);
    QCOMPARE(scene.board.indicatorState(), IndicatorState::Busy);
}

void TestBoard::whatHappensLastIsShown()
{
    Scene scene;
    scene.board.setWatched(true);
    scene.clock.advance(600ms);
    scene.board.touch();
    scene.clock.advance(0ms);
    scene.now = busySnapshot();
    scene.board.touch();
    scene.clock.advance(249ms);
    QCOMPARE(scene.board.indicatorState(), IndicatorState::Idle);
    scene.clock.advance(1ms);
    QCOMPARE(scene.board.indicatorState(), IndicatorState::Busy);
}

void TestBoard::agesGoOnByThemselves_data()
{
    QTest::addColumn<bool>("watched");
    QTest::addColumn<int>("perMinute");
    QTest::newRow("watched") << true << 60;
    QTest::newRow("not watched") << false << 12;
}

void TestBoard::agesGoOnByThemselves()
{
    QFETCH(bool, watched);
    QFETCH(int, perMinute);
    Scene scene;
    if (watched)
        scene.board.setWatched(true);
    scene.clock.advance(0ms);
    scene.questions = 0;
    scene.clock.advance(1min);
    QCOMPARE(scene.questions, perMinute);
}

void TestBoard::tellsOnlyChanges()
{
    Scene scene;
    const QSignalSpy changes(&scene.board, &Board::changed);
    scene.board.refresh();
    QCOMPARE(changes.size(), 1);
    scene.board.refresh();
    QCOMPARE(changes.size(), 1);
    scene.now.connection->heartbeatAge += 1s;
    scene.board.refresh();
    QCOMPARE(changes.size(), 2);
}

void TestBoard::modelsRestWhileNobodyWatches()
{
    Scene scene;
    scene.board.setWatched(true);
    scene.board.setWatched(false);
    const QSignalSpy llms(&scene.board.llms(), &QAbstractItemModel::dataChanged);
    const QSignalSpy requests(&scene.board.requests(), &QAbstractItemModel::rowsInserted);
    scene.now = busySnapshot();
    scene.board.refresh();
    QCOMPARE(scene.board.indicatorState(), IndicatorState::Busy);
    QVERIFY(llms.isEmpty() && requests.isEmpty());
}

void TestBoard::whoeverOpensSeesThePresent()
{
    Scene scene;
    scene.board.refresh();
    QCOMPARE(scene.board.llms().rowCount(), 0);
    // Although nothing has changed since.
    scene.board.setWatched(true);
    QCOMPARE(scene.board.llms().rowCount(), 3);
    scene.board.setWatched(false);
    scene.now = busySnapshot();
    scene.board.setWatched(true);
    QCOMPARE(scene.board.requests().rowCount(), 2);
}

void TestBoard::watchersAreCounted()
{
    Scene scene;
    scene.board.setWatched(true);
    scene.board.setWatched(true);
    scene.board.setWatched(false);
    scene.now = busySnapshot();
    scene.board.refresh();
    QCOMPARE(scene.board.requests().rowCount(), 2);
}

void TestBoard::remembersWakesWhileNobodyWatches()
{
    Scene scene;
    const QString name = scene.now.llms[1].name;
    scene.now = wakingSnapshot();
    scene.board.refresh();
    scene.now.llms[1] = activeLlm(name);
    scene.board.refresh();
    scene.now = wakingSnapshot();
    scene.board.setWatched(true);
    const QString detail = scene.board.llms().index(1, LlmModel::State).data(LlmModel::DetailRole).toString();
    QVERIFY2(detail.contains(QStringLiteral("usually 12 s")), qPrintable(detail));
}

QTEST_GUILESS_MAIN(TestBoard)

#include "tst_board.moc"
