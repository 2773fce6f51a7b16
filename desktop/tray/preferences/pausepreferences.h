// PausePreferences: when the owner wants the box for himself. Main thread.

#pragma once

#include "drafteditor.h"

#include <QWidget>

#include <functional>

namespace hearth::fields {
class TableField;
}

namespace hearth::preferences {

class PausePreferences final : public QWidget
{
    Q_OBJECT

public:
    /// `runningPrograms` names the executables that run now.
    PausePreferences(fields::DraftEditor &editor, std::function<QStringList()> runningPrograms, QWidget *parent);

private:
    void chooseProgram();

    std::function<QStringList()> m_runningPrograms;
    fields::TableField *m_programs;
};

} // namespace hearth::preferences
