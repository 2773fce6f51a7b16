// TrayIndicator: the icon in the tray with its tooltip and its menu.
//
// TrayApp owns one while the desktop has a tray. Everything that the window can do is reachable from the menu, because
// on some desktops a click never arrives. It shows what Board has. Main thread.

#pragma once

#include "board.h"
#include "publishercontrol.h"

#include <QObject>

class QMenu;
class QSystemTrayIcon;

namespace hearth::indicator {

class TrayIndicator final : public QObject
{
    Q_OBJECT

public:
    TrayIndicator(board::Board &board, status::PublisherControl &control, Clock &clock, QObject *parent = nullptr);
    ~TrayIndicator() override;

    /// The fallback of notifications.
    void showMessage(const QString &title, const QString &text);

    QMenu &menu();
    const QSystemTrayIcon &trayIcon() const;

Q_SIGNALS:
    void windowRequested();
    void preferencesRequested();
    void setupRequested();
    void logsRequested();
    void aboutRequested();
    void quitRequested();
    void messageClicked();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace hearth::indicator
