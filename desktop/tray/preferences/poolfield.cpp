#include "poolfield.h"

#include <QComboBox>
#include <QLineEdit>

namespace hearth::preferences {

PoolField::PoolField(fields::DraftEditor &editor, const Setting &setting, QWidget *parent)
    : Field(editor, setting, parent)
    , m_choice(new QComboBox(this))
    , m_name(new QLineEdit(this))
{
    setInput(m_choice);
    m_choice->addItems({tr("The pool of its model"), tr("No pool"), tr("A pool of this name:")});
    m_name->setAccessibleName(tr("Name of the pool"));
    addBeside(m_name);
    connect(m_choice, &QComboBox::activated, this, &PoolField::choose);
    connect(m_name, &QLineEdit::textChanged, this, &PoolField::commit);
}

void PoolField::load()
{
    const std::optional<QString> pool = editor().draft().scalar(path());
    const Choice choice = !pool ? Choice::OfModel : pool->isEmpty() ? Choice::None : Choice::Named;
    m_choice->setCurrentIndex(int(choice));
    m_name->setText(pool.value_or(QString()));
    m_name->setEnabled(choice == Choice::Named);
}

void PoolField::store()
{
    write([this](draft::ConfigDraft &draft) {
        switch (choice()) {
        case Choice::OfModel:
            return draft.remove(path());
        case Choice::None:
            return draft.setText(path(), {});
        case Choice::Named:
            return draft.setText(path(), m_name->text().trimmed());
        }
        Q_UNREACHABLE();
    });
}

PoolField::Choice PoolField::choice() const
{
    return Choice(m_choice->currentIndex());
}

void PoolField::choose()
{
    m_name->setEnabled(choice() == Choice::Named);
    commit();
    if (choice() == Choice::Named)
        m_name->setFocus();
}

} // namespace hearth::preferences
