// WindowState: where the window was and how its columns stood, from one start of the program to the next.
//
// MainWindow restores it when it is made and saves it whenever it is hidden. It lies beside the other states of
// programs
// ($XDG_STATE_HOME/hearth/window.ini), not in the configuration, and is lost without harm. Main thread.

#pragma once

#include <QList>

class QHeaderView;
class QSplitter;
class QString;
class QWidget;

namespace hearth::window {

/// What is remembered; headers and splitters by their object names.
struct RememberedParts
{
    QWidget &window;
    QList<QHeaderView *> headers;
    QList<QSplitter *> splitters;
};

QString windowStateFile();
void saveWindowState(const RememberedParts &parts);
/// Leaves as it is what was not saved.
void restoreWindowState(const RememberedParts &parts);

} // namespace hearth::window
