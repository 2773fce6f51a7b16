// CheckField: a check box for a setting that is true or false. Main thread.

#pragma once

#include "field.h"

class QCheckBox;

namespace hearth::fields {

class CheckField final : public Field
{
    Q_OBJECT

public:
    /// `label` stands behind the box, so that the field needs no other.
    CheckField(DraftEditor &editor, const Setting &setting, const QString &label, QWidget *parent);

    QCheckBox *box() const { return m_box; }

protected:
    void load() override;
    void store() override;

private:
    QCheckBox *m_box;
};

} // namespace hearth::fields
