// WindowScene: a MainWindow with everything around it, whose publisher is whatever a test says.
//
// Used by the tests of the window. What the window remembers goes into a directory that is gone with the scene. Main
// thread.

#pragma once

#include "boxsnapshots.h"
#include "mainwindow.h"
#include "recordingcontrol.h"

#include <QTemporaryDir>

namespace hearth::window {

/// Waits until nothing is drawn any more.
void waitUntilPainted(QWidget &widget);

class WindowScene
{
public:
    explicit WindowScene(status::PublisherSnapshot snapshot = board::idleSnapshot());

    /// The publisher is like this now, and the window knows.
    void become(status::PublisherSnapshot snapshot);
    /// The same, when the board comes to it.
    void change(status::PublisherSnapshot snapshot);
    /// The window is on the screen, with its first picture drawn.
    void show();

    /// A widget or an action.
    template <typename Object>
    Object &find(const char *objectName) const
    {
        auto *const found = window.findChild<Object *>(QString::fromLatin1(objectName));
        Q_ASSERT(found);
        return *found;
    }

    /// What a label says.
    QString text(const char *objectName) const;
    /// Selects this row of the table.
    void select(const char *table, int row);

private:
    // Before the window reads it.
    QTemporaryDir m_state;
    bool m_isStateSet = qputenv("XDG_STATE_HOME", m_state.path().toUtf8());
    status::PublisherSnapshot m_snapshot;

public:
    FakeClock clock;
    RecordingControl control;
    board::Board board{[this] { return m_snapshot; }, clock};
    board::LogModel log{clock};
    MainWindow window{board, log, control};
};

} // namespace hearth::window
