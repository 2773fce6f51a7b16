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
    const std::optional<SettingValue> written = setting().parse(editor().draft().scalar(path()).value_or(QString()));
    m_box->setChecked(std::get<bool>(written.value_or(setting().fallback)));
}

void CheckField::store()
{
    editor().edit([this](draft::ConfigDraft &draft) {
        if (m_box->isChecked() == std::get<bool>(setting().fallback))
            draft.remove(path());
        else
            draft.setBoolean(path(), m_box->isChecked());
    });
}

} // namespace hearth::fields
