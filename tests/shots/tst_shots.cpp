// Pictures of the whole face, for people to look at: in each language, light and dark, and for dense screens.
//
// They go to the folder that HEARTH_SHOTS names (tests/shots.sh sets it), or nowhere. The test fails for one on which
// nothing is to be seen or a text is cut off; whether it is pretty only a person can tell.

#include "departure.h"
#include "field.h"
#include "gpubox.h"
#include "hostfixture.h"
#include "iconsheet.h"
#include "look.h"
#include "memorykeystore.h"
#include "modeltree.h"
#include "noteline.h"
#include "picture.h"
#include "preferencesdialog.h"
#include "stack.h"
#include "traymenu.h"
#include "windowscene.h"
#include "wizarddriver.h"

#include <QDir>
#include <QLineEdit>
#include <QTabWidget>

using namespace hearth;
using namespace hearth::shots;
using preferences::PreferencesDialog;
using setup::SetupWizard;
using testsupport::Stack;

class TestShots final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void window_data() { addLooks(); }

    void window();

    void log_data() { addLooks(); }

    void log();

    void wizard_data() { addLooks(); }

    void wizard();

    void settings_data() { addLooks(); }

    void settings();

    void problemInSettings_data() { addLooks(); }

    void problemInSettings();

    void icons_data() { addLooks(); }

    void icons();

    void menu_data() { addLooks(); }

    void menu();

    void departure_data() { addLooks(); }

    void departure();

private:
    static void addLooks();
    setup::SetupParts wizardParts();
    preferences::PreferencesParts settingsParts();
    /// Shows the widget and takes its picture.
    void take(QWidget &widget, const QString &name);
    void keep(const QImage &picture, const QString &name);

    QString m_folder = qEnvironmentVariable("HEARTH_SHOTS");
    QTemporaryDir m_home;
    SystemClock m_clock;
    testsupport::MemoryKeyStore m_keys;
    std::unique_ptr<platform::Autostart> m_autostart;
    /// With a server that has the first of the box's models.
    std::unique_ptr<Stack> m_stack;
    std::unique_ptr<testsupport::Program> m_publisher;
};

void TestShots::addLooks()
{
    QTest::addColumn<int>("look");
    for (size_t i = 0; i < allLooks().size(); ++i)
        QTest::newRow(qPrintable(allLooks()[i].name)) << int(i);
}

void TestShots::initTestCase()
{
    // Nothing of the desktop of whoever runs it.
    QApplication::setStyle(QStringLiteral("Fusion"));
    qputenv("XDG_CONFIG_HOME", m_home.path().toLocal8Bit());
    m_autostart = std::make_unique<platform::Autostart>(QStringLiteral("/usr/bin/hearth-tray"), QString());
    m_stack = std::make_unique<Stack>();
    const QStringList scopes{QStringLiteral("--scope"), QStringLiteral("publish"), QStringLiteral("--scope"),
                             QStringLiteral("infer")};
    QVERIFY(m_stack->makeKeys() && !m_stack->createKey("both", scopes).isEmpty());
    QVERIFY2(m_stack->startBackend() && m_stack->startServer(), m_stack->logTails().constData());
    const QByteArray llm = backends().front().models.front().toUtf8();
    m_publisher = m_stack->launchPublisher(QStringLiteral("box"), m_stack->key("both"), m_stack->llmEntry(llm));
    QTRY_COMPARE_WITH_TIMEOUT(m_stack->llm(llm)[QLatin1String("status")].toString(), QStringLiteral("active"), 20'000);
}

void TestShots::init()
{
    QFETCH(const int, look);
    putOn(allLooks()[size_t(look)]);
}

void TestShots::take(QWidget &widget, const QString &name)
{
    widget.show();
    QVERIFY(QTest::qWaitForWindowExposed(&widget));
    window::waitUntilPainted(widget);
    QFETCH(const int, look);
    keep(pictureOf(widget, allLooks()[size_t(look)].ratio), name);
    const QStringList cut = cutTexts(widget);
    QVERIFY2(cut.isEmpty(), qPrintable(name + QStringLiteral(": ") + cut.join(QStringLiteral(" | "))));
}

void TestShots::keep(const QImage &picture, const QString &name)
{
    QFETCH(const int, look);
    if (!m_folder.isEmpty()) {
        const QDir folder(m_folder + u'/' + allLooks()[size_t(look)].name);
        QVERIFY(folder.mkpath(QStringLiteral(".")));
        QVERIFY(picture.save(folder.filePath(name + QStringLiteral(".png"))));
    }
    QVERIFY2(!isBlank(picture), qPrintable(name));
}

void TestShots::window()
{
    const std::pair<const char *, status::PublisherSnapshot> scenes[] = {
        {"idle", onThisBox(board::idleSnapshot())},
        {"busy", onThisBox(board::busySnapshot())},
        {"waking", onThisBox(board::wakingSnapshot())},
        {"offline", onThisBox(board::offlineSnapshot())},
        {"paused", pausedSnapshot()},
        {"attention", attentionSnapshot()},
        {"elsewhere", onThisBox(board::elsewhereSnapshot())},
        {"nowhere", board::nowhereSnapshot()},
        {"empty", emptySnapshot()},
        {"unconfigured", board::unconfiguredSnapshot()},
        {"broken", board::brokenSnapshot()},
    };
    for (const auto &[name, snapshot] : scenes) {
        window::WindowScene scene(snapshot);
        take(scene.window, QStringLiteral("window-") + QLatin1String(name));
    }
}

void TestShots::log()
{
    window::WindowScene scene(onThisBox(board::busySnapshot()));
    for (const LogRecord &line : logLines())
        scene.log.append(line);
    scene.clock.advance(board::LogModel::interval);
    scene.window.showLog();
    take(scene.window, QStringLiteral("window-log"));
}

setup::SetupParts TestShots::wizardParts()
{
    status::PublisherSnapshot published = onThisBox(board::idleSnapshot());
    return {.clock = m_clock,
            .keys = m_keys,
            .autostart = *m_autostart,
            .configFile = configFile,
            .environment = {},
            .draft = {},
            .save = [](const draft::ConfigDraft &) { return Result<void>(); },
            .keyStored = [] {},
            .snapshot = [published] { return published; },
            .ports = {},
            .times = {.checkDelay = std::chrono::milliseconds(1)}};
}

void TestShots::wizard()
{
    m_keys.keys.clear();
    SetupWizard wizard(wizardParts());
    testsupport::WizardDriver driver;
    driver.drive(wizard);
    take(wizard, QStringLiteral("wizard-1-welcome"));
    QVERIFY(driver.next());
    take(wizard, QStringLiteral("wizard-2-server-empty"));
    driver.typeServer(m_stack->serverUrl(), "hk_wrong");
    QTRY_VERIFY(driver.input<fields::NoteLine>("result").kind() == fields::NoteLine::Kind::Problem);
    take(wizard, QStringLiteral("wizard-2-server-wrong"));
    driver.typeServer(m_stack->serverUrl(), m_stack->key("both"));
    QTRY_VERIFY(driver.input<fields::NoteLine>("result").kind() == fields::NoteLine::Kind::Success);
    take(wizard, QStringLiteral("wizard-2-server"));
    QVERIFY(driver.next());

    QTRY_VERIFY(driver.input<fields::NoteLine>("result").kind() == fields::NoteLine::Kind::Warning);
    take(wizard, QStringLiteral("wizard-3-models-none"));
    // They could not be found on their usual ports here.
    for (const discovery::FoundBackend &backend : backends())
        driver.input<setup::ModelTree>("models").addBackend(backend);
    driver.input<fields::NoteLine>("result").clear();
    driver.tick(backends().front().models.front());
    take(wizard, QStringLiteral("wizard-3-models"));
    QVERIFY(driver.next());
    take(wizard, QStringLiteral("wizard-4-wake"));
    QTest::keyClick(driver.input<fields::Field>("llms[0].wake.type").input(), Qt::Key_Down);
    auto *const command = driver.input<fields::Field>("llms[0].wake.command").input();
    QTest::keyClicks(command, QStringLiteral("/usr/local/bin/start-ollama"));
    QTRY_VERIFY(driver.missing().isEmpty());
    take(wizard, QStringLiteral("wizard-4-wake-program"));
    QVERIFY(driver.next());
    take(wizard, QStringLiteral("wizard-5-autostart"));
    QVERIFY(driver.next());
    take(wizard, QStringLiteral("wizard-6-summary"));
    QVERIFY(driver.next());
    QTRY_VERIFY(driver.input<fields::NoteLine>("result").kind() == fields::NoteLine::Kind::Success);
    take(wizard, QStringLiteral("wizard-7-livetest"));
}

preferences::PreferencesParts TestShots::settingsParts()
{
    m_keys.keys.insert(platform::keyEntry(configFile), "hk_example");
    return {.clock = m_clock,
            .keys = m_keys,
            .autostart = *m_autostart,
            .configFile = configFile,
            .environment = {},
            .draft = configuration(),
            .save = [](const draft::ConfigDraft &) { return Result<void>(); },
            .requestsAtRisk = [](const draft::ConfigDraft &) { return 0; },
            .keyStored = [] {},
            .ports = {},
            .runningPrograms = [] { return QStringList{QStringLiteral("steam")}; }};
}

void TestShots::settings()
{
    using Page = PreferencesDialog::Page;
    PreferencesDialog dialog(settingsParts());
    const std::pair<Page, const char *> pages[] = {
        {Page::General, "1-general"},
        {Page::Agents, "3-agents"},
        {Page::Limits, "4-limits"},
        {Page::Pause, "5-pause"},
        {Page::Notifications, "6-notifications"},
        {Page::Desktop, "7-desktop"},
    };
    for (const auto &[page, name] : pages) {
        dialog.showPage(page);
        take(dialog, QStringLiteral("settings-") + QLatin1String(name));
    }
    dialog.showLlm(QStringLiteral("qwen2.5-coder:32b"));
    take(dialog, QStringLiteral("settings-2-models"));
    dialog.showLlm(QStringLiteral("llama-70b"));
    auto *const tabs = dialog.findChild<QTabWidget *>();
    QVERIFY(tabs);
    const char *const names[] = {"model", "details", "wake", "sleep"};
    QCOMPARE(tabs->count(), int(std::size(names)));
    for (int tab = 1; tab < tabs->count(); ++tab) {
        tabs->setCurrentIndex(tab);
        take(dialog, QStringLiteral("settings-2-models-") + QLatin1String(names[tab]));
    }
}

void TestShots::problemInSettings()
{
    PreferencesDialog dialog(settingsParts());
    dialog.showLlm(QStringLiteral("qwen2.5-coder:32b"));
    auto *const limit = dialog.findChild<fields::Field *>(QStringLiteral("llms[0].maxConcurrency"));
    QVERIFY(limit);
    qobject_cast<QLineEdit *>(limit->input())->setText(QStringLiteral("many"));
    QTRY_VERIFY(!limit->problem().isEmpty());
    take(dialog, QStringLiteral("settings-2-models-problem"));
}

void TestShots::icons()
{
    QFETCH(const int, look);
    keep(paintIconSheet(allLooks()[size_t(look)].ratio), QStringLiteral("icons"));
}

void TestShots::menu()
{
    window::WindowScene scene(onThisBox(board::busySnapshot()));
    indicator::TrayMenu menu(scene.board, scene.control);
    menu.popup({});
    take(menu, QStringLiteral("menu"));
    auto *const llm = menu.findChild<indicator::LlmMenu *>();
    QVERIFY(llm);
    llm->popup({});
    take(*llm, QStringLiteral("menu-model"));
}

void TestShots::departure()
{
    HostFixture fixture;
    QVERIFY(fixture.goOnline(fixture.plainConfiguration()));
    QVERIFY(fixture.infer(TaskId{7}));
    tray::Departure departure(*fixture.host);
    departure.ask(nullptr);
    QVERIFY(departure.box());
    take(*departure.box(), QStringLiteral("departure"));
}

QTEST_MAIN(TestShots)
#include "tst_shots.moc"
