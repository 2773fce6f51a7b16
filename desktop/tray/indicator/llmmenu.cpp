#include "llmmenu.h"

#include "menutext.h"
#include "statuswords.h"

namespace hearth::indicator {

LlmMenu::LlmMenu(QString llm, status::PublisherControl &control, QWidget *parent)
    : QMenu(parent)
    , m_llm(std::move(llm))
    , m_state(addLine(*this))
    , m_load(addLine(*this))
{
    setObjectName(m_llm);
    setTitle(menuText(m_llm));
    addSeparator();
    m_publish = addAction(tr("&Publish"));
    m_publish->setObjectName(QStringLiteral("publish"));
    m_publish->setCheckable(true);
    m_wake = addAction(tr("&Wake now"));
    m_wake->setObjectName(QStringLiteral("wake"));
    m_cancelWake = addAction(tr("&Cancel the wake"));
    m_cancelWake->setObjectName(QStringLiteral("cancelWake"));
    connect(m_publish, &QAction::triggered, this,
            [this, &control](bool isChecked) { control.setPublished(m_llm, isChecked); });
    connect(m_wake, &QAction::triggered, this, [this, &control] { control.wake(m_llm); });
    connect(m_cancelWake, &QAction::triggered, this, [this, &control] { control.cancelWake(m_llm); });
}

void LlmMenu::update(const status::LlmSnapshot &llm, const status::PublisherSnapshot &snapshot)
{
    using board::StatusWords;
    // A publisher in another program can only be looked at.
    const bool isHere = snapshot.situation == status::Situation::Here;
    m_state->setText(menuText(StatusWords::llmState(llm, snapshot.state)));
    m_load->setText(tr("%1 of %n request(s), %2", nullptr, llm.maxConcurrency)
                        .arg(llm.running)
                        .arg(StatusWords::rate(llm.tokensPerSecond)));
    m_publish->setChecked(llm.isPublished);
    m_publish->setEnabled(isHere);
    m_wake->setEnabled(isHere && llm.canBeWoken);
    m_cancelWake->setEnabled(isHere);
    m_cancelWake->setVisible(llm.wake.has_value());
}

} // namespace hearth::indicator
