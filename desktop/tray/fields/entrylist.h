// EntryList: the entries of `llms` or `agents`, to be chosen, added, copied, removed, and ticked.
//
// Models and agents have one beside their form. What is wrong with an entry shows as an icon at its name. Main thread.

#pragma once

#include "drafteditor.h"

#include <QWidget>

#include <functional>
#include <optional>

class QListWidget;
class QListWidgetItem;
class QPushButton;

namespace hearth::fields {

struct EntryListParts
{
    /// `llms` or `agents`.
    QString list;
    /// Of one entry.
    SettingTable table;
    /// What a new entry is called, with a number behind where that is taken: `model`.
    QString newName;
    /// A boolean that gets a check box in the list; empty for none.
    QString tickKey = {};
    /// For people who do not see the list.
    QString accessibleName;
};

class EntryList final : public QWidget
{
    Q_OBJECT

public:
    /// `editor` must outlive the list.
    EntryList(DraftEditor &editor, EntryListParts parts, QWidget *parent);

    QListWidget *list() const { return m_list; }

    /// The path of the selected entry; nothing where there is none.
    std::optional<QString> current() const;
    void select(int index);
    void selectName(const QString &name);

    /// Asked before an entry is removed: calls its second argument to go on. Without it, removing goes on at once.
    std::function<void(const QString &name, std::function<void()> proceed)> beforeRemove = {};

Q_SIGNALS:
    /// Also when another entry has moved to the selected place.
    void selectionChanged();

private:
    void reload();
    void showEntry(int index);
    void showProblems();
    void add();
    void duplicate();
    void removeSelected();
    /// The one that is called so in this row, or else the first of that name.
    void removeEntry(int row, const QString &name);
    void tick(const QListWidgetItem *item);
    QString freeName(const QString &wanted) const;
    QString pathAt(int index) const;

    DraftEditor &m_editor;
    EntryListParts m_parts;
    QListWidget *m_list;
    QPushButton *m_duplicate;
    QPushButton *m_remove;
};

} // namespace hearth::fields
