#include "messagebar.h"

#include "looks.h"

#include <QHBoxLayout>
#include <QLabel>

namespace hearth::window {

MessageBar::MessageBar(QStyle::StandardPixmap icon, QWidget *parent)
    : QFrame(parent)
    , m_text(new QLabel(this))
    , m_layout(new QHBoxLayout(this))
{
    setFrameShape(QFrame::StyledPanel);
    setBackgroundRole(QPalette::AlternateBase);
    setAutoFillBackground(true);

    auto *const picture = new QLabel(this);
    const int size = style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, this);
    picture->setPixmap(style()->standardIcon(icon, nullptr, this).pixmap(QSize(size, size), devicePixelRatio()));
    m_text->setWordWrap(true);
    makeSelectable(*m_text, tr("Message"));

    m_layout->addWidget(picture, 0, Qt::AlignTop);
    m_layout->addWidget(m_text, 1);
    hide();
}

void MessageBar::setText(const QString &text)
{
    if (text == m_text->text())
        return;
    m_text->setText(text);
    setVisible(!text.isEmpty());
}

QString MessageBar::text() const
{
    return m_text->text();
}

void MessageBar::addButton(QWidget *button)
{
    m_layout->addWidget(button, 0, Qt::AlignTop);
}

} // namespace hearth::window
