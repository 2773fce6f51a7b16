#include "checkfield.h"

#include <QCheckBox>

namespace hearth::fields {

CheckField::CheckField(DraftEditor &editor, const Setting &setting, const QString &label, QWidget *parent)
    : Field(editor, setting, parent)
    , m_box(new QCheckBox(label, this))
{
    setInput(m_box);
    connect(m_box, &QCheckBox::toggled, this, &CheckField::commit);
}

void CheckField::load()
{
    m_box->setChecked(booleanAt(editor().draft(), path(), setting()));
}

void CheckField::store()
{
    write([this](draft::ConfigDraft &draft) {
        return m_box->isChecked() == std::get<bool>(setting().fallback) ? draft.remove(path())
                                                                        : draft.setBoolean(path(), m_box->isChecked());
    });
}

} // namespace hearth::fields
