#include "englishplurals.h"
#include "messagebar.h"
#include "windowscene.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using namespace hearth;
using namespace hearth::board;
using namespace hearth::window;
using namespace std::chrono_literals;
using status::Attention;
using status::PublisherSnapshot;

namespace {

Attention attention(const QString &text)
{
    return {Attention::Kind::WakeFailed, QStringLiteral("qwen"), text};
}

} // namespace

class TestMainWindow final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void tellsHowTheConnectionIs();
    void tellsOfATroubleAndItsNextAttempt();
    void tellsWhyNothingNewIsTaken();
    void commandsReachThePublisher_data();
    void commandsReachThePublisher();
    void offersOnlyWhatMakesSense_data();
    void offersOnlyWhatMakesSense();
    void copiesTheBaseUrl();
    void showsWhoPublishesElsewhere();
    void pagesOfOtherSituations_data();
    void pagesOfOtherSituations();
    void takesOver();
    void showsTheMostUrgentAttentionFirst();
    void hintStaysUntilReplaced();
    void closingHidesOrAsks();
    void requestsOfTheMenu_data();
    void requestsOfTheMenu();
    void showsTheLog();
    void remembersItsLooks_data();
    void remembersItsLooks();

private:
    EnglishPlurals m_plurals;
};

void TestMainWindow::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    QCoreApplication::installTranslator(&m_plurals);
}

void TestMainWindow::tellsHowTheConnectionIs()
{
    WindowScene scene;
    scene.show();
    QCOMPARE(scene.window.windowTitle(), QStringLiteral("gpu-box – Hearth"));
    QCOMPARE(scene.text("connectionState"), QStringLiteral("Online"));
    QCOMPARE(scene.text("server"), QStringLiteral("https://hearth.example.org (version 0.1.0)"));
    QCOMPARE(scene.text("since"), QStringLiteral("2 h 5 min"));
    QCOMPARE(scene.text("roundTrip"), QStringLiteral("23 ms"));
    QCOMPARE(scene.text("heartbeat"), QStringLiteral("4 s ago"));
    QCOMPARE(scene.text("epoch"), QStringLiteral("7"));
    QVERIFY(!scene.find<QLabel>("problem").isVisible());
    QVERIFY(!scene.find<QLabel>("retry").isVisible());
}

void TestMainWindow::tellsOfATroubleAndItsNextAttempt()
{
    WindowScene scene(offlineSnapshot());
    scene.show();
    QCOMPARE(scene.text("connectionState"), QStringLiteral("Offline"));
    QCOMPARE(scene.text("problem"), QStringLiteral("The server cannot be reached: Connection refused."));
    QCOMPARE(scene.text("retry"), QStringLiteral("Next attempt in 7 s"));
    QCOMPARE(scene.text("epoch"), QStringLiteral("–"));
    QVERIFY(scene.find<QLabel>("problem").isVisible());
    QVERIFY(scene.find<QLabel>("problem").textInteractionFlags().testFlag(Qt::TextSelectableByKeyboard));
    PublisherSnapshot later = offlineSnapshot();
    later.retryIn = 6s;
    scene.become(later);
    QCOMPARE(scene.text("retry"), QStringLiteral("Next attempt in 6 s"));
    scene.become(idleSnapshot());
    QVERIFY(!scene.find<QLabel>("problem").isVisible());
}

void TestMainWindow::tellsWhyNothingNewIsTaken()
{
    WindowScene scene;
    scene.show();
    PublisherSnapshot resting = busySnapshot();
    resting.intake = publisher::Intake::Draining;
    resting.pauseReason = QStringLiteral("on battery");
    scene.become(resting);
    QCOMPARE(scene.text("connectionState"), QStringLiteral("Online, draining"));
    QCOMPARE(scene.text("box"), QStringLiteral("Nothing new is taken: on battery"));
}

void TestMainWindow::commandsReachThePublisher_data()
{
    QTest::addColumn<QByteArray>("command");
    for (const char *command : {"pause", "drain", "resume", "connectNow"})
        QTest::newRow(command) << QByteArray(command);
}

void TestMainWindow::commandsReachThePublisher()
{
    QFETCH(QByteArray, command);
    PublisherSnapshot snapshot = offlineSnapshot();
    if (command == "resume")
        snapshot.intake = publisher::Intake::Paused;
    WindowScene scene(snapshot);
    scene.show();
    scene.find<QAction>(command.constData()).trigger();
    QCOMPARE(scene.control.takeCalls(), QStringList{QString::fromLatin1(command)});
}

void TestMainWindow::offersOnlyWhatMakesSense_data()
{
    QTest::addColumn<publisher::Intake>("intake");
    QTest::addColumn<QByteArrayList>("offered");
    QTest::newRow("open") << publisher::Intake::Open << QByteArrayList{"pause", "drain"};
    QTest::newRow("draining") << publisher::Intake::Draining << QByteArrayList{"pause", "resume"};
    QTest::newRow("paused") << publisher::Intake::Paused << QByteArrayList{"resume"};
}

void TestMainWindow::offersOnlyWhatMakesSense()
{
    QFETCH(publisher::Intake, intake);
    QFETCH(QByteArrayList, offered);
    PublisherSnapshot snapshot = idleSnapshot();
    snapshot.intake = intake;
    WindowScene scene(snapshot);
    scene.show();
    for (const char *command : {"pause", "drain", "resume", "connectNow"})
        QCOMPARE(scene.find<QAction>(command).isEnabled(), offered.contains(command));
}

void TestMainWindow::copiesTheBaseUrl()
{
    WindowScene scene;
    scene.show();
    scene.find<QAction>("copyBaseUrl").trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("https://hearth.example.org/v1"));
    scene.become(unconfiguredSnapshot());
    QVERIFY(!scene.find<QAction>("copyBaseUrl").isEnabled());
}

void TestMainWindow::showsWhoPublishesElsewhere()
{
    WindowScene scene(elsewhereSnapshot());
    scene.show();
    const auto &bar = scene.find<MessageBar>("elsewhere");
    QVERIFY(bar.isVisible());
    QVERIFY(bar.text().contains(QStringLiteral("hearth-publisher")) && bar.text().contains(QStringLiteral("4711")));
    scene.select("models", 1);
    scene.select("requests", 0);
    for (const char *action : {"pause", "drain", "resume", "connectNow", "publish", "wake", "cancelWake", "edit",
                               "addModel", "cancelRequest"})
        QVERIFY2(!scene.find<QAction>(action).isEnabled(), action);
    QVERIFY(scene.find<QAction>("copyBaseUrl").isEnabled());
    scene.become(idleSnapshot());
    QVERIFY(!bar.isVisible());
}

void TestMainWindow::pagesOfOtherSituations_data()
{
    QTest::addColumn<PublisherSnapshot>("snapshot");
    QTest::addColumn<QString>("said");
    QTest::addColumn<QString>("problems");
    QTest::addColumn<QByteArray>("asksFor");
    QTest::newRow("unconfigured") << unconfiguredSnapshot() << QStringLiteral("Nothing is shared") << QString()
                                  << QByteArray(SIGNAL(setupRequested()));
    QTest::newRow("broken") << brokenSnapshot() << QStringLiteral("/home/mia/.config/hearth/publisher.yaml")
                            << QStringLiteral(
                                   "/home/mia/.config/hearth/publisher.yaml:12: llms[1].wake.url: must be an "
                                   "absolute URL\n/home/mia/.config/hearth/publisher.yaml:3: keyFile: there "
                                   "is no such file")
                            << QByteArray(SIGNAL(preferencesRequested()));
}

void TestMainWindow::pagesOfOtherSituations()
{
    QFETCH(PublisherSnapshot, snapshot);
    QFETCH(QString, said);
    QFETCH(QString, problems);
    QFETCH(QByteArray, asksFor);
    WindowScene scene(snapshot);
    scene.show();
    QVERIFY(scene.find<QLabel>("situation").isVisible());
    QVERIFY(!scene.find<QTableView>("models").isVisible());
    QVERIFY(scene.text("situation").contains(said));
    QCOMPARE(scene.text("situationProblems"), problems);
    // The page says it already.
    QVERIFY(!scene.find<MessageBar>("attention").isVisible());
    const QSignalSpy asked(&scene.window, asksFor.constData());
    scene.find<QPushButton>("situationButton").click();
    QCOMPARE(asked.size(), 1);
    scene.become(idleSnapshot());
    QVERIFY(scene.find<QTableView>("models").isVisible());
}

void TestMainWindow::takesOver()
{
    WindowScene scene(nowhereSnapshot());
    scene.show();
    scene.find<QPushButton>("situationButton").click();
    QCOMPARE(scene.control.takeCalls(), QStringList{QStringLiteral("takeOver")});
}

void TestMainWindow::showsTheMostUrgentAttentionFirst()
{
    PublisherSnapshot snapshot = idleSnapshot();
    snapshot.attentions = {attention(QStringLiteral("First.")), attention(QStringLiteral("Second.")),
                           attention(QStringLiteral("Third."))};
    WindowScene scene(snapshot);
    scene.show();
    const auto &bar = scene.find<MessageBar>("attention");
    auto &others = scene.find<QToolButton>("otherAttentions");
    QCOMPARE(bar.text(), QStringLiteral("qwen could not be woken: First."));
    QVERIFY(bar.isVisible() && others.isVisible());
    QCOMPARE(others.text(), QStringLiteral("And 2 more"));
    others.click();
    QCOMPARE(bar.text(), QStringLiteral("qwen could not be woken: First.\nqwen could not be woken: Second.\n"
                                        "qwen could not be woken: Third."));

    snapshot.attentions.resize(1);
    scene.become(snapshot);
    QCOMPARE(bar.text(), QStringLiteral("qwen could not be woken: First."));
    QVERIFY(!others.isVisible());
    scene.become(idleSnapshot());
    QVERIFY(!bar.isVisible());
}

void TestMainWindow::hintStaysUntilReplaced()
{
    WindowScene scene;
    scene.window.setHint(QStringLiteral("There is no tray."));
    scene.show();
    const auto &hint = scene.find<MessageBar>("hint");
    scene.become(busySnapshot());
    QVERIFY(hint.isVisible());
    QCOMPARE(hint.text(), QStringLiteral("There is no tray."));
    scene.window.setHint({});
    QVERIFY(!hint.isVisible());
}

void TestMainWindow::closingHidesOrAsks()
{
    WindowScene scene;
    const QSignalSpy quits(&scene.window, &MainWindow::quitRequested);
    scene.show();
    scene.window.close();
    QCOMPARE(quits.size(), 1);
    QVERIFY(scene.window.isVisible());
    scene.window.setClosesToTray(true);
    scene.window.close();
    QCOMPARE(quits.size(), 1);
    QVERIFY(!scene.window.isVisible());
}

void TestMainWindow::requestsOfTheMenu_data()
{
    QTest::addColumn<QByteArray>("asksFor");
    QTest::newRow("settings") << QByteArray(SIGNAL(preferencesRequested()));
    QTest::newRow("setup") << QByteArray(SIGNAL(setupRequested()));
    QTest::newRow("about") << QByteArray(SIGNAL(aboutRequested()));
    QTest::newRow("quit") << QByteArray(SIGNAL(quitRequested()));
    QTest::newRow("addModel") << QByteArray(SIGNAL(modelsPreferencesRequested()));
}

void TestMainWindow::requestsOfTheMenu()
{
    QFETCH(QByteArray, asksFor);
    WindowScene scene;
    scene.show();
    const QSignalSpy asked(&scene.window, asksFor.constData());
    scene.find<QAction>(QTest::currentDataTag()).trigger();
    QCOMPARE(asked.size(), 1);
}

void TestMainWindow::showsTheLog()
{
    WindowScene scene;
    scene.log.append({{}, LogLevel::Info, QStringLiteral("hearth.tray"), QStringLiteral("text")});
    scene.clock.advance(LogModel::interval);
    scene.show();
    QWidget &lines = scene.find<QWidget>("log");
    QVERIFY(!lines.isVisible());
    scene.window.showLog();
    QVERIFY(lines.isVisible());
    QCOMPARE(scene.window.focusWidget(), &lines);
}

void TestMainWindow::remembersItsLooks_data()
{
    QTest::addColumn<bool>("hidden");
    QTest::newRow("when it is hidden") << true;
    QTest::newRow("when the program ends") << false;
}

void TestMainWindow::remembersItsLooks()
{
    QFETCH(bool, hidden);
    WindowScene scene;
    const auto make = [&] { return std::make_unique<MainWindow>(scene.board, scene.log, scene.control); };
    const auto header = [](const MainWindow &window) {
        return window.findChild<QTableView *>(QStringLiteral("models"))->horizontalHeader();
    };
    std::unique_ptr<MainWindow> window = make();
    window->show();
    window->resize(window->size() + QSize(37, 19));
    const QSize size = window->size();
    header(*window)->resizeSection(0, 211);
    if (hidden)
        window->hide();
    else
        window.reset();

    const std::unique_ptr<MainWindow> next = make();
    QCOMPARE(next->size(), size);
    QCOMPARE(header(*next)->sectionSize(0), 211);
}

QTEST_MAIN(TestMainWindow)

#include "tst_mainwindow.moc"
