#include "noteline.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>

namespace hearth::fields {

namespace {

QStyle::StandardPixmap pixmapOf(NoteLine::Kind kind)
{
    switch (kind) {
    case NoteLine::Kind::Information:
        return QStyle::SP_MessageBoxInformation;
    case NoteLine::Kind::Success:
        return QStyle::SP_DialogApplyButton;
    case NoteLine::Kind::Warning:
        return QStyle::SP_MessageBoxWarning;
    case NoteLine::Kind::Problem:
        return QStyle::SP_MessageBoxCritical;
    }
    Q_UNREACHABLE();
}

} // namespace

NoteLine::NoteLine(QWidget *parent)
    : QWidget(parent)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this))
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    hide();
}

void NoteLine::show(Kind kind, const QString &text)
{
    m_kind = kind;
    const int size = fontMetrics().height();
    m_icon->setPixmap(
        style()->standardIcon(pixmapOf(kind), nullptr, this).pixmap(QSize(size, size), devicePixelRatio()));
    const bool isNew = text != m_text->text();
    m_text->setText(text);
    setAccessibleName(text);
    setVisible(!text.isEmpty());
    if (isNew && isVisible()) {
        QAccessibleEvent alert(this, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    }
}

void NoteLine::clear()
{
    show(m_kind, {});
}

QString NoteLine::text() const
{
    return m_text->text();
}

} // namespace hearth::fields
