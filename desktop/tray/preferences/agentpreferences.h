// AgentPreferences: the agents that are published beside the models. Main thread.

#pragma once

#include "fieldform.h"

class QStackedWidget;

namespace hearth::fields {
class EntryList;
}

namespace hearth::preferences {

class AgentPreferences final : public QWidget
{
    Q_OBJECT

public:
    /// `editor` must outlive it.
    AgentPreferences(fields::DraftEditor &editor, QWidget *parent);

    fields::EntryList &entries() const { return *m_entries; }

private:
    void showEntry();

    fields::EntryList *m_entries;
    QStackedWidget *m_stack;
    fields::FieldForm *m_form;
};

} // namespace hearth::preferences
