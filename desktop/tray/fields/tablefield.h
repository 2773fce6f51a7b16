// TableField: a list of texts, or a map of texts, as rows that can be added and removed.
//
// Rows without a text (in a map: without a name) are not written. A name that stands there twice is a problem, and
// nothing is written while it is. Of secret settings the values are readable only while
// they are being typed. Main thread.

#pragma once

#include "field.h"

class QPushButton;
class QTableWidget;
class QVBoxLayout;

namespace hearth::fields {

class TableField final : public Field
{
    Q_OBJECT

public:
    TableField(DraftEditor &editor, const Setting &setting, QWidget *parent);

    QTableWidget *table() const { return m_table; }

    /// Below the buttons that are there.
    void addButton(QPushButton *button);
    /// Adds a row with this text and writes it.
    void append(const QString &text);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void load() override;
    void store() override;

private:
    bool isMap() const { return setting().type == SettingType::TextMap; }

    void addRow(const QString &first, const QString &second = {});
    void beginRow();
    void removeRow();
    QString cell(int row, int column) const;

    QTableWidget *m_table;
    QPushButton *m_remove;
    QVBoxLayout *m_buttons;
};

} // namespace hearth::fields
