#include "traymenu.h"

#include "menutext.h"

#include <QClipboard>
#include <QGuiApplication>

#include <algorithm>

namespace hearth::indicator {

using board::StatusWords;
using publisher::Intake;
using status::PublisherSnapshot;
using status::Situation;

struct TrayMenu::Outline
{
    struct Llm
    {
        QString name;
        channel::ReportedState state;
        bool isPublished;
        bool canBeWoken;
        bool isWaking;

        bool operator==(const Llm &) const = default;
    };

    board::IndicatorState state;
    publisher::ConnectionState connection;
    Situation situation;
    Intake intake;
    QUrl server;
    bool isWaiting;
    std::vector<Llm> llms;

    bool operator==(const Outline &) const = default;
};

TrayMenu::Outline TrayMenu::outlineOf(const PublisherSnapshot &snapshot)
{
    Outline outline{board::indicatorStateOf(snapshot),
                    snapshot.state,
                    snapshot.situation,
                    snapshot.intake,
                    snapshot.server,
                    snapshot.retryIn.has_value(),
                    {}};
    for (const status::LlmSnapshot &llm : snapshot.llms)
        outline.llms.push_back({llm.name, llm.state, llm.isPublished, llm.canBeWoken, llm.wake.has_value()});
    return outline;
}

TrayMenu::TrayMenu(board::Board &board, status::PublisherControl &control, TrayMenuSettings settings, QWidget *parent)
    : QMenu(parent)
    , m_board(board)
    , m_control(control)
    , m_settings(settings)
{
    addStatusLines();
    addPublisherActions(control);
    addProgramActions();
    connect(&board, &board::Board::changed, this, &TrayMenu::boardChanged);
    connect(this, &QMenu::aboutToShow, this, [this] {
        m_isOpen = true;
        m_board.refresh();
        update(m_board.snapshot());
    });
    connect(this, &QMenu::aboutToHide, this, [this] { m_isOpen = false; });
    boardChanged();
}

TrayMenu::~TrayMenu() = default;

QAction *TrayMenu::addNamed(const char *name, const QString &text)
{
    QAction *action = addAction(text);
    action->setObjectName(QLatin1String(name));
    return action;
}

void TrayMenu::addStatusLines()
{
    m_summary = addLine(*this);
    m_summary->setObjectName(QStringLiteral("summary"));
    m_situation = addLine(*this);
    m_situation->setObjectName(QStringLiteral("situation"));
    m_takeOver = addNamed("takeOver", tr("Publish &from here"));
    addSeparator();
    m_models = addMenu(tr("&Models"));
    m_models->setObjectName(QStringLiteral("models"));
    m_modelsEnd = addSeparator();
}

void TrayMenu::addPublisherActions(status::PublisherControl &control)
{
    m_pause = addNamed("pause", tr("&Pause: take nothing new"));
    m_drain = addNamed("drain", tr("&Drain: finish what runs, take nothing new"));
    m_resume = addNamed("resume", tr("&Resume"));
    m_connect = addNamed("connectNow", tr("Connect &now"));
    connect(m_pause, &QAction::triggered, this, [&control] { control.pause(); });
    connect(m_drain, &QAction::triggered, this, [&control] { control.drain(); });
    connect(m_resume, &QAction::triggered, this, [&control] { control.resume(); });
    connect(m_connect, &QAction::triggered, this, [&control] { control.connectNow(); });
    connect(m_takeOver, &QAction::triggered, this, [&control] { control.takeOver(); });
    addSeparator();
}

void TrayMenu::addProgramActions()
{
    QAction *window = addNamed("window", tr("&Open window"));
    m_copyUrl = addNamed("copyBaseUrl", tr("&Copy base URL"));
    m_preferences = addNamed("preferences", tr("&Settings…"));
    QAction *setup = addNamed("setup", tr("S&etup…"));
    QAction *logs = addNamed("logs", tr("&Logs"));
    QAction *about = addNamed("about", tr("&About Hearth"));
    addSeparator();
    QAction *quit = addNamed("quit", tr("&Quit"));
    connect(window, &QAction::triggered, this, &TrayMenu::windowRequested);
    connect(m_copyUrl, &QAction::triggered, this, &TrayMenu::copyBaseUrl);
    connect(m_preferences, &QAction::triggered, this, &TrayMenu::preferencesRequested);
    connect(setup, &QAction::triggered, this, &TrayMenu::setupRequested);
    connect(logs, &QAction::triggered, this, &TrayMenu::logsRequested);
    connect(about, &QAction::triggered, this, &TrayMenu::aboutRequested);
    connect(quit, &QAction::triggered, this, &TrayMenu::quitRequested);
}

void TrayMenu::boardChanged()
{
    const PublisherSnapshot &snapshot = m_board.snapshot();
    Outline outline = outlineOf(snapshot);
    const bool isSame = m_outline && *m_outline == outline;
    m_outline = std::make_unique<Outline>(std::move(outline));
    if (m_isOpen || !isSame)
        update(snapshot);
}

void TrayMenu::update(const PublisherSnapshot &snapshot)
{
    const auto isFor = [](const LlmMenu *menu, const status::LlmSnapshot &llm) {
        return menu->objectName() == llm.name;
    };
    if (!std::ranges::equal(m_llms, snapshot.llms, isFor))
        rebuildModels(snapshot.llms);
    for (size_t i = 0; i < m_llms.size(); ++i)
        m_llms[i]->update(snapshot.llms[i], snapshot);
    m_summary->setText(menuText(StatusWords::summary(snapshot)));
    m_situation->setVisible(snapshot.situation == Situation::Elsewhere);
    if (snapshot.situation == Situation::Elsewhere) {
        m_situation->setText(menuText(
            tr("Controlled by %1, process %2; shown here only").arg(snapshot.program).arg(snapshot.processId)));
    }
    updateActions(snapshot);
}

void TrayMenu::updateActions(const PublisherSnapshot &snapshot)
{
    const bool isHere = snapshot.situation == Situation::Here;
    m_pause->setEnabled(isHere && snapshot.intake != Intake::Paused);
    m_drain->setEnabled(isHere && snapshot.intake == Intake::Open);
    m_resume->setEnabled(isHere && snapshot.intake != Intake::Open);
    m_connect->setEnabled(isHere);
    m_connect->setVisible(snapshot.retryIn.has_value());
    m_takeOver->setVisible(snapshot.situation == Situation::Nowhere);
    m_copyUrl->setEnabled(!snapshot.server.isEmpty());
    m_preferences->setEnabled(snapshot.situation != Situation::Unconfigured);
}

void TrayMenu::rebuildModels(const std::vector<status::LlmSnapshot> &llms)
{
    for (LlmMenu *menu : std::exchange(m_llms, {})) {
        removeAction(menu->menuAction());
        m_models->removeAction(menu->menuAction());
        // One of its own actions may have led here.
        menu->deleteLater();
    }
    const bool areMany = std::ssize(llms) > m_settings.maxModelsAtTop;
    m_models->menuAction()->setVisible(areMany);
    for (const status::LlmSnapshot &llm : llms) {
        auto *menu = new LlmMenu(llm.name, m_control, this);
        if (areMany)
            m_models->addMenu(menu);
        else
            insertMenu(m_modelsEnd, menu);
        m_llms.push_back(menu);
    }
}

void TrayMenu::copyBaseUrl() const
{
    QGuiApplication::clipboard()->setText(m_board.snapshot().baseUrl());
}

} // namespace hearth::indicator
