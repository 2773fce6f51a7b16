// ScheduleField: the hours of the week in which the box is paused, a row for each span. Main thread.

#pragma once

#include "field.h"

class QVBoxLayout;

namespace hearth::preferences {

class ScheduleRow;

class ScheduleField final : public fields::Field
{
    Q_OBJECT

public:
    ScheduleField(fields::DraftEditor &editor, const Setting &setting, QWidget *parent);

protected:
    void load() override;
    void store() override;

private:
    void addRow(const QString &text);
    void begin();
    void remove(ScheduleRow *row);

    QList<ScheduleRow *> m_rows;
    QVBoxLayout *m_layout;
};

} // namespace hearth::preferences
