#include "schedulerow.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QStyle>
#include <QTimeEdit>
#include <QToolButton>

#include <algorithm>

namespace hearth::preferences {

ScheduleRow::ScheduleRow(const QString &text, QWidget *parent)
    : QWidget(parent)
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(fontMetrics().averageCharWidth() / 2);
    if (const std::optional<ScheduleSpan> span = ScheduleSpan::parse(text))
        addSpan(*span, *layout);
    else
        addText(text, *layout);
    auto *remove = new QToolButton(this);
    remove->setIcon(QIcon::fromTheme(QStringLiteral("edit-delete"), style()->standardIcon(QStyle::SP_TrashIcon)));
    remove->setToolTip(tr("Remove this span"));
    remove->setAccessibleName(remove->toolTip());
    remove->setFocusPolicy(Qt::StrongFocus);
    layout->addWidget(remove);
    connect(remove, &QToolButton::clicked, this, &ScheduleRow::removeRequested);
}

QString ScheduleRow::text() const
{
    if (m_text)
        return m_text->text();
    ScheduleSpan span{{}, m_from->time(), m_to->time()};
    for (size_t day = 0; day < m_days.size(); ++day)
        span.days.set(day, m_days[day]->isChecked());
    return span.toString();
}

void ScheduleRow::addSpan(const ScheduleSpan &span, QHBoxLayout &layout)
{
    const QLocale locale;
    for (size_t day = 0; day < m_days.size(); ++day) {
        const int number = int(day) + Qt::Monday;
        auto *box = new QCheckBox(locale.standaloneDayName(number, QLocale::NarrowFormat), this);
        box->setToolTip(locale.standaloneDayName(number, QLocale::LongFormat));
        box->setAccessibleName(box->toolTip());
        box->setChecked(span.days.test(day));
        m_days[day] = box;
        layout.addWidget(box);
        connect(box, &QCheckBox::toggled, this, [this, box] { dayToggled(box); });
    }
    const auto addTime = [this, &layout](const QTime &time, const QString &label) {
        auto *edit = new QTimeEdit(time, this);
        auto *words = new QLabel(label, this);
        words->setBuddy(edit);
        edit->setDisplayFormat(QStringLiteral("HH:mm"));
        edit->setAccessibleName(label);
        layout.addWidget(words);
        layout.addWidget(edit);
        connect(edit, &QTimeEdit::timeChanged, this, &ScheduleRow::edited);
        return edit;
    };
    m_from = addTime(span.from, tr("from"));
    m_to = addTime(span.to, tr("to"));
    layout.addStretch();
}

void ScheduleRow::addText(const QString &text, QHBoxLayout &layout)
{
    m_text = new QLineEdit(text, this);
    m_text->setAccessibleName(tr("Span, for example Mon-Fri 09:00-17:30"));
    layout.addWidget(m_text, 1);
    connect(m_text, &QLineEdit::textChanged, this, &ScheduleRow::edited);
}

void ScheduleRow::dayToggled(QCheckBox *box)
{
    // A span without a day would say nothing: the last one stays. Removing the span is the way to be rid of it.
    if (std::ranges::none_of(m_days, &QCheckBox::isChecked))
        return box->setChecked(true);
    Q_EMIT edited();
}

} // namespace hearth::preferences
