// ForeignChange: the bar that says that somebody else has changed the file, and lets the owner choose. Main thread.

#pragma once

#include <QWidget>

namespace hearth::preferences {

class ForeignChange final : public QWidget
{
    Q_OBJECT

public:
    explicit ForeignChange(QWidget *parent);

Q_SIGNALS:
    /// What was typed here goes on; saving it replaces the other change.
    void mineChosen();
    void theirsChosen();
};

} // namespace hearth::preferences
