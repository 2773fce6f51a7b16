// ModelPreferences: the models of this box, with everything that an entry of `llms` can say. Main thread.

#pragma once

#include "fieldform.h"

#include <functional>
#include <vector>

class QStackedWidget;
class QTabWidget;

namespace hearth::fields {
class EntryList;
}

namespace hearth::recipes {
class RecipeEditor;
}

namespace hearth::preferences {

class ModelPreferences final : public QWidget
{
    Q_OBJECT

public:
    /// `editor` and `clock` must outlive it. `ports` are where backends are looked for.
    ModelPreferences(fields::DraftEditor &editor, Clock &clock, std::vector<quint16> ports, QWidget *parent);

    fields::EntryList &entries() const { return *m_entries; }

private:
    fields::FieldForm *makeMainForm();
    fields::FieldForm *makeDetailForm();
    void showEntry();
    void findBackend();
    void take(const QUrl &url, const QString &model);
    void askBeforeRemoving(const QString &name, std::function<void()> proceed);

    fields::DraftEditor &m_editor;
    Clock &m_clock;
    std::vector<quint16> m_ports;
    fields::EntryList *m_entries;
    QStackedWidget *m_stack;
    QTabWidget *m_tabs;
    fields::FieldForm *m_main;
    fields::FieldForm *m_details;
    recipes::RecipeEditor *m_wake;
    recipes::RecipeEditor *m_sleep;
};

} // namespace hearth::preferences
