#include "mainwindow.h"

#include "attentionbar.h"
#include "dashboard.h"
#include "logpanel.h"
#include "looks.h"
#include "messagebar.h"
#include "modelspanel.h"
#include "publisheractions.h"
#include "requestspanel.h"
#include "situationpage.h"
#include "windowstate.h"

#include <QBoxLayout>
#include <QCloseEvent>
#include <QMenuBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>

namespace hearth::window {

struct MainWindow::Private
{
    Private(MainWindow &window, board::Board &theBoard, board::LogModel &logLines, status::PublisherControl &control)
        : board(theBoard)
        , actions(control, &window)
        , hint(new MessageBar(QStyle::SP_MessageBoxInformation, &window))
        , elsewhere(new MessageBar(QStyle::SP_MessageBoxInformation, &window))
        , attentions(new AttentionBar(&window))
        , tabs(new QTabWidget(&window))
        , pages(new QStackedWidget(tabs))
        , dashboard(new Dashboard(board, control, actions, pages))
        , situation(new SituationPage(pages))
        , lines(logLines)
        , log(new LogPanel(lines, tabs))
    {}

    RememberedParts remembered(MainWindow &window) const
    {
        return {window,
                {dashboard->models().header(), dashboard->requests().header(), log->header()},
                {&dashboard->splitter()}};
    }

    board::Board &board;
    PublisherActions actions;
    MessageBar *hint;
    MessageBar *elsewhere;
    AttentionBar *attentions;
    QTabWidget *tabs;
    QStackedWidget *pages;
    Dashboard *dashboard;
    SituationPage *situation;
    board::LogModel &lines;
    LogPanel *log;
    bool isWatching = false;
    bool closesToTray = false;
};

MainWindow::MainWindow(board::Board &board, board::LogModel &log, status::PublisherControl &control, QWidget *parent)
    : QMainWindow(parent)
    , d(std::make_unique<Private>(*this, board, log, control))
{
    setObjectName(QStringLiteral("mainWindow"));
    arrange();
    makeMenus();
    connect(&d->dashboard->models(), &ModelsPanel::editRequested, this, &MainWindow::llmPreferencesRequested);
    connect(&d->dashboard->models(), &ModelsPanel::addRequested, this, &MainWindow::modelsPreferencesRequested);
    connect(d->situation, &SituationPage::setupRequested, this, &MainWindow::setupRequested);
    connect(d->situation, &SituationPage::preferencesRequested, this, &MainWindow::preferencesRequested);
    connect(d->situation, &SituationPage::takeOverRequested, this, [&control] { control.takeOver(); });
    connect(&board, &board::Board::changed, this, [this] {
        if (d->isWatching)
            showSnapshot();
    });
    showSnapshot();
    d->dashboard->models().setFocus();

    constexpr int widthInDigits = 140;
    constexpr int heightInLines = 50;
    resize(digitsWide(*this, widthInDigits), fontMetrics().height() * heightInLines);
    restoreWindowState(d->remembered(*this));
}

// While it is still a MainWindow, so that it is remembered and the board is no longer watched.
MainWindow::~MainWindow()
{
    hide();
}

void MainWindow::arrange()
{
    d->hint->setObjectName(QStringLiteral("hint"));
    d->elsewhere->setObjectName(QStringLiteral("elsewhere"));
    d->tabs->setObjectName(QStringLiteral("tabs"));
    d->tabs->setAccessibleName(tr("Views"));
    d->tabs->tabBar()->setAccessibleName(tr("Views"));
    d->tabs->setDocumentMode(true);
    d->pages->addWidget(d->dashboard);
    d->pages->addWidget(d->situation);
    d->tabs->addTab(d->pages, tr("&Overview"));
    d->tabs->addTab(d->log, tr("&Log"));

    auto *const center = new QWidget(this);
    auto *const layout = new QVBoxLayout(center);
    layout->setContentsMargins({});
    for (QWidget *const bar : std::initializer_list<QWidget *>{d->hint, d->elsewhere, d->attentions})
        layout->addWidget(bar);
    layout->addWidget(d->tabs, 1);
    setCentralWidget(center);
}

void MainWindow::makeMenus()
{
    const auto add = [this](QMenu *menu, const char *objectName, const QString &text, const QKeySequence &shortcut,
                            auto act) {
        QAction *const action = menu->addAction(text, this, act);
        action->setObjectName(QString::fromLatin1(objectName));
        action->setShortcut(shortcut);
    };
    QMenu *const publisher = menuBar()->addMenu(tr("&Publisher"));
    publisher->addActions({d->actions.pause(), d->actions.drain(), d->actions.resume()});
    publisher->addSeparator();
    publisher->addActions({d->actions.connectNow(), d->actions.copyBaseUrl()});
    publisher->addSeparator();
    add(publisher, "settings", tr("&Settings…"), QKeySequence(Qt::CTRL | Qt::Key_Comma),
        &MainWindow::preferencesRequested);
    add(publisher, "setup", tr("S&etup…"), {}, &MainWindow::setupRequested);
    publisher->addSeparator();
    add(publisher, "quit", tr("&Quit"), QKeySequence::Quit, &MainWindow::quitRequested);

    QMenu *const model = menuBar()->addMenu(tr("&Model"));
    model->addActions(d->dashboard->models().llmActions());

    QMenu *const view = menuBar()->addMenu(tr("&View"));
    add(view, "showOverview", tr("&Overview"), QKeySequence(Qt::CTRL | Qt::Key_1),
        [this] { d->tabs->setCurrentIndex(0); });
    add(view, "showLog", tr("&Log"), QKeySequence(Qt::CTRL | Qt::Key_L), &MainWindow::showLog);

    QMenu *const help = menuBar()->addMenu(tr("&Help"));
    add(help, "about", tr("&About"), {}, &MainWindow::aboutRequested);
}

void MainWindow::showSnapshot()
{
    const status::PublisherSnapshot &snapshot = d->board.snapshot();
    setWindowTitle(snapshot.name.isEmpty() ? tr("Hearth") : tr("%1 – Hearth").arg(snapshot.name));
    d->actions.setSnapshot(snapshot);
    const bool isElsewhere = snapshot.situation == status::Situation::Elsewhere;
    d->elsewhere->setText(isElsewhere ? tr("%1 (process %2) publishes with this configuration. It is shown here, and "
                                           "can be controlled only there.")
                                            .arg(snapshot.program)
                                            .arg(snapshot.processId)
                                      : QString());
    const bool hasNothingToShow = SituationPage::isNeeded(snapshot.situation);
    d->attentions->setAttentions(hasNothingToShow ? std::vector<status::Attention>() : snapshot.attentions);
    if (hasNothingToShow)
        d->situation->setSnapshot(snapshot);
    d->dashboard->setSnapshot(snapshot);
    d->pages->setCurrentIndex(hasNothingToShow ? 1 : 0);
}

void MainWindow::setClosesToTray(bool closesToTray)
{
    d->closesToTray = closesToTray;
}

void MainWindow::setHint(const QString &text)
{
    d->hint->setText(text);
}

void MainWindow::showLog()
{
    d->tabs->setCurrentWidget(d->log);
    d->log->setFocus();
}

// Whoever listens decides whether the program ends; until then the window stays.
void MainWindow::closeEvent(QCloseEvent *event)
{
    event->ignore();
    if (d->closesToTray)
        hide();
    else
        Q_EMIT quitRequested();
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::WindowStateChange)
        watch();
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    watch();
}

void MainWindow::hideEvent(QHideEvent *event)
{
    QMainWindow::hideEvent(event);
    watch();
    if (!event->spontaneous())
        saveWindowState(d->remembered(*this));
}

void MainWindow::watch()
{
    const bool isWatching = isVisible() && !isMinimized();
    if (isWatching == d->isWatching)
        return;
    d->isWatching = isWatching;
    d->board.setWatched(isWatching);
    d->lines.setWatched(isWatching);
    if (isWatching)
        showSnapshot();
}

} // namespace hearth::window
