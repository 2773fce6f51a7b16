// PoolField: which pool a model joins: the one of its model, none, or one with a name.
//
// In the file these are: nothing written, an empty text, and a name. Main thread.

#pragma once

#include "field.h"

class QComboBox;
class QLineEdit;

namespace hearth::preferences {

class PoolField final : public fields::Field
{
    Q_OBJECT

public:
    PoolField(fields::DraftEditor &editor, const Setting &setting, QWidget *parent);

protected:
    void load() override;
    void store() override;

private:
    /// In the order of the list to choose from.
    enum class Choice { OfModel, None, Named };

    Choice choice() const;
    void choose();

    QComboBox *m_choice;
    QLineEdit *m_name;
};

} // namespace hearth::preferences
