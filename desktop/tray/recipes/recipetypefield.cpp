#include "recipetypefield.h"

#include <QComboBox>

namespace hearth::recipes {

namespace {

/// The keys that only this kind of recipe has.
QStringList keysOf(RecipeTypeField::Action action)
{
    switch (action) {
    case RecipeTypeField::Action::None:
        return {};
    case RecipeTypeField::Action::Command:
        return {QStringLiteral("command"), QStringLiteral("args")};
    case RecipeTypeField::Action::Http:
        return {QStringLiteral("url"), QStringLiteral("method"), QStringLiteral("headers"), QStringLiteral("body")};
    }
    Q_UNREACHABLE();
}

} // namespace

RecipeTypeField::RecipeTypeField(fields::DraftEditor &editor, const Setting &setting, QWidget *parent)
    : Field(editor, setting, parent)
    , m_box(new QComboBox(this))
{
    setInput(m_box);
    m_box->addItem(tr("Not at all"));
    m_box->addItem(tr("By a program on this machine"), QStringLiteral("command"));
    m_box->addItem(tr("By an HTTP request"), QStringLiteral("http"));
    connect(m_box, &QComboBox::currentIndexChanged, this, &RecipeTypeField::actionChanged);
    connect(m_box, &QComboBox::currentIndexChanged, this, &RecipeTypeField::commit);
}

RecipeTypeField::Action RecipeTypeField::action() const
{
    return m_box->currentIndex() < 0 ? Action::None : Action(m_box->currentIndex());
}

void RecipeTypeField::load()
{
    // A section without a type, or with one that there is not, leaves the list without a choice.
    const bool isOpen = editor().draft().hasSection(section());
    const QString type = editor().draft().scalar(path()).value_or(QString());
    m_box->setCurrentIndex(!isOpen ? int(Action::None) : type.isEmpty() ? -1 : m_box->findData(type));
}

void RecipeTypeField::store()
{
    write([this](draft::ConfigDraft &draft) {
        if (action() == Action::None)
            return draft.remove(section());
        const bool isHeld = draft.setText(path(), m_box->currentData().toString());
        const Action other = action() == Action::Command ? Action::Http : Action::Command;
        for (const QString &key : keysOf(other))
            draft.remove(section() % u'.' % key);
        return isHeld;
    });
    Q_EMIT chosen();
}

QString RecipeTypeField::section() const
{
    return path().section(u'.', 0, -2);
}

} // namespace hearth::recipes
