// RecipeTypeField: which kind of recipe a model has: none, a program, or a request.
//
// None is the section's absence. What belongs to the other kind leaves the draft with the choice. Main thread.

#pragma once

#include "field.h"

class QComboBox;

namespace hearth::recipes {

class RecipeTypeField final : public fields::Field
{
    Q_OBJECT

public:
    /// In the order of the list to choose from.
    enum class Action { None, Command, Http };

    /// `setting` is the `type` of a section.
    RecipeTypeField(fields::DraftEditor &editor, const Setting &setting, QWidget *parent);

    Action action() const;

Q_SIGNALS:
    /// Also when another recipe is shown.
    void actionChanged();
    /// By the owner.
    void chosen();

protected:
    void load() override;
    void store() override;

private:
    QString section() const;

    QComboBox *m_box;
};

} // namespace hearth::recipes
