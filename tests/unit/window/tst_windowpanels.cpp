#include "englishplurals.h"
#include "historychart.h"
#include "llmdelegate.h"
#include "logfilter.h"
#include "windowscene.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QTreeView>

using namespace hearth;
using namespace hearth::board;
using namespace hearth::window;
using namespace std::chrono_literals;
using status::PublisherSnapshot;

namespace {

void log(WindowScene &scene, const QString &text, LogLevel level = LogLevel::Info)
{
    scene.log.append({{}, level, QStringLiteral("hearth.publisher"), text});
    scene.clock.advance(LogModel::interval);
}

/// Lines with nothing but their number, in one batch.
void fillLog(WindowScene &scene, int first, int count)
{
    for (int number = first; number < first + count; ++number)
        scene.log.append({{}, LogLevel::Info, {}, QString::number(number)});
    scene.clock.advance(LogModel::interval);
}

QStringList lines(const QTreeView &view)
{
    QStringList result;
    for (int row = 0; row < view.model()->rowCount(); ++row)
        result += view.model()->index(row, LogModel::Text).data().toString();
    return result;
}

} // namespace

class TestWindowPanels final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void actsOnTheSelectedModel();
    void offersWhatTheModelCanDo_data();
    void offersWhatTheModelCanDo();
    void sortsModelsOnDemand();
    void cancelsAWakeInItsCell();
    void tellsWhenThereAreNoModels();
    void cancelsSelectedRequests();
    void tellsWhenNothingRuns();
    void chartsTellInWords();
    void chartsPaintOnlyWhatChanged();
    void filtersTheLog();
    void copiesTheLog();
    void followsTheLogUntilScrolledUp();
    void linesStayInPlaceWhenTheLogIsFull();
    void followsAFullLog();
    void searchingDoesNotFollow();
    void followsAgainFromTheEnd();

private:
    EnglishPlurals m_plurals;
};

void TestWindowPanels::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    QCoreApplication::installTranslator(&m_plurals);
}

void TestWindowPanels::actsOnTheSelectedModel()
{
    WindowScene scene;
    scene.show();
    const QSignalSpy edits(&scene.window, &MainWindow::llmPreferencesRequested);
    scene.select("models", 1);
    scene.find<QAction>("wake").trigger();
    scene.find<QAction>("publish").trigger();
    QCOMPARE(scene.control.takeCalls(),
             (QStringList{QStringLiteral("wake llama-70b"), QStringLiteral("setPublished llama-70b 0")}));
    scene.find<QAction>("edit").trigger();
    QCOMPARE(edits.size(), 1);
    QCOMPARE(edits[0][0].toString(), QStringLiteral("llama-70b"));

    scene.become(wakingSnapshot());
    scene.find<QAction>("cancelWake").trigger();
    QCOMPARE(scene.control.takeCalls(), QStringList{QStringLiteral("cancelWake llama-70b")});
}

void TestWindowPanels::offersWhatTheModelCanDo_data()
{
    QTest::addColumn<int>("row");
    QTest::addColumn<QString>("publish");
    QTest::addColumn<QByteArrayList>("offered");
    const QString start = QStringLiteral("P&ublish");
    const QString stop = QStringLiteral("Stop p&ublishing");
    QTest::newRow("none selected") << -1 << start << QByteArrayList{};
    QTest::newRow("active") << 0 << stop << QByteArrayList{"publish", "edit"};
    QTest::newRow("waking") << 1 << stop << QByteArrayList{"publish", "edit", "cancelWake"};
    QTest::newRow("not published") << 2 << start << QByteArrayList{"publish", "edit"};
    QTest::newRow("asleep") << 3 << stop << QByteArrayList{"publish", "edit", "wake"};
    QTest::newRow("asleep and paused") << 4 << stop << QByteArrayList{"publish", "edit", "wake"};
}

void TestWindowPanels::offersWhatTheModelCanDo()
{
    QFETCH(int, row);
    QFETCH(QString, publish);
    QFETCH(QByteArrayList, offered);
    PublisherSnapshot snapshot = wakingSnapshot();
    snapshot.llms.push_back(sleepingLlm(QStringLiteral("asleep")));
    snapshot.llms.push_back(sleepingLlm(QStringLiteral("asleep and paused")));
    snapshot.llms.back().state = channel::ReportedState::Paused;
    WindowScene scene(snapshot);
    scene.show();
    if (row >= 0)
        scene.select("models", row);
    for (const char *action : {"publish", "wake", "cancelWake", "edit"})
        QVERIFY2(scene.find<QAction>(action).isEnabled() == offered.contains(action), action);
    QCOMPARE(scene.find<QAction>("publish").text(), publish);
    QVERIFY(scene.find<QAction>("addModel").isEnabled());
}

void TestWindowPanels::sortsModelsOnDemand()
{
    WindowScene scene;
    scene.show();
    auto &table = scene.find<QTableView>("models");
    const auto first = [&] { return table.model()->index(0, 0).data().toString(); };
    QCOMPARE(first(), QStringLiteral("qwen-coder"));
    table.sortByColumn(LlmModel::Name, Qt::AscendingOrder);
    QCOMPARE(first(), QStringLiteral("llama-70b"));
    // The selection means the model, wherever it stands.
    scene.select("models", 0);
    scene.find<QAction>("wake").trigger();
    QCOMPARE(scene.control.takeCalls(), QStringList{QStringLiteral("wake llama-70b")});
}

void TestWindowPanels::cancelsAWakeInItsCell()
{
    WindowScene scene(wakingSnapshot());
    scene.show();
    auto &table = scene.find<QTableView>("models");
    const QRect cell = table.visualRect(table.model()->index(1, LlmModel::State));
    const QPoint button(cell.right() - table.fontMetrics().height(), cell.center().y());
    QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, button);
    QCOMPARE(scene.control.takeCalls(), QStringList{QStringLiteral("cancelWake llama-70b")});
    QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, cell.center());
    scene.become(idleSnapshot());
    QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, button);
    QCOMPARE(scene.control.takeCalls(), QStringList());
}

void TestWindowPanels::tellsWhenThereAreNoModels()
{
    PublisherSnapshot snapshot = idleSnapshot();
    snapshot.llms.clear();
    WindowScene scene(snapshot);
    scene.show();
    QVERIFY(scene.find<QWidget>("noModels").isVisible());
    QVERIFY(!scene.find<QTableView>("models").isVisible());
    scene.become(idleSnapshot());
    QVERIFY(!scene.find<QWidget>("noModels").isVisible());
}

void TestWindowPanels::cancelsSelectedRequests()
{
    WindowScene scene(busySnapshot());
    scene.show();
    QAction &cancel = scene.find<QAction>("cancelRequest");
    QVERIFY(!cancel.isEnabled());
    scene.find<QTableView>("requests").selectAll();
    cancel.trigger();
    QStringList calls = scene.control.takeCalls();
    calls.sort();
    QCOMPARE(calls, (QStringList{QStringLiteral("cancelRequest 7"), QStringLiteral("cancelRequest 8")}));
}

void TestWindowPanels::tellsWhenNothingRuns()
{
    WindowScene scene;
    scene.show();
    QVERIFY(scene.find<QLabel>("noRequests").isVisible());
    scene.become(busySnapshot());
    QVERIFY(!scene.find<QLabel>("noRequests").isVisible());
}

void TestWindowPanels::chartsTellInWords()
{
    WindowScene scene(busySnapshot());
    scene.show();
    const auto words = [&](const char *chart) { return scene.find<HistoryChart>(chart).accessibleDescription(); };
    QCOMPARE(words("requestHistory"), QStringLiteral("5 this minute, at most 6 a minute"));
    QCOMPARE(words("tokenHistory"), QStringLiteral("2,140 this minute, at most 2,140 a minute"));
    PublisherSnapshot quiet = idleSnapshot();
    quiet.lastHour.assign(60, {});
    scene.become(quiet);
    QCOMPARE(words("requestHistory"), QStringLiteral("none in the last hour"));
    quiet.lastHour.clear();
    scene.become(quiet);
    QCOMPARE(words("tokenHistory"), QStringLiteral("not counted"));
}

void TestWindowPanels::chartsPaintOnlyWhatChanged()
{
    HistoryChart chart;
    chart.resize(240, 60);
    chart.setValues({0, 0, 0});
    const QImage empty = chart.grab().toImage();
    chart.setValues({0, 4, 0});
    const QImage bar = chart.grab().toImage();
    QVERIFY(bar != empty);
    const auto differs = [&](QPoint point) { return bar.pixel(point) != empty.pixel(point); };
    QVERIFY(differs({100, 5}) && differs({100, 50}));
    QVERIFY(!differs({20, 50}) && !differs({200, 50}));
    // The smallest is still to be seen beside the greatest.
    chart.setValues({1, 100'000, 0});
    QVERIFY(chart.grab().toImage().pixel(20, 58) != empty.pixel(20, 58));
}

void TestWindowPanels::filtersTheLog()
{
    WindowScene scene;
    scene.show();
    scene.window.showLog();
    const auto &view = scene.find<QTreeView>("log");
    QVERIFY(scene.find<QLabel>("noLines").isVisible());
    log(scene, QStringLiteral("Wake begins"));
    log(scene, QStringLiteral("Wake fails"), LogLevel::Error);
    log(scene, QStringLiteral("details"), LogLevel::Debug);
    QCOMPARE(lines(view).size(), 3);
    QVERIFY(!scene.find<QLabel>("noLines").isVisible());

    scene.find<QLineEdit>("logSearch").setText(QStringLiteral("wAKE"));
    QCOMPARE(lines(view), (QStringList{QStringLiteral("Wake begins"), QStringLiteral("Wake fails")}));
    auto &level = scene.find<QComboBox>("logLevel");
    level.setCurrentIndex(level.findData(int(LogLevel::Warning)));
    QCOMPARE(lines(view), QStringList{QStringLiteral("Wake fails")});
    scene.find<QLineEdit>("logSearch").setText(QStringLiteral("nonsense"));
    QVERIFY(scene.find<QLabel>("noLines").isVisible());
    scene.find<QLineEdit>("logSearch").setText(QStringLiteral("publisher"));
    QCOMPARE(lines(view), QStringList{QStringLiteral("Wake fails")});
}

void TestWindowPanels::copiesTheLog()
{
    WindowScene scene;
    scene.show();
    scene.window.showLog();
    for (const char *text : {"one", "two", "three"})
        log(scene, QString::fromLatin1(text));
    auto &view = scene.find<QTreeView>("log");
    const auto copied = [&](const char *action) {
        scene.find<QAction>(action).trigger();
        QStringList result;
        for (const QString &line : QGuiApplication::clipboard()->text().split(u'\n', Qt::SkipEmptyParts))
            result += line.section(u' ', 1);
        return result;
    };
    const auto line = [](const char *text) {
        return QStringLiteral("INFO publisher: %1").arg(QString::fromLatin1(text));
    };
    QCOMPARE(copied("copyAll"), (QStringList{line("one"), line("two"), line("three")}));
    QVERIFY(!scene.find<QAction>("copySelected").isEnabled());
    // In the order of the log, not of the clicks.
    for (const int row : {2, 0})
        view.selectionModel()->select(view.model()->index(row, 0),
                                      QItemSelectionModel::Select | QItemSelectionModel::Rows);
    QCOMPARE(copied("copySelected"), (QStringList{line("one"), line("three")}));
}

void TestWindowPanels::followsTheLogUntilScrolledUp()
{
    WindowScene scene;
    scene.show();
    scene.window.showLog();
    fillLog(scene, 0, 200);
    auto &follow = scene.find<QCheckBox>("follow");
    QScrollBar &bar = *scene.find<QTreeView>("log").verticalScrollBar();
    const auto isAtEnd = [&] { return bar.maximum() > 0 && bar.value() == bar.maximum(); };
    QTRY_VERIFY(isAtEnd());

    bar.setValue(10);
    QVERIFY(!follow.isChecked());
    log(scene, QStringLiteral("new"));
    QCoreApplication::processEvents();
    QCOMPARE(bar.value(), 10);

    follow.click();
    QTRY_VERIFY(isAtEnd());
    log(scene, QStringLiteral("newer"));
    QTRY_VERIFY(isAtEnd());
    QVERIFY(follow.isChecked());
}

void TestWindowPanels::linesStayInPlaceWhenTheLogIsFull()
{
    WindowScene scene;
    scene.show();
    scene.window.showLog();
    fillLog(scene, 0, LogModel::maxLines);
    auto &view = scene.find<QTreeView>("log");
    const auto topLine = [&view] {
        QCoreApplication::processEvents();
        return view.indexAt({0, 0}).siblingAtColumn(LogModel::Text).data().toString();
    };
    QTRY_VERIFY(view.verticalScrollBar()->maximum() > 0);
    view.verticalScrollBar()->setValue(1000);
    QCOMPARE(topLine(), QStringLiteral("1000"));
    fillLog(scene, LogModel::maxLines, 300);
    QCOMPARE(topLine(), QStringLiteral("1000"));
    // Those that have gone cannot stay.
    fillLog(scene, LogModel::maxLines + 300, 800);
    QCOMPARE(topLine(), QStringLiteral("1100"));
    QVERIFY(!scene.find<QCheckBox>("follow").isChecked());
}

void TestWindowPanels::followsAFullLog()
{
    WindowScene scene;
    scene.show();
    scene.window.showLog();
    fillLog(scene, 0, LogModel::maxLines);
    const QScrollBar &bar = *scene.find<QTreeView>("log").verticalScrollBar();
    const auto isAtEnd = [&] { return bar.maximum() > 0 && bar.value() == bar.maximum(); };
    QTRY_VERIFY(isAtEnd());
    fillLog(scene, LogModel::maxLines, 300);
    QTRY_VERIFY(isAtEnd());
    QVERIFY(scene.find<QCheckBox>("follow").isChecked());
}

void TestWindowPanels::searchingDoesNotFollow()
{
    WindowScene scene;
    scene.show();
    scene.window.showLog();
    fillLog(scene, 0, 1000);
    auto &follow = scene.find<QCheckBox>("follow");
    QScrollBar &bar = *scene.find<QTreeView>("log").verticalScrollBar();
    QTRY_VERIFY(bar.maximum() > 500);
    bar.setValue(500);
    QVERIFY(!follow.isChecked());
    for (const char *search : {"9", "99", "nothing", ""}) {
        scene.find<QLineEdit>("logSearch").setText(QString::fromLatin1(search));
        QCoreApplication::processEvents();
        QVERIFY2(!follow.isChecked(), search);
    }
}

void TestWindowPanels::followsAgainFromTheEnd()
{
    WindowScene scene;
    scene.show();
    scene.window.showLog();
    fillLog(scene, 0, 200);
    auto &follow = scene.find<QCheckBox>("follow");
    auto &view = scene.find<QTreeView>("log");
    QTRY_VERIFY(view.verticalScrollBar()->maximum() > 0);
    view.setFocus();
    QTest::keyClick(&view, Qt::Key_End);
    QVERIFY(follow.isChecked());
    QTest::keyClick(&view, Qt::Key_Home);
    QVERIFY(!follow.isChecked());
    QTest::keyClick(&view, Qt::Key_End);
    QVERIFY(follow.isChecked());
}

QTEST_MAIN(TestWindowPanels)

#include "tst_windowpanels.moc"
