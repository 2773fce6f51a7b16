// ForeignChange: the bar that says that somebody else has changed the file, and lets the owner choose. While the file
// cannot be read there is nothing to choose: nothing is saved over it. Main thread.

#pragma once

#include <QWidget>

class QPushButton;

namespace hearth::fields {
class NoteLine;
}

namespace hearth::preferences {

class ForeignChange final : public QWidget
{
    Q_OBJECT

public:
    explicit ForeignChange(QWidget *parent);

    void showChoice();
    void showBroken(const QString &reason);

Q_SIGNALS:
    /// What was typed here goes on; saving it replaces the other change.
    void mineChosen();
    void theirsChosen();

private:
    fields::NoteLine *m_note;
    QPushButton *m_theirs;
    QPushButton *m_mine;
};

} // namespace hearth::preferences
