#include "setuppage.h"

#include <QLabel>
#include <QVBoxLayout>

namespace hearth::setup {

SetupPage::SetupPage(SetupState &state, const QString &title, const QString &subtitle)
    : m_state(state)
    , m_content(new QVBoxLayout)
    , m_missing(new fields::NoteLine(this))
{
    setTitle(title);
    setSubTitle(subtitle);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(m_content, 1);
    layout->addWidget(m_missing);
    m_missing->setObjectName(QStringLiteral("missing"));
}

void SetupPage::missingChanged()
{
    m_missing->show(fields::NoteLine::Kind::Information, missing());
    Q_EMIT completeChanged();
}

QLabel *SetupPage::addText(const QString &text)
{
    auto *label = new QLabel(text, this);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    m_content->addWidget(label);
    return label;
}

} // namespace hearth::setup
