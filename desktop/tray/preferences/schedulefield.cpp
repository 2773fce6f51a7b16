#include "schedulefield.h"

#include "schedulerow.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace hearth::preferences {

ScheduleField::ScheduleField(fields::DraftEditor &editor, const Setting &setting, QWidget *parent)
    : Field(editor, setting, parent)
{
    auto *area = new QWidget(this);
    auto *add = new QPushButton(tr("Add &span"), area);
    add->setObjectName(QStringLiteral("schedule.add"));
    auto *column = new QVBoxLayout(area);
    column->setContentsMargins({});
    m_layout = new QVBoxLayout;
    column->addLayout(m_layout);
    column->addWidget(add, 0, Qt::AlignLeft);
    setInput(area);
    area->setFocusProxy(add);
    connect(add, &QPushButton::clicked, this, &ScheduleField::begin);
}

void ScheduleField::load()
{
    qDeleteAll(m_rows);
    m_rows.clear();
    const QStringList spans = editor().draft().list(path());
    for (const QString &span : spans)
        addRow(span);
}

void ScheduleField::store()
{
    QStringList spans;
    for (const ScheduleRow *row : std::as_const(m_rows))
        spans.append(row->text());
    write([&](draft::ConfigDraft &draft) {
        return spans.isEmpty() ? draft.remove(path()) : draft.setList(path(), spans);
    });
}

void ScheduleField::addRow(const QString &text)
{
    auto *row = new ScheduleRow(text, this);
    m_rows.append(row);
    m_layout->addWidget(row);
    connect(row, &ScheduleRow::edited, this, &ScheduleField::commit);
    connect(row, &ScheduleRow::removeRequested, this, [this, row] { remove(row); });
}

void ScheduleField::begin()
{
    addRow(QStringLiteral("Mon-Fri 09:00-17:00"));
    commit();
}

void ScheduleField::remove(ScheduleRow *row)
{
    m_rows.removeOne(row);
    // It is the one that asks.
    row->hide();
    row->deleteLater();
    commit();
}

} // namespace hearth::preferences
