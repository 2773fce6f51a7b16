#include "fieldform.h"

#include "checkfield.h"
#include "choicefield.h"
#include "linefield.h"
#include "objectfield.h"
#include "tablefield.h"

#include <QFormLayout>
#include <QLabel>

namespace hearth::fields {

namespace {

/// Entries have forms of their own.
Field *makeField(DraftEditor &editor, const Setting &setting, const QString &label, QWidget *parent)
{
    switch (setting.type) {
    case SettingType::Text:
    case SettingType::Path:
    case SettingType::Integer:
    case SettingType::Seconds:
    case SettingType::Minutes:
    case SettingType::Size:
        return new LineField(editor, setting, parent);
    case SettingType::Choice:
        return new ChoiceField(editor, setting, parent);
    case SettingType::Boolean:
        return new CheckField(editor, setting, label, parent);
    case SettingType::TextList:
    case SettingType::TextMap:
        return new TableField(editor, setting, parent);
    case SettingType::Object:
        return new ObjectField(editor, setting, parent);
    case SettingType::Entries:
        break;
    }
    Q_UNREACHABLE();
}

/// So that the inputs of all forms stand below each other.
constexpr int labelWidthInCharacters = 20;

QString withoutMnemonic(QString label)
{
    return label.remove(u'&');
}

} // namespace

FieldForm::FieldForm(DraftEditor &editor, SettingTable table, QWidget *parent)
    : QWidget(parent)
    , m_editor(editor)
    , m_table(std::move(table))
    , m_layout(new QFormLayout(this))
{
    m_layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_layout->setHorizontalSpacing(fontMetrics().averageCharWidth() * 2);
    m_layout->setVerticalSpacing(fontMetrics().height() * 2 / 3);
}

Field *FieldForm::add(const char *key, const QString &label)
{
    Field *field = makeField(m_editor, setting(key), label, this);
    add(field, label);
    return field;
}

void FieldForm::add(Field *field, const QString &label)
{
    m_fields.append(field);
    field->input()->setAccessibleName(withoutMnemonic(label));
    if (qobject_cast<CheckField *>(field))
        return addBelow(field);
    auto *words = new QLabel(label, this);
    words->setBuddy(field->input());
    words->setMinimumWidth(fontMetrics().averageCharWidth() * labelWidthInCharacters);
    m_layout->addRow(words, field);
}

void FieldForm::addHeading(const QString &text)
{
    auto *heading = new QLabel(text, this);
    QFont font = heading->font();
    font.setBold(true);
    heading->setFont(font);
    m_layout->addRow(heading);
}

void FieldForm::addBelow(QWidget *widget)
{
    // QFormLayout measures fields without a label as if their texts had no more than their preferred width.
    m_layout->addRow(new QWidget(this), widget);
}

Setting FieldForm::setting(const char *key) const
{
    const Setting *found = m_table.find(QString::fromLatin1(key));
    Q_ASSERT(found);
    return *found;
}

void FieldForm::setRoot(const std::optional<QString> &root)
{
    m_root = root;
    for (Field *field : std::as_const(m_fields))
        field->setPath(pathOf(field->setting().key));
}

void FieldForm::commit()
{
    for (Field *field : std::as_const(m_fields))
        field->commit();
}

QString FieldForm::pathOf(const QString &key) const
{
    if (!m_root)
        return {};
    return m_root->isEmpty() ? key : QString(*m_root % u'.' % key);
}

} // namespace hearth::fields
