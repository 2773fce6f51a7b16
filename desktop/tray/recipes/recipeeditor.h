// RecipeEditor: how one Llm is woken or put to sleep: not at all, by a program, or by a request.
//
// The settings dialog has one for each kind of recipe on the page of a model. What belongs to the kind of recipe that
// is not chosen leaves the draft, but stays in its inputs until the draft is read again. Main thread.

#pragma once

#include "fieldform.h"
#include "recipetry.h"

namespace hearth::recipes {

class RecipeTypeField;

class RecipeEditor final : public QWidget
{
    Q_OBJECT

public:
    /// `editor` and `clock` must outlive it.
    RecipeEditor(fields::DraftEditor &editor, RecipeKind kind, Clock &clock, QWidget *parent = nullptr);

    /// The path of the Llm, `llms[1]`; nothing where there is none.
    void setLlm(const std::optional<QString> &path);
    /// Ends a recipe that is being tried.
    void cancelTrial();

private:
    void fillForms(RecipeKind kind);
    void showAction();
    void writeForms();

    fields::DraftEditor &m_editor;
    RecipeKind m_kind;
    std::optional<QString> m_llm;
    fields::FieldForm *m_choice;
    fields::FieldForm *m_command;
    fields::FieldForm *m_http;
    fields::FieldForm *m_limits;
    RecipeTypeField *m_type;
    RecipeTry *m_try;
};

} // namespace hearth::recipes
