// TrayApp: what is shown when, with a tray, without one and with one that comes and goes; and what the owner is told.

#include "aboutdialog.h"
#include "memorykeystore.h"
#include "scripteddesktop.h"
#include "trayapp.h"

#include <QDialogButtonBox>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace hearth;
using namespace hearth::tray;

class TestTrayApp final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        for (const char *variable : {"HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"})
            QVERIFY(qputenv(variable, QFile::encodeName(m_home->path())));
        m_hasTray = true;
        m_settings = {};
    }

    void cleanup()
    {
        m_app.reset();
        m_notifier.shown.clear();
        m_notifier.withdrawn.clear();
    }

    void unconfiguredOpensTheWizard()
    {
        makeApp();
        m_app->start();
        QVERIFY(m_app->window().isVisible());
        QVERIFY(m_app->wizard() && m_app->wizard()->isVisible());
        const QPointer<setup::SetupWizard> first = m_app->wizard();
        m_app->showSetup();
        QCOMPARE(m_app->wizard(), first.data());
        m_app->wizard()->close();
        QTRY_VERIFY(!m_app->wizard());
    }

    void hiddenStartShowsNothing()
    {
        m_settings.startsHidden = true;
        makeApp();
        m_app->start();
        m_clock.advance(std::chrono::minutes(5));
        QVERIFY(m_app->indicator());
        QVERIFY(!m_app->window().isVisible());
        QVERIFY(!m_app->wizard());
    }

    void hiddenStartWithoutATrayShowsTheWindowInTheEnd()
    {
        m_hasTray = false;
        m_settings.startsHidden = true;
        makeApp();
        m_app->start();
        QVERIFY(!m_app->indicator());
        m_clock.advance(m_settings.trayGrace - std::chrono::milliseconds(1));
        QVERIFY(!m_app->window().isVisible());
        m_clock.advance(std::chrono::milliseconds(1));
        QVERIFY(m_app->window().isVisible());
    }

    void windowThatIsOpenIsNotRaised()
    {
        m_hasTray = false;
        makeApp();
        m_app->start();
        QVERIFY(m_app->window().isVisible());
        m_app->window().setWindowState(Qt::WindowMinimized);
        m_clock.advance(2 * m_settings.trayGrace);
        QVERIFY(m_app->window().isMinimized());
    }

    void trayThatNobodyTellsOf()
    {
        m_settings.startsHidden = true;
        makeApp([](QObject &, const std::function<void(bool)> &) {});
        m_app->start();
        m_clock.advance(m_settings.trayGrace);
        QVERIFY(m_app->window().isVisible());
    }

    void trayThatComesLateKeepsTheWindowHidden()
    {
        m_hasTray = false;
        m_settings.startsHidden = true;
        makeApp();
        m_app->start();
        m_clock.advance(std::chrono::seconds(2));
        m_hasTray = true;
        m_clock.advance(std::chrono::minutes(5));
        QVERIFY(m_app->indicator());
        QVERIFY(!m_app->window().isVisible());
    }

    void trayThatGoesBringsTheWindow()
    {
        m_settings.startsHidden = true;
        makeApp();
        m_app->start();
        m_hasTray = false;
        m_clock.advance(std::chrono::minutes(1));
        QVERIFY(!m_app->indicator());
        QVERIFY(m_app->window().isVisible());
    }

    void closingTheWindowQuitsOnlyWithoutATray_data()
    {
        QTest::addColumn<bool>("hasTray");
        QTest::newRow("tray") << true;
        QTest::newRow("no tray") << false;
    }

    void closingTheWindowQuitsOnlyWithoutATray()
    {
        QFETCH(const bool, hasTray);
        m_hasTray = hasTray;
        write("llms: []\n");
        makeApp();
        QSignalSpy finished(m_app.get(), &TrayApp::finished);
        m_app->start();
        m_app->window().close();
        if (!hasTray)
            QTRY_COMPARE(finished.count(), 1);
        QTest::qWait(0);
        QCOMPARE(finished.count(), hasTray ? 0 : 1);
    }

    void openSettingsHearOfABrokenFile()
    {
        write("llms: []\n");
        makeApp();
        m_app->start();
        m_app->showPreferences();
        write("llms: [\n");
        const auto *keep = m_app->preferences()->findChild<QPushButton *>(QStringLiteral("keepMine"));
        const auto *save = m_app->preferences()->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Save);
        QTRY_VERIFY((m_clock.advance(std::chrono::milliseconds(50)), keep->parentWidget()->isVisible()));
        QVERIFY(!keep->isVisible());
        QVERIFY(!save->isEnabled());
        // Nothing had been typed: what is right again is taken over.
        write("llms: []\nname: theirs\n");
        QTRY_VERIFY((m_clock.advance(std::chrono::milliseconds(50)), !keep->parentWidget()->isVisible()));
    }

    void endOfTheSessionStopsCleanly()
    {
        makeApp();
        QSignalSpy finished(m_app.get(), &TrayApp::finished);
        m_app->start();
        QEvent quit(QEvent::Quit);
        QCoreApplication::sendEvent(qApp, &quit);
        QTRY_COMPARE(finished.count(), 1);
    }

    void brokenConfigurationIsTold()
    {
        write("server: [\n");
        makeApp();
        m_app->start();
        m_app->board().refresh();
        QCOMPARE(m_notifier.shown.size(), 1);
        m_app->showPreferences();
        QVERIFY(!m_app->preferences());
        m_app->showPreferences();
        const auto boxes = m_app->window().findChildren<QMessageBox *>();
        QCOMPARE(boxes.size(), 1);
        QVERIFY(boxes[0]->informativeText().contains(configFile()));
    }

    void notificationBringsTheWindow()
    {
        m_settings.startsHidden = true;
        makeApp();
        m_app->start();
        Q_EMIT m_notifier.activated(QStringLiteral("any"));
        QVERIFY(m_app->window().isVisible());
    }

    void menuOpensEverything()
    {
        m_settings.startsHidden = true;
        write("server: http://127.0.0.1:9\nkeyFile: " + m_home->filePath(QStringLiteral("key")).toUtf8() + "\n");
        makeApp();
        m_app->start();
        trigger("preferences");
        QVERIFY(m_app->preferences() && m_app->preferences()->isVisible());
        trigger("setup");
        QVERIFY(m_app->wizard() && m_app->wizard()->isVisible());
        QVERIFY(!m_app->window().isVisible());
        trigger("window");
        QVERIFY(m_app->window().isVisible());
        QSignalSpy finished(m_app.get(), &TrayApp::finished);
        trigger("quit");
        QTRY_COMPARE(finished.count(), 1);
    }

    void showsOneAboutBox()
    {
        makeApp();
        m_app->start();
        Q_EMIT m_app->window().aboutRequested();
        Q_EMIT m_app->window().aboutRequested();
        QCOMPARE(m_app->window().findChildren<preferences::AboutDialog *>().size(), 1);
    }

    void addingAModelOpensItsPage()
    {
        write("server: http://127.0.0.1:9\nkeyFile: " + m_home->filePath(QStringLiteral("key")).toUtf8() + "\n");
        makeApp();
        m_app->start();
        Q_EMIT m_app->window().modelsPreferencesRequested();
        QVERIFY(m_app->preferences() && m_app->preferences()->isVisible());
        const auto *pages = m_app->preferences()->findChild<QListWidget *>(QStringLiteral("pages"));
        QCOMPARE(pages->currentRow(), int(preferences::PreferencesDialog::Page::Models));
    }

private:
    QString configFile() const { return m_home->filePath(QStringLiteral("publisher.yaml")); }

    void write(const QByteArray &text) const
    {
        QFile file(configFile());
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), text.size());
    }

    void makeApp()
    {
        makeApp([this](QObject &, const std::function<void(bool)> &answer) { answer(m_hasTray); });
    }

    void makeApp(const indicator::AskForTray &ask)
    {
        m_autostart = std::make_unique<platform::Autostart>(QStringLiteral("/usr/bin/hearth-tray"), configFile());
        m_app = std::make_unique<TrayApp>(TrayAppParts{.configFile = configFile(),
                                                       .environment = {},
                                                       .clock = m_clock,
                                                       .keys = m_keys,
                                                       .notifier = m_notifier,
                                                       .probes = m_presence,
                                                       .autostart = *m_autostart,
                                                       .backendPorts = {},
                                                       .askForTray = ask},
                                          m_settings);
    }

    void trigger(const char *name) const
    {
        auto *action = m_app->indicator()->menu().findChild<QAction *>(QLatin1String(name));
        QVERIFY2(action, name);
        action->trigger();
    }

    FakeClock m_clock;
    testsupport::MemoryKeyStore m_keys;
    testsupport::NotifierSpy m_notifier;
    testsupport::PresenceScript m_presence;
    std::unique_ptr<QTemporaryDir> m_home;
    std::unique_ptr<platform::Autostart> m_autostart;
    bool m_hasTray = true;
    TrayAppSettings m_settings;
    std::unique_ptr<TrayApp> m_app;
};

QTEST_MAIN(TestTrayApp)
#include "tst_trayapp.moc"
