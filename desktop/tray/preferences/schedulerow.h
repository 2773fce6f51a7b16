// ScheduleRow: the inputs of one span of the pause schedule.
//
// A span that somebody has written by hand and that cannot be shown in days and times stays a text. Main thread.

#pragma once

#include "schedulespan.h"

#include <QWidget>

#include <array>

class QCheckBox;
class QHBoxLayout;
class QLineEdit;
class QTimeEdit;

namespace hearth::preferences {

class ScheduleRow final : public QWidget
{
    Q_OBJECT

public:
    ScheduleRow(const QString &text, QWidget *parent);

    /// As it stands in the file.
    QString text() const;

Q_SIGNALS:
    void edited();
    void removeRequested();

private:
    void addSpan(const ScheduleSpan &span, QHBoxLayout &layout);
    void addText(const QString &text, QHBoxLayout &layout);
    void dayToggled(QCheckBox *box);

    /// Null, as the times are, for a row that stays a text.
    std::array<QCheckBox *, 7> m_days{};
    QTimeEdit *m_from = nullptr;
    QTimeEdit *m_to = nullptr;
    /// Null for a row of days and times.
    QLineEdit *m_text = nullptr;
};

} // namespace hearth::preferences
