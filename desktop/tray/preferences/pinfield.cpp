#include "pinfield.h"

#include <QComboBox>
#include <QLineEdit>

namespace hearth::preferences {

PinField::PinField(fields::DraftEditor &editor, const Setting &setting, QWidget *parent)
    : Field(editor, setting, parent)
    , m_kind(new QComboBox(this))
    , m_name(new QComboBox(this))
{
    setInput(m_kind);
    m_kind->addItems({tr("The model"), tr("The pool")});
    m_name->setEditable(true);
    m_name->setInsertPolicy(QComboBox::NoInsert);
    m_name->setAccessibleName(tr("Name of the model or pool"));
    m_name->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_name->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_name->setMinimumContentsLength(12);
    addBeside(m_name);
    connect(m_kind, &QComboBox::currentIndexChanged, this, &PinField::commit);
    connect(m_name, &QComboBox::editTextChanged, this, &PinField::commit);
}

bool PinField::covers(const QString &key) const
{
    return !path().isEmpty() && (key == pathOf(Kind::Llm) || key == pathOf(Kind::Pool));
}

void PinField::load()
{
    const draft::ConfigDraft &draft = editor().draft();
    const std::optional<QString> llm = draft.scalar(pathOf(Kind::Llm));
    const std::optional<QString> pool = draft.scalar(pathOf(Kind::Pool));
    const bool isPool = pool && llm.value_or(QString()).isEmpty();
    m_kind->setCurrentIndex(int(isPool ? Kind::Pool : Kind::Llm));
    m_name->clear();
    m_name->addItems(fields::entryNames(draft, QStringLiteral("llms")));
    m_name->setEditText(isPool ? *pool : llm.value_or(QString()));
}

void PinField::store()
{
    const Kind kind = Kind(m_kind->currentIndex());
    const QString name = m_name->currentText().trimmed();
    write([&](draft::ConfigDraft &draft) {
        draft.remove(pathOf(kind == Kind::Llm ? Kind::Pool : Kind::Llm));
        return name.isEmpty() ? draft.remove(pathOf(kind)) : draft.setText(pathOf(kind), name);
    });
}

QString PinField::pathOf(Kind kind) const
{
    const QString entry = path().section(u'.', 0, -2);
    return entry % (kind == Kind::Llm ? QLatin1String(".llm") : QLatin1String(".pool"));
}

} // namespace hearth::preferences
