#include "attentionbar.h"

#include "messagebar.h"
#include "statuswords.h"

#include <QToolButton>
#include <QVBoxLayout>

namespace hearth::window {

AttentionBar::AttentionBar(QWidget *parent)
    : QWidget(parent)
    , m_bar(new MessageBar(QStyle::SP_MessageBoxWarning, this))
    , m_others(new QToolButton(this))
{
    m_bar->setObjectName(QStringLiteral("attention"));
    m_others->setObjectName(QStringLiteral("otherAttentions"));
    m_others->setCheckable(true);
    m_others->setFocusPolicy(Qt::StrongFocus);
    m_bar->addButton(m_others);
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_bar);
    connect(m_others, &QToolButton::toggled, this, &AttentionBar::showTexts);
    hide();
}

void AttentionBar::setAttentions(const std::vector<status::Attention> &attentions)
{
    if (attentions == m_attentions)
        return;
    m_attentions = attentions;
    const int others = int(m_attentions.size()) - 1;
    m_others->setText(tr("And %n more", nullptr, others));
    m_others->setVisible(others > 0);
    if (others <= 0)
        m_others->setChecked(false);
    showTexts();
    setVisible(!m_attentions.empty());
}

void AttentionBar::showTexts()
{
    QStringList texts;
    for (const status::Attention &attention : m_attentions) {
        texts += board::StatusWords::attentionText(attention);
        if (!m_others->isChecked())
            break;
    }
    m_bar->setText(texts.join(u'\n'));
}

} // namespace hearth::window
