// The tray's menu: everything can be reached, says how things are, and is changed in place.

#include "recordingcontrol.h"
#include "traymenu.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QtTest>

using namespace hearth;
using namespace hearth::indicator;
using publisher::ConnectionState;
using publisher::Intake;
using status::PublisherSnapshot;
using status::Situation;

namespace {

status::LlmSnapshot llmNamed(const QString &name)
{
    return {.name = name, .isPublished = true, .state = channel::ReportedState::Active, .maxConcurrency = 4};
}

PublisherSnapshot online(int models)
{
    PublisherSnapshot snapshot{.situation = Situation::Here,
                               .server = QUrl(QStringLiteral("https://hearth.example.org/")),
                               .state = ConnectionState::Online,
                               .connection = status::ConnectionSnapshot{}};
    for (int i = 0; i < models; ++i)
        snapshot.llms.push_back(llmNamed(QStringLiteral("model-%1").arg(i)));
    return snapshot;
}

/// A menu over a snapshot that a test changes.
struct Shown
{
    explicit Shown(PublisherSnapshot first)
        : snapshot(std::move(first))
        , board([this] { return snapshot; }, clock)
        , menu((board.refresh(), board), control)
    {}

    QAction &action(const char *name)
    {
        auto *found = menu.findChild<QAction *>(QLatin1String(name));
        Q_ASSERT(found);
        return *found;
    }

    QAction &llmAction(const QString &llm, const char *name)
    {
        auto *found = menu.findChild<LlmMenu *>(llm)->findChild<QAction *>(QLatin1String(name));
        Q_ASSERT(found);
        return *found;
    }

    void show(PublisherSnapshot next)
    {
        snapshot = std::move(next);
        board.refresh();
    }

    FakeClock clock;
    PublisherSnapshot snapshot;
    board::Board board;
    window::RecordingControl control;
    TrayMenu menu;
};

} // namespace

class TestTrayMenu final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void actsOnThePublisher()
    {
        Shown shown(online(1));
        const QString llm = QStringLiteral("model-0");
        shown.action("pause").trigger();
        shown.action("drain").trigger();
        shown.llmAction(llm, "publish").trigger();
        shown.snapshot.intake = Intake::Paused;
        shown.snapshot.llms[0].state = channel::ReportedState::Paused;
        shown.snapshot.llms[0].canBeWoken = true;
        shown.board.refresh();
        shown.action("resume").trigger();
        shown.llmAction(llm, "wake").trigger();
        QCOMPARE(shown.control.takeCalls(), QStringList({QStringLiteral("pause"), QStringLiteral("drain"),
                                                         QStringLiteral("setPublished model-0 0"),
                                                         QStringLiteral("resume"), QStringLiteral("wake model-0")}));
    }

    void asksForWindows()
    {
        Shown shown(online(1));
        QSignalSpy spies[] = {{&shown.menu, &TrayMenu::windowRequested}, {&shown.menu, &TrayMenu::preferencesRequested},
                              {&shown.menu, &TrayMenu::setupRequested},  {&shown.menu, &TrayMenu::logsRequested},
                              {&shown.menu, &TrayMenu::aboutRequested},  {&shown.menu, &TrayMenu::quitRequested}};
        for (const char *name : {"window", "preferences", "setup", "logs", "about", "quit"})
            shown.action(name).trigger();
        for (const QSignalSpy &spy : spies)
            QCOMPARE(spy.count(), 1);
    }

    void copiesTheBaseUrl()
    {
        Shown shown(online(1));
        shown.action("copyBaseUrl").trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("https://hearth.example.org/v1"));
    }

    void onlyWatchesAnotherProgram()
    {
        PublisherSnapshot snapshot = online(1);
        snapshot.situation = Situation::Elsewhere;
        snapshot.program = QStringLiteral("hearth-publisher");
        snapshot.processId = 4711;
        snapshot.llms[0].state = channel::ReportedState::Hibernating;
        snapshot.llms[0].canBeWoken = true;
        Shown shown(snapshot);
        for (const char *name : {"pause", "drain", "resume"})
            QVERIFY2(!shown.action(name).isEnabled(), name);
        for (const char *name : {"publish", "wake"})
            QVERIFY2(!shown.llmAction(QStringLiteral("model-0"), name).isEnabled(), name);
        const QAction &situation = shown.action("situation");
        QVERIFY(situation.isVisible());
        QVERIFY(situation.text().contains(QStringLiteral("hearth-publisher")));
        QVERIFY(situation.text().contains(QStringLiteral("4711")));
        shown.show(online(1));
        QVERIFY(!situation.isVisible());
        QVERIFY(shown.action("pause").isEnabled());
    }

    void takesOverWhenTheOtherHasEnded()
    {
        PublisherSnapshot snapshot = online(0);
        Shown shown(snapshot);
        QVERIFY(!shown.action("takeOver").isVisible());
        snapshot.situation = Situation::Nowhere;
        shown.show(snapshot);
        QVERIFY(shown.action("takeOver").isVisible());
        shown.action("takeOver").trigger();
        QCOMPARE(shown.control.takeCalls(), QStringList{QStringLiteral("takeOver")});
    }

    void connectsNowWhileItWaits()
    {
        PublisherSnapshot snapshot = online(0);
        Shown shown(snapshot);
        QVERIFY(!shown.action("connectNow").isVisible());
        snapshot.state = ConnectionState::Offline;
        snapshot.retryIn = std::chrono::seconds(7);
        shown.show(snapshot);
        QVERIFY(shown.action("connectNow").isVisible());
    }

    void wakeCanBeCancelled()
    {
        Shown shown(online(1));
        const QString llm = QStringLiteral("model-0");
        QVERIFY(!shown.llmAction(llm, "cancelWake").isVisible());
        shown.snapshot.llms[0].state = channel::ReportedState::Hibernating;
        shown.snapshot.llms[0].wake = publisher::WakeStatus{};
        shown.board.refresh();
        QVERIFY(!shown.llmAction(llm, "wake").isEnabled());
        shown.llmAction(llm, "cancelWake").trigger();
        QCOMPARE(shown.control.takeCalls(), QStringList{QStringLiteral("cancelWake model-0")});
    }

    void menusOfModelsStayWhileTheyAreThere()
    {
        Shown shown(online(2));
        const auto *before = shown.menu.findChild<LlmMenu *>(QStringLiteral("model-0"));
        shown.snapshot.llms[0].running = 3;
        shown.snapshot.llms[1].isPublished = false;
        shown.board.refresh();
        QCOMPARE(shown.menu.findChild<LlmMenu *>(QStringLiteral("model-0")), before);
        QVERIFY(!shown.llmAction(QStringLiteral("model-1"), "publish").isChecked());
        shown.show(online(3));
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QCOMPARE(shown.menu.findChildren<LlmMenu *>().size(), 3);
    }

    void manyModelsHaveAMenuOfTheirOwn()
    {
        Shown shown(online(12));
        const auto *models = shown.menu.findChild<QMenu *>(QStringLiteral("models"));
        QVERIFY(!models->menuAction()->isVisible());
        QVERIFY(shown.menu.actions().contains(modelEntry(shown)));
        shown.show(online(13));
        QVERIFY(models->menuAction()->isVisible());
        QCOMPARE(models->actions().size(), 13);
        QVERIFY(!shown.menu.actions().contains(modelEntry(shown)));
        shown.show(online(2));
        QVERIFY(!models->menuAction()->isVisible());
        QCOMPARE(models->actions().size(), 0);
    }

    void figuresAreOnlyChangedWhileItIsOpen()
    {
        Shown shown(online(1));
        QSignalSpy changed(&shown.action("summary"), &QAction::changed);
        shown.snapshot.connection->heartbeatAge = std::chrono::seconds(7);
        shown.board.refresh();
        QCOMPARE(changed.count(), 0);
        Q_EMIT shown.menu.aboutToShow();
        QVERIFY(shown.action("summary").text().contains(QStringLiteral("7 s")));
        shown.snapshot.connection->heartbeatAge = std::chrono::seconds(8);
        shown.board.refresh();
        QVERIFY(shown.action("summary").text().contains(QStringLiteral("8 s")));
        Q_EMIT shown.menu.aboutToHide();
        shown.snapshot.connection->heartbeatAge = std::chrono::seconds(9);
        shown.board.refresh();
        QVERIFY(shown.action("summary").text().contains(QStringLiteral("8 s")));
        // What somebody would miss is told in a closed menu, too: not every desktop says when it opens one.
        shown.snapshot.state = ConnectionState::Offline;
        shown.board.refresh();
        QVERIFY(shown.action("pause").isEnabled());
        QVERIFY(!shown.action("summary").text().contains(QStringLiteral("8 s")));
    }

    void onlyWhoSleepsCanBeWoken()
    {
        // As in the window: what is down without a recipe, or awake and paused, cannot be woken.
        PublisherSnapshot snapshot = online(1);
        Shown shown(snapshot);
        for (const auto state : {channel::ReportedState::Active, channel::ReportedState::Paused,
                                 channel::ReportedState::Draining, channel::ReportedState::Inactive}) {
            snapshot.llms[0].state = state;
            shown.show(snapshot);
            QVERIFY(!shown.llmAction(QStringLiteral("model-0"), "wake").isEnabled());
        }
        snapshot.llms[0].canBeWoken = true;
        shown.show(snapshot);
        QVERIFY(shown.llmAction(QStringLiteral("model-0"), "wake").isEnabled());
    }

    void modelsAreOfflineWithTheirPublisher()
    {
        PublisherSnapshot snapshot = online(1);
        // Which hides that the connection has gone.
        snapshot.attentions = {{status::Attention::Kind::WakeFailed, {}, QStringLiteral("It failed.")}};
        Shown shown(snapshot);
        const auto firstLine = [&] {
            return shown.menu.findChild<LlmMenu *>(QStringLiteral("model-0"))->actions().constFirst()->text();
        };
        QCOMPARE(firstLine(), QStringLiteral("active"));
        snapshot.state = ConnectionState::Offline;
        shown.show(snapshot);
        QCOMPARE(firstLine(), QStringLiteral("offline"));
    }

    void namesHaveNoMnemonics()
    {
        PublisherSnapshot snapshot = online(0);
        snapshot.llms.push_back(llmNamed(QStringLiteral("a&b")));
        Shown shown(snapshot);
        QCOMPARE(shown.menu.findChild<LlmMenu *>(QStringLiteral("a&b"))->title(), QStringLiteral("a&&b"));
    }

private:
    static QAction *modelEntry(Shown &shown)
    {
        return shown.menu.findChild<LlmMenu *>(QStringLiteral("model-0"))->menuAction();
    }
};

QTEST_MAIN(TestTrayMenu)
#include "tst_traymenu.moc"
