#include "trayindicator.h"

#include "indicatoricon.h"
#include "traymenu.h"

#include <QSystemTrayIcon>

namespace hearth::indicator {

struct TrayIndicator::Private
{
    Private(board::Board &shown, status::PublisherControl &control, Clock &clock)
        : board(shown)
        , icon(clock)
        , menu(shown, control)
    {}

    void show();

    board::Board &board;
    IndicatorIcon icon;
    TrayMenu menu;
    // Goes first: it refers to the menu.
    QSystemTrayIcon tray;
};

void TrayIndicator::Private::show()
{
    icon.setState(board.indicatorState());
    const QString words = board::StatusWords::summary(board.snapshot());
    if (tray.toolTip() != words)
        tray.setToolTip(words);
}

TrayIndicator::TrayIndicator(board::Board &board, status::PublisherControl &control, Clock &clock, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(board, control, clock))
{
    connect(&board, &board::Board::changed, this, [this] { d->show(); });
    connect(&d->icon, &IndicatorIcon::changed, this, [this] { d->tray.setIcon(d->icon.icon()); });
    connect(&d->tray, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
            Q_EMIT windowRequested();
    });
    connect(&d->tray, &QSystemTrayIcon::messageClicked, this, &TrayIndicator::messageClicked);
    connect(&d->menu, &TrayMenu::windowRequested, this, &TrayIndicator::windowRequested);
    connect(&d->menu, &TrayMenu::preferencesRequested, this, &TrayIndicator::preferencesRequested);
    connect(&d->menu, &TrayMenu::setupRequested, this, &TrayIndicator::setupRequested);
    connect(&d->menu, &TrayMenu::logsRequested, this, &TrayIndicator::logsRequested);
    connect(&d->menu, &TrayMenu::aboutRequested, this, &TrayIndicator::aboutRequested);
    connect(&d->menu, &TrayMenu::quitRequested, this, &TrayIndicator::quitRequested);
    d->show();
    d->tray.setIcon(d->icon.icon());
    d->tray.setContextMenu(&d->menu);
    d->tray.show();
}

TrayIndicator::~TrayIndicator() = default;

void TrayIndicator::showMessage(const QString &title, const QString &text)
{
    d->tray.showMessage(title, text, QSystemTrayIcon::Warning);
}

QMenu &TrayIndicator::menu()
{
    return d->menu;
}

const QSystemTrayIcon &TrayIndicator::trayIcon() const
{
    return d->tray;
}

} // namespace hearth::indicator
