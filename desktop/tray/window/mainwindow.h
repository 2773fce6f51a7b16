// MainWindow: what the owner sees of his publisher: models, connection, the last hour, running requests, the log.
//
// TrayApp owns one and shows it. It shows what Board has and tells PublisherControl what the owner wants; of networks
// and files it knows nothing. While it is hidden it costs nothing. Main thread.

#pragma once

#include "board.h"
#include "logmodel.h"
#include "publishercontrol.h"

#include <QMainWindow>

namespace hearth::window {

class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    /// Everything must outlive the window.
    MainWindow(board::Board &board, board::LogModel &log, status::PublisherControl &control, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Whether closing the window hides it; otherwise quitRequested() is emitted.
    void setClosesToTray(bool closesToTray);
    /// A line above everything that stays until it is replaced: why there is no tray, say. Empty takes it away.
    void setHint(const QString &text);
    void showLog();

Q_SIGNALS:
    void preferencesRequested();
    /// The page where models are added.
    void modelsPreferencesRequested();
    /// The page of this Llm.
    void llmPreferencesRequested(const QString &llm);
    void setupRequested();
    void aboutRequested();
    /// Also when the window is to be closed, and then it stays open: leave by QCoreApplication::exit(), because quit()
    /// asks windows to close first.
    void quitRequested();

protected:
    void changeEvent(QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void arrange();
    void makeMenus();
    void showSnapshot();
    /// Board and log are kept up to date while somebody can see this window.
    void watch();

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace hearth::window
