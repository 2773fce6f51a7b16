#include "choicefield.h"

#include <QComboBox>

namespace hearth::fields {

ChoiceField::ChoiceField(DraftEditor &editor, const Setting &setting, QWidget *parent)
    : Field(editor, setting, parent)
    , m_box(new QComboBox(this))
{
    setInput(m_box);
    const QString fallback = std::get<QString>(setting.fallback);
    for (const QString &choice : setting.choices)
        m_box->addItem(choice == fallback ? tr("%1 (default)").arg(choice) : choice, choice);
    connect(m_box, &QComboBox::currentIndexChanged, this, &ChoiceField::commit);
}

void ChoiceField::load()
{
    const QString fallback = std::get<QString>(setting().fallback);
    m_box->setCurrentIndex(m_box->findData(editor().draft().scalar(path()).value_or(fallback)));
}

void ChoiceField::store()
{
    const QString choice = m_box->currentData().toString();
    write([this, &choice](draft::ConfigDraft &draft) {
        return choice == std::get<QString>(setting().fallback) ? draft.remove(path()) : draft.setText(path(), choice);
    });
}

} // namespace hearth::fields
