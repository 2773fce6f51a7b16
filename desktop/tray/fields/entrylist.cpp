#include "entrylist.h"

#include "tickdelegate.h"

#include <QListWidget>
#include <QPushButton>
#include <QShortcut>
#include <QSignalBlocker>
#include <QStyle>
#include <QVBoxLayout>

namespace hearth::fields {

EntryList::EntryList(DraftEditor &editor, EntryListParts parts, QWidget *parent)
    : QWidget(parent)
    , m_editor(editor)
    , m_parts(std::move(parts))
    , m_list(new QListWidget(this))
    , m_duplicate(new QPushButton(tr("D&uplicate"), this))
    , m_remove(new QPushButton(tr("Re&move"), this))
{
    auto *addButton = new QPushButton(tr("A&dd"), this);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(m_list, 1);
    for (QPushButton *button : {addButton, m_duplicate, m_remove})
        layout->addWidget(button);
    addButton->setObjectName(m_parts.list % u".add");
    m_duplicate->setObjectName(m_parts.list % u".duplicate");
    m_remove->setObjectName(m_parts.list % u".remove");
    m_list->setObjectName(m_parts.list);
    m_list->setIconSize(QSize(fontMetrics().height(), fontMetrics().height()));
    m_list->setItemDelegate(new TickDelegate(m_list));
    m_list->setAccessibleName(m_parts.accessibleName);

    auto *removeKey = new QShortcut(QKeySequence::Delete, m_list, nullptr, nullptr, Qt::WidgetShortcut);
    connect(removeKey, &QShortcut::activated, this, &EntryList::removeSelected);
    connect(addButton, &QPushButton::clicked, this, &EntryList::add);
    connect(m_duplicate, &QPushButton::clicked, this, &EntryList::duplicate);
    connect(m_remove, &QPushButton::clicked, this, &EntryList::removeSelected);
    connect(m_list, &QListWidget::currentRowChanged, this, &EntryList::selectionChanged);
    connect(m_list, &QListWidget::itemChanged, this, &EntryList::tick);
    connect(&editor, &DraftEditor::reloaded, this, &EntryList::reload);
    // Inputs change the entry that is shown and no other; looking at all of them would make typing slow.
    connect(&editor, &DraftEditor::edited, this, [this] {
        if (m_list->currentRow() < m_editor.draft().entryCount(m_parts.list))
            showEntry(m_list->currentRow());
    });
    connect(&editor, &DraftEditor::judged, this, &EntryList::showProblems);
    reload();
}

std::optional<QString> EntryList::current() const
{
    return m_list->currentRow() < 0 ? std::nullopt : std::optional(pathAt(m_list->currentRow()));
}

void EntryList::select(int index)
{
    m_list->setCurrentRow(index);
}

void EntryList::selectName(const QString &name)
{
    select(int(entryNames(m_editor.draft(), m_parts.list).indexOf(name)));
}

void EntryList::reload()
{
    const int count = m_editor.draft().entryCount(m_parts.list);
    // Rows that stay keep their items: this may be called by one of them that was ticked.
    if (m_list->count() != count) {
        const int row = std::min(std::max(m_list->currentRow(), 0), count - 1);
        const QSignalBlocker blocker(m_list);
        m_list->clear();
        for (int i = 0; i < count; ++i)
            m_list->addItem(new QListWidgetItem);
        m_list->setCurrentRow(row);
    }
    for (int i = 0; i < count; ++i)
        showEntry(i);
    showProblems();
    m_duplicate->setEnabled(count > 0);
    m_remove->setEnabled(count > 0);
    Q_EMIT selectionChanged();
}

void EntryList::showEntry(int index)
{
    if (index < 0)
        return;
    const QSignalBlocker blocker(m_list);
    QListWidgetItem *item = m_list->item(index);
    const QString name = m_editor.draft().scalar(pathAt(index) % u".name").value_or(QString());
    item->setText(name.isEmpty() ? tr("(no name)") : name);
    if (m_parts.tickKey.isEmpty())
        return;
    const bool isTicked =
        booleanAt(m_editor.draft(), pathAt(index) % u'.' % m_parts.tickKey, *m_parts.table.find(m_parts.tickKey));
    item->setCheckState(isTicked ? Qt::Checked : Qt::Unchecked);
}

void EntryList::showProblems()
{
    const QSignalBlocker blocker(m_list);
    for (int i = 0; i < m_list->count(); ++i) {
        const QString problem = m_editor.problemAt(pathAt(i));
        m_list->item(i)->setIcon(problem.isEmpty() ? QIcon() : style()->standardIcon(QStyle::SP_MessageBoxCritical));
        m_list->item(i)->setToolTip(problem);
        m_list->item(i)->setData(Qt::AccessibleDescriptionRole, problem);
    }
}

void EntryList::add()
{
    m_editor.editAndReload(
        [this](draft::ConfigDraft &draft) { draft.appendEntry(m_parts.list, freeName(m_parts.newName)); });
    select(m_list->count() - 1);
}

void EntryList::duplicate()
{
    const std::optional<QString> source = current();
    if (!source)
        return;
    m_editor.editAndReload([&](draft::ConfigDraft &draft) {
        const QString name = freeName(draft.scalar(*source % u".name").value_or(m_parts.newName));
        const QString path = draft.appendEntry(m_parts.list, name);
        copyValues(draft, path, m_editor.draft(), *source, m_parts.table);
        draft.setText(path % u".name", name);
        // A copy is not shared before somebody says so.
        if (!m_parts.tickKey.isEmpty())
            draft.remove(path % u'.' % m_parts.tickKey);
    });
    select(m_list->count() - 1);
}

void EntryList::removeSelected()
{
    const std::optional<QString> path = current();
    if (!path)
        return;
    const int row = m_list->currentRow();
    const QString name = m_editor.draft().scalar(*path % u".name").value_or(QString());
    if (!beforeRemove || name.isEmpty())
        return removeEntry(row, name);
    beforeRemove(name, [this, row, name] { removeEntry(row, name); });
}

void EntryList::removeEntry(int row, const QString &name)
{
    // The file may have changed while somebody was asked. A name alone would not do: two entries may have the same one.
    const QStringList names = entryNames(m_editor.draft(), m_parts.list);
    const int index = int(names.value(row) == name ? row : names.indexOf(name));
    if (index >= 0)
        m_editor.editAndReload([&](draft::ConfigDraft &draft) { draft.removeEntry(m_parts.list, index); });
}

void EntryList::tick(const QListWidgetItem *item)
{
    const QString path = pathAt(m_list->row(item)) % u'.' % m_parts.tickKey;
    m_editor.editAndReload([&](draft::ConfigDraft &draft) {
        if (item->checkState() == Qt::Checked)
            draft.setBoolean(path, true);
        else
            draft.remove(path);
    });
}

QString EntryList::freeName(const QString &wanted) const
{
    const QStringList taken =
        entryNames(m_editor.draft(), QStringLiteral("llms")) + entryNames(m_editor.draft(), QStringLiteral("agents"));
    QString name = wanted;
    for (int number = 2; taken.contains(name); ++number)
        name = QStringLiteral("%1-%2").arg(wanted).arg(number);
    return name;
}

QString EntryList::pathAt(int index) const
{
    return QStringLiteral("%1[%2]").arg(m_parts.list).arg(index);
}

} // namespace hearth::fields
