// FieldForm: the fields of one map of the file, below each other and with their labels.
//
// The root is where the map stands: empty for the whole file, `llms[1]` for an entry. Moving it shows another entry in
// the same inputs. Main thread.

#pragma once

#include "field.h"

#include <optional>

class QFormLayout;

namespace hearth::fields {

class FieldForm final : public QWidget
{
    Q_OBJECT

public:
    /// `table` knows the keys below the root. `editor` must outlive the form.
    FieldForm(DraftEditor &editor, SettingTable table, QWidget *parent);

    /// The kind of input that the type of the setting asks for. `key` is as in the table, `probe.path`.
    Field *add(const char *key, const QString &label);
    /// Another kind of input, which is bound to its setting's key like every other.
    void add(Field *field, const QString &label);
    void addHeading(const QString &text);
    /// Something else, below the inputs.
    void addBelow(QWidget *widget);

    /// A copy of the table's setting, for fields that the caller makes.
    Setting setting(const char *key) const;

    /// Nothing where there is no entry to be shown: all fields are disabled then.
    void setRoot(const std::optional<QString> &root);
    /// Writes what all fields show, as if it had just been typed.
    void commit();

private:
    QString pathOf(const QString &key) const;

    DraftEditor &m_editor;
    SettingTable m_table;
    std::optional<QString> m_root;
    QFormLayout *m_layout;
    QList<Field *> m_fields;
};

} // namespace hearth::fields
