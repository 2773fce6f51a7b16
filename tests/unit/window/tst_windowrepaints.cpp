#include "eventcount.h"
#include "historychart.h"
#include "windowscene.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace hearth;
using namespace hearth::board;
using namespace hearth::window;
using namespace std::chrono_literals;

// What the window costs while a publisher is busy. A repaint of whatever part is one UpdateRequest of the window.
class TestWindowRepaints final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void repaintsAtMostFourTimesASecond();
    void repaintsOnlyWhatChanged();
    void costsNothingWhileItIsHidden();
    void nothingBlinks();

private:
    /// 200 events a second for ten seconds, each of which changes what there is to see and is logged.
    void flood(WindowScene &scene);

    status::PublisherSnapshot m_shown = busySnapshot();
};

void TestWindowRepaints::flood(WindowScene &scene)
{
    for (int event = 0; event < 2000; ++event) {
        m_shown.requests.front().tokens += 1;
        m_shown.llms.front().tokensPerSecond += 0.5;
        scene.change(m_shown);
        scene.log.append({{}, LogLevel::Info, {}, QString::number(event)});
        scene.clock.advance(5ms);
        QCoreApplication::processEvents();
    }
}

void TestWindowRepaints::repaintsAtMostFourTimesASecond()
{
    WindowScene scene(m_shown);
    scene.show();
    EventCount repaints(scene.window, QEvent::UpdateRequest);
    flood(scene);
    const int count = repaints.take();
    QVERIFY2(count <= 40, qPrintable(QString::number(count)));
    QVERIFY2(count >= 30, qPrintable(QString::number(count)));
}

void TestWindowRepaints::repaintsOnlyWhatChanged()
{
    WindowScene scene(m_shown);
    scene.show();
    EventCount table(*scene.find<QTableView>("models").viewport(), QEvent::Paint);
    EventCount chart(scene.find<HistoryChart>("requestHistory"), QEvent::Paint);
    flood(scene);
    QVERIFY(table.take() > 0);
    QCOMPARE(chart.take(), 0);
}

void TestWindowRepaints::costsNothingWhileItIsHidden()
{
    WindowScene scene(m_shown);
    scene.show();
    scene.window.hide();
    QCoreApplication::processEvents();
    EventCount repaints(scene.window, QEvent::UpdateRequest);
    const QSignalSpy llms(&scene.board.llms(), &QAbstractItemModel::dataChanged);
    const QSignalSpy requests(&scene.board.requests(), &QAbstractItemModel::dataChanged);
    const QSignalSpy lines(&scene.log, &QAbstractItemModel::rowsInserted);
    flood(scene);
    QCOMPARE(repaints.take(), 0);
    QVERIFY(llms.isEmpty() && requests.isEmpty() && lines.isEmpty());
    // It has not fallen behind when it comes back.
    scene.window.show();
    QCOMPARE(scene.find<QTableView>("requests").model()->rowCount(), 2);
    QVERIFY(!requests.isEmpty());
    QCOMPARE(scene.log.rowCount(), 2000);
}

void TestWindowRepaints::nothingBlinks()
{
    WindowScene scene(m_shown);
    QApplication::setCursorFlashTime(100);
    scene.show();
    EventCount repaints(scene.window, QEvent::UpdateRequest);
    // Ten times as long as a cursor needs to blink.
    QVERIFY(!QTest::qWaitFor([&repaints] { return repaints.take() > 0; }, 500));
}

QTEST_MAIN(TestWindowRepaints)

#include "tst_windowrepaints.moc"
