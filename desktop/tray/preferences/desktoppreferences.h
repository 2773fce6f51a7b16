// DesktopPreferences: how the program behaves on this desktop.
//
// Whether it starts with the desktop stands in a file of the desktop's, not in the draft: it is changed together with
// the draft, by apply(). Main thread.

#pragma once

#include "autostart.h"
#include "drafteditor.h"

#include <QWidget>

class QCheckBox;

namespace hearth::preferences {

class DesktopPreferences final : public QWidget
{
    Q_OBJECT

public:
    /// `editor` and `autostart` must outlive it.
    DesktopPreferences(fields::DraftEditor &editor, platform::Autostart &autostart, QWidget *parent);

    /// Whether apply() would change something.
    bool isChanged() const;
    /// Errors: Io.
    Result<void> apply();
    void reset();

Q_SIGNALS:
    void edited();

private:
    platform::Autostart &m_autostart;
    QCheckBox *m_starts;
};

} // namespace hearth::preferences
