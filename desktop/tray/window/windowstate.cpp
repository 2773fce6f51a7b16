#include "windowstate.h"

#include <QDir>
#include <QHeaderView>
#include <QSettings>
#include <QSplitter>

namespace hearth::window {

namespace {

const QString geometryKey = QStringLiteral("geometry");

} // namespace

// Qt 6.4 has no StandardPaths location for states (XDG Base Directory Specification 0.8).
QString windowStateFile()
{
    QString base = qEnvironmentVariable("XDG_STATE_HOME");
    if (!QDir::isAbsolutePath(base))
        base = QDir::homePath() + QStringLiteral("/.local/state");
    return base + QStringLiteral("/hearth/window.ini");
}

void saveWindowState(const RememberedParts &parts)
{
    QSettings state(windowStateFile(), QSettings::IniFormat);
    state.setValue(geometryKey, parts.window.saveGeometry());
    for (const QHeaderView *const header : parts.headers)
        state.setValue(header->objectName(), header->saveState());
    for (const QSplitter *const splitter : parts.splitters)
        state.setValue(splitter->objectName(), splitter->saveState());
}

void restoreWindowState(const RememberedParts &parts)
{
    const QSettings state(windowStateFile(), QSettings::IniFormat);
    parts.window.restoreGeometry(state.value(geometryKey).toByteArray());
    for (QHeaderView *const header : parts.headers)
        header->restoreState(state.value(header->objectName()).toByteArray());
    for (QSplitter *const splitter : parts.splitters)
        splitter->restoreState(state.value(splitter->objectName()).toByteArray());
}

} // namespace hearth::window
