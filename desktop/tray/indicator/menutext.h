// What all menus of the tray need for their texts. Main thread.

#pragma once

#include <QMenu>

namespace hearth::indicator {

/// A text that comes from outside: no letter of it is a mnemonic.
inline QString menuText(QString text)
{
    return text.replace(QLatin1Char('&'), QStringLiteral("&&"));
}

/// A line that only tells.
inline QAction *addLine(QMenu &menu)
{
    QAction *line = menu.addAction(QString());
    line->setEnabled(false);
    return line;
}

} // namespace hearth::indicator
