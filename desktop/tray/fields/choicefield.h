// ChoiceField: a list to choose one value from. A value of the file that is none of them leaves it without a choice,
// and stays until another one is made. Main thread.

#pragma once

#include "field.h"

class QComboBox;

namespace hearth::fields {

class ChoiceField final : public Field
{
    Q_OBJECT

public:
    ChoiceField(DraftEditor &editor, const Setting &setting, QWidget *parent);

    QComboBox *box() const { return m_box; }

protected:
    void load() override;
    void store() override;

private:
    QComboBox *m_box;
};

} // namespace hearth::fields
