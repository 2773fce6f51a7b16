#include "agentpreferences.h"

#include "agentconfig.h"
#include "entrylist.h"
#include "pinfield.h"
#include "scrolled.h"
#include "textfield.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>

namespace hearth::preferences {

namespace {

constexpr int promptLines = 12;

} // namespace

AgentPreferences::AgentPreferences(fields::DraftEditor &editor, QWidget *parent)
    : QWidget(parent)
    , m_entries(new fields::EntryList(editor,
                                      {.list = QStringLiteral("agents"),
                                       .table = publisher::agentTable(),
                                       .newName = QStringLiteral("agent"),
                                       .accessibleName = tr("Agents")},
                                      this))
    , m_stack(new QStackedWidget(this))
    , m_form(new fields::FieldForm(editor, publisher::agentTable(), this))
{
    m_form->add("name", tr("&Name"));
    m_form->add(new PinField(editor, m_form->setting("llm"), m_form), tr("P&inned to"));
    m_form->add("description", tr("Descri&ption"));
    m_form->add(new fields::TextField(editor, m_form->setting("systemPrompt"), m_form, promptLines),
                tr("S&ystem prompt"));
    m_form->add("defaultParams", tr("Pa&rameters"));
    m_form->add("extras", tr("E&xtras"));
    m_form->add("project", tr("Pro&ject"));

    auto *empty = new QLabel(tr("No agents. An agent is a model with a prompt and parameters of its own, under a name "
                                "of its own."),
                             this);
    empty->setAlignment(Qt::AlignCenter);
    empty->setWordWrap(true);
    m_stack->addWidget(empty);
    m_stack->addWidget(fields::scrolled(m_form));

    auto *layout = new QHBoxLayout(this);
    layout->addWidget(m_entries, 1);
    layout->addWidget(m_stack, 3);
    connect(m_entries, &fields::EntryList::selectionChanged, this, &AgentPreferences::showEntry);
    showEntry();
}

void AgentPreferences::showEntry()
{
    const std::optional<QString> entry = m_entries->current();
    m_stack->setCurrentIndex(entry ? 1 : 0);
    m_form->setRoot(entry);
}

} // namespace hearth::preferences
