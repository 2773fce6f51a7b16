// TrayApp: the program hearth-tray without its main().
//
// main() makes one of the parts of this desktop, and tests make one of parts of their own. It owns publisher, window,
// tray icon and dialogs and connects them; what each of them does is their own business. Main thread.

#pragma once

#include "autostart.h"
#include "board.h"
#include "departure.h"
#include "logfeed.h"
#include "machineevents.h"
#include "mainwindow.h"
#include "notificationpolicy.h"
#include "notifier.h"
#include "preferencesdialog.h"
#include "presence.h"
#include "publisherhost.h"
#include "setupwizard.h"
#include "trayindicator.h"
#include "traywatch.h"

#include <QPointer>

namespace hearth::tray {

/// What a TrayApp is made of; all references must outlive it.
struct TrayAppParts
{
    /// An absolute path; the file need not exist.
    QString configFile;
    QProcessEnvironment environment;
    Clock &clock;
    platform::KeyStore &keys;
    platform::Notifier &notifier;
    platform::PresenceProbes &probes;
    platform::Autostart &autostart;
    /// Where the wizard looks for backends.
    std::vector<quint16> backendPorts;
    indicator::AskForTray askForTray = &indicator::askDesktopForTray;
};

struct TrayAppSettings
{
    /// Started with the desktop: no window unless there is no tray either.
    bool startsHidden = false;
    /// How long a tray may be missing, at login say, until a hidden window is shown instead.
    Duration trayGrace = std::chrono::seconds(15);
    host::HostSettings host = {};
    board::BoardSettings board = {};
    platform::PresenceSettings presence = {};
    indicator::TrayWatchSettings trayWatch = {};
};

class TrayApp final : public QObject
{
    Q_OBJECT

public:
    explicit TrayApp(TrayAppParts parts, TrayAppSettings settings = {}, QObject *parent = nullptr);
    ~TrayApp() override;

    void start();
    /// Ends the program; asks first when requests are running.
    void quit();
    /// Ends the program without a question: the session is ending.
    void quitNow();

    void showWindow();
    void showSetup();
    void showPreferences();

    host::PublisherHost &host() { return m_host; }

    board::Board &board() { return m_board; }

    window::MainWindow &window() { return m_window; }

    Departure &departure() { return m_departure; }

    /// Null while the desktop has no tray.
    indicator::TrayIndicator *indicator() { return m_indicator.get(); }

    /// Null while it is not open.
    setup::SetupWizard *wizard() { return m_wizard; }

    /// Null while it is not open.
    preferences::PreferencesDialog *preferences() { return m_preferences; }

    bool eventFilter(QObject *watched, QEvent *event) override;

Q_SIGNALS:
    /// Everything has ended; nothing is left but to leave the event loop.
    void finished();

private:
    void connectHost();
    void connectWindow();
    void trayChanged(bool isThere);
    void makeIndicator();
    void settingsChanged();
    /// What the file says now, where the settings are open.
    void tellPreferences();
    void tellAttentions();
    void showModelsPreferences();
    void showLlmPreferences(const QString &llm);
    void showLogs();
    void showAbout();
    preferences::PreferencesParts preferencesParts(const draft::ConfigDraft &draft);
    setup::SetupParts setupParts(const draft::ConfigDraft &draft);
    /// The configuration as it is; tells the owner where it cannot be read.
    std::optional<draft::ConfigDraft> readDraft();
    int requestsAtRisk(const draft::ConfigDraft &draft) const;
    /// A window that is hidden cannot be the parent of one that is shown.
    QWidget *dialogParent();
    void open(QDialog &dialog);

    const TrayAppParts m_parts;
    const TrayAppSettings m_settings;
    board::LogModel m_log;
    LogFeed m_logFeed;
    host::PublisherHost m_host;
    board::Board m_board;
    platform::Presence m_presence;
    platform::MachineEvents m_machine;
    indicator::NotificationPolicy m_notifications;
    window::MainWindow m_window;
    Departure m_departure;
    indicator::TrayWatch m_trayWatch;
    Timer m_graceTimer;
    std::unique_ptr<indicator::TrayIndicator> m_indicator;
    QPointer<setup::SetupWizard> m_wizard;
    QPointer<preferences::PreferencesDialog> m_preferences;
    QPointer<QDialog> m_about;
    /// What says that the configuration cannot be read.
    QPointer<QMessageBox> m_unreadable;
};

} // namespace hearth::tray
