#include "trayapp.h"

#include "aboutdialog.h"
#include "trayhint.h"

#include <QApplication>
#include <QEvent>
#include <QMessageBox>

namespace hearth::tray {

TrayApp::TrayApp(TrayAppParts parts, TrayAppSettings settings, QObject *parent)
    : QObject(parent)
    , m_parts(std::move(parts))
    , m_settings(settings)
    , m_log(m_parts.clock)
    , m_logFeed(m_log)
    , m_host(m_parts.configFile, m_parts.keys, m_parts.clock, m_parts.environment, settings.host)
    , m_board([this] { return m_host.snapshot(); }, m_parts.clock, settings.board)
    , m_presence(m_parts.probes, m_parts.clock, settings.presence)
    , m_notifications(m_parts.clock)
    , m_window(m_board, m_log, m_host)
    , m_departure(m_host)
    , m_trayWatch(m_parts.clock, m_parts.askForTray, settings.trayWatch)
    , m_graceTimer(m_parts.clock, [this] {
        if (!m_window.isVisible())
            showWindow();
    })
{
    // The window is one view among others; without it the program goes on.
    QGuiApplication::setQuitOnLastWindowClosed(false);
    qApp->installEventFilter(this);
    connectHost();
    connectWindow();
    connect(&m_trayWatch, &indicator::TrayWatch::changed, this, &TrayApp::trayChanged);
    connect(&m_departure, &Departure::finished, this, &TrayApp::finished);
    connect(&m_parts.notifier, &platform::Notifier::activated, this, &TrayApp::showWindow);
    connect(&m_parts.notifier, &platform::Notifier::unavailable, this,
            [this](const platform::Notification &notification) {
                if (m_indicator)
                    m_indicator->showMessage(notification.title, notification.text);
            });
}

TrayApp::~TrayApp()
{
    // They may stand without a parent, and what they use goes with this object.
    delete m_wizard;
    delete m_preferences;
    delete m_about;
    delete m_unreadable;
}

void TrayApp::connectHost()
{
    connect(&m_host, &host::PublisherHost::changed, &m_board, &board::Board::touch);
    connect(&m_host, &host::PublisherHost::settingsChanged, this, &TrayApp::settingsChanged);
    connect(&m_host, &host::PublisherHost::fileEdited, this, &TrayApp::tellPreferences);
    connect(&m_host, &host::PublisherHost::raiseRequested, this, &TrayApp::showWindow);
    connect(&m_board, &board::Board::changed, this, &TrayApp::tellAttentions);
    connect(&m_presence, &platform::Presence::reasonsChanged, this,
            [this] { m_host.setPauseReasons(m_presence.reasons()); });
    connect(&m_machine, &platform::MachineEvents::cameBack, this, [this] { m_host.connectNow(); });
}

void TrayApp::connectWindow()
{
    connect(&m_window, &window::MainWindow::preferencesRequested, this, &TrayApp::showPreferences);
    connect(&m_window, &window::MainWindow::modelsPreferencesRequested, this, &TrayApp::showModelsPreferences);
    connect(&m_window, &window::MainWindow::llmPreferencesRequested, this, &TrayApp::showLlmPreferences);
    connect(&m_window, &window::MainWindow::setupRequested, this, &TrayApp::showSetup);
    connect(&m_window, &window::MainWindow::aboutRequested, this, &TrayApp::showAbout);
    connect(&m_window, &window::MainWindow::quitRequested, this, &TrayApp::quit);
}

void TrayApp::start()
{
    m_host.start();
    settingsChanged();
    m_board.refresh();
    // For the case that nobody answers; an answer may come at once.
    m_graceTimer.start(m_settings.trayGrace);
    m_trayWatch.start();
    if (m_settings.startsHidden)
        return;
    showWindow();
    if (m_host.situation() == status::Situation::Unconfigured)
        showSetup();
}

void TrayApp::quit()
{
    m_departure.ask(dialogParent());
}

void TrayApp::quitNow()
{
    m_departure.now();
}

bool TrayApp::eventFilter(QObject *watched, QEvent *event)
{
    // The session ends, or somebody called QCoreApplication::quit(): Qt would close all windows, of which this one only
    // hides, and leave without the server having been told.
    if (watched == qApp && event->type() == QEvent::Quit) {
        quitNow();
        return true;
    }
    return QObject::eventFilter(watched, event);
}

void TrayApp::trayChanged(bool isThere)
{
    if (isThere) {
        m_graceTimer.stop();
        makeIndicator();
        m_window.setHint({});
    } else {
        m_indicator.reset();
        m_window.setHint(
            indicator::TrayHint::forDesktop(m_parts.environment.value(QStringLiteral("XDG_CURRENT_DESKTOP"))));
        // A program without window and icon could not be reached any more.
        m_graceTimer.start(m_settings.trayGrace);
    }
    m_window.setClosesToTray(isThere && m_host.desktop().closeToTray);
}

void TrayApp::makeIndicator()
{
    using indicator::TrayIndicator;
    m_indicator = std::make_unique<TrayIndicator>(m_board, m_host, m_parts.clock);
    connect(m_indicator.get(), &TrayIndicator::windowRequested, this, &TrayApp::showWindow);
    connect(m_indicator.get(), &TrayIndicator::preferencesRequested, this, &TrayApp::showPreferences);
    connect(m_indicator.get(), &TrayIndicator::setupRequested, this, &TrayApp::showSetup);
    connect(m_indicator.get(), &TrayIndicator::logsRequested, this, &TrayApp::showLogs);
    connect(m_indicator.get(), &TrayIndicator::aboutRequested, this, &TrayApp::showAbout);
    connect(m_indicator.get(), &TrayIndicator::quitRequested, this, &TrayApp::quit);
    connect(m_indicator.get(), &TrayIndicator::messageClicked, this, &TrayApp::showWindow);
}

void TrayApp::settingsChanged()
{
    m_presence.setRules(m_host.desktop().pause);
    m_window.setClosesToTray(m_trayWatch.isThere() && m_host.desktop().closeToTray);
    tellPreferences();
}

void TrayApp::tellPreferences()
{
    if (!m_preferences)
        return;
    if (const Result<draft::ConfigDraft> draft = m_host.draft())
        m_preferences->fileChanged(*draft);
    else
        m_preferences->fileBroken(draft.error().message);
}

void TrayApp::tellAttentions()
{
    const indicator::NotificationOrders orders =
        m_notifications.update(m_board.snapshot().attentions, m_host.desktop().notifications);
    for (const QString &id : orders.withdraw)
        m_parts.notifier.withdraw(id);
    for (const platform::Notification &notification : orders.show)
        m_parts.notifier.show(notification);
}

void TrayApp::showWindow()
{
    m_window.setWindowState(m_window.windowState() & ~Qt::WindowMinimized);
    m_window.show();
    m_window.raise();
    m_window.activateWindow();
}

void TrayApp::showLogs()
{
    showWindow();
    m_window.showLog();
}

void TrayApp::showAbout()
{
    if (!m_about) {
        m_about = new preferences::AboutDialog(dialogParent());
        m_about->setAttribute(Qt::WA_DeleteOnClose);
    }
    open(*m_about);
}

void TrayApp::showSetup()
{
    if (!m_wizard) {
        const std::optional<draft::ConfigDraft> draft = readDraft();
        if (!draft)
            return;
        m_wizard = new setup::SetupWizard(setupParts(*draft), dialogParent());
        m_wizard->setAttribute(Qt::WA_DeleteOnClose);
    }
    open(*m_wizard);
}

void TrayApp::showPreferences()
{
    if (!m_preferences) {
        const std::optional<draft::ConfigDraft> draft = readDraft();
        if (!draft)
            return;
        m_preferences = new preferences::PreferencesDialog(preferencesParts(*draft), dialogParent());
        m_preferences->setAttribute(Qt::WA_DeleteOnClose);
    }
    open(*m_preferences);
}

void TrayApp::showModelsPreferences()
{
    showPreferences();
    if (m_preferences)
        m_preferences->showPage(preferences::PreferencesDialog::Page::Models);
}

void TrayApp::showLlmPreferences(const QString &llm)
{
    showPreferences();
    if (m_preferences)
        m_preferences->showLlm(llm);
}

setup::SetupParts TrayApp::setupParts(const draft::ConfigDraft &draft)
{
    return {.clock = m_parts.clock,
            .keys = m_parts.keys,
            .autostart = m_parts.autostart,
            .configFile = m_parts.configFile,
            .environment = m_parts.environment,
            .draft = draft,
            .save = [this](const draft::ConfigDraft &changed) { return m_host.save(changed); },
            .keyStored = [this] { m_host.keyStored(); },
            .snapshot = [this] { return m_host.snapshot(); },
            .ports = m_parts.backendPorts};
}

preferences::PreferencesParts TrayApp::preferencesParts(const draft::ConfigDraft &draft)
{
    return {.clock = m_parts.clock,
            .keys = m_parts.keys,
            .autostart = m_parts.autostart,
            .configFile = m_parts.configFile,
            .environment = m_parts.environment,
            .draft = draft,
            .save = [this](const draft::ConfigDraft &changed) { return m_host.save(changed); },
            .requestsAtRisk = [this](const draft::ConfigDraft &changed) { return requestsAtRisk(changed); },
            .keyStored = [this] { m_host.keyStored(); },
            .snapshot = [this] { return m_host.snapshot(); }};
}

int TrayApp::requestsAtRisk(const draft::ConfigDraft &draft) const
{
    return m_host.wouldReconnect(draft) ? m_host.snapshot().running() : 0;
}

std::optional<draft::ConfigDraft> TrayApp::readDraft()
{
    Result<draft::ConfigDraft> draft = m_host.draft();
    if (draft)
        return std::move(draft).value();
    if (!m_unreadable) {
        m_unreadable = new QMessageBox(QMessageBox::Warning, tr("The configuration cannot be changed here"), QString(),
                                       QMessageBox::Ok, dialogParent());
        m_unreadable->setInformativeText(tr("Mend the file in an editor; it is %1.").arg(m_parts.configFile));
        m_unreadable->setAttribute(Qt::WA_DeleteOnClose);
    }
    m_unreadable->setText(draft.error().message);
    open(*m_unreadable);
    return std::nullopt;
}

QWidget *TrayApp::dialogParent()
{
    return m_window.isVisible() ? &m_window : nullptr;
}

void TrayApp::open(QDialog &dialog)
{
    dialog.show();
    dialog.raise();
    dialog.activateWindow();
}

} // namespace hearth::tray
