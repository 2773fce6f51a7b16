// TrayHint: what a person can do on a desktop that shows no tray icons.
//
// TrayApp puts it above the window's content. Pure.

#pragma once

#include <QCoreApplication>

namespace hearth::indicator {

class TrayHint
{
    Q_DECLARE_TR_FUNCTIONS(hearth::indicator::TrayHint)

public:
    /// `currentDesktop` is $XDG_CURRENT_DESKTOP: names, the most specific first, with colons between them.
    static QString forDesktop(const QString &currentDesktop);
};

} // namespace hearth::indicator
