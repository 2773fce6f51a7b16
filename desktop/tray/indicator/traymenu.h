// TrayMenu: everything that the tray offers.
//
// TrayIndicator owns one. Some desktops export the menu over D-Bus, and some never tell when they open it. So it is
// built once and changed in place: figures only while it is open or about to be, everything else when it changes.
// Main thread.

#pragma once

#include "board.h"
#include "llmmenu.h"

#include <QMenu>

namespace hearth::indicator {

struct TrayMenuSettings
{
    /// With more models than this they move into a menu of their own.
    int maxModelsAtTop = 12;
};

class TrayMenu final : public QMenu
{
    Q_OBJECT

public:
    TrayMenu(board::Board &board, status::PublisherControl &control, TrayMenuSettings settings = {},
             QWidget *parent = nullptr);
    ~TrayMenu() override;

Q_SIGNALS:
    void windowRequested();
    void preferencesRequested();
    void setupRequested();
    void logsRequested();
    void aboutRequested();
    void quitRequested();

private:
    /// What is told at once, be the menu open or not: everything but figures and ages.
    struct Outline;

    static Outline outlineOf(const status::PublisherSnapshot &snapshot);
    void addStatusLines();
    void addPublisherActions(status::PublisherControl &control);
    void addProgramActions();
    QAction *addNamed(const char *name, const QString &text);
    void boardChanged();
    void update(const status::PublisherSnapshot &snapshot);
    void updateActions(const status::PublisherSnapshot &snapshot);
    void rebuildModels(const std::vector<status::LlmSnapshot> &llms);
    void copyBaseUrl() const;

    board::Board &m_board;
    status::PublisherControl &m_control;
    const TrayMenuSettings m_settings;
    std::unique_ptr<Outline> m_outline;
    bool m_isOpen = false;
    std::vector<LlmMenu *> m_llms;
    QMenu *m_models;
    QAction *m_summary;
    QAction *m_situation;
    QAction *m_modelsEnd;
    QAction *m_pause;
    QAction *m_drain;
    QAction *m_resume;
    QAction *m_connect;
    QAction *m_takeOver;
    QAction *m_copyUrl;
    QAction *m_preferences;
};

} // namespace hearth::indicator
