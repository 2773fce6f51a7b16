#include "tablefield.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTableWidget>
#include <QVBoxLayout>

namespace hearth::fields {

namespace {

constexpr int visibleRows = 4;

/// Shows that there is a value, but not which one.
class SecretDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QString displayText(const QVariant &value, const QLocale &) const override
    {
        return value.toString().isEmpty() ? QString() : QString(8, u'●');
    }
};

} // namespace

TableField::TableField(DraftEditor &editor, const Setting &setting, QWidget *parent)
    : Field(editor, setting, parent)
    , m_table(new QTableWidget(this))
    , m_remove(new QPushButton(tr("Remove"), this))
{
    setInput(m_table);
    m_table->setColumnCount(isMap() ? 2 : 1);
    m_table->setHorizontalHeaderLabels({tr("Name"), tr("Value")});
    m_table->horizontalHeader()->setVisible(isMap());
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->verticalHeader()->hide();
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setFixedHeight(m_table->verticalHeader()->defaultSectionSize() * (visibleRows + (isMap() ? 1 : 0)) +
                            2 * m_table->frameWidth());
    m_table->installEventFilter(this);
    if (setting.secret)
        m_table->setItemDelegateForColumn(m_table->columnCount() - 1, new SecretDelegate(m_table));

    auto *buttons = new QWidget(this);
    auto *add = new QPushButton(tr("Add"), buttons);
    m_buttons = new QVBoxLayout(buttons);
    m_buttons->setContentsMargins({});
    m_buttons->addWidget(add);
    m_buttons->addWidget(m_remove);
    m_buttons->addStretch();
    addBeside(buttons);

    connect(add, &QPushButton::clicked, this, &TableField::beginRow);
    connect(m_remove, &QPushButton::clicked, this, &TableField::removeRow);
    connect(m_table, &QTableWidget::cellChanged, this, &TableField::commit);
    connect(m_table, &QTableWidget::currentCellChanged, this, [this](int row) { m_remove->setEnabled(row >= 0); });
}

void TableField::addButton(QPushButton *button)
{
    m_buttons->insertWidget(m_buttons->count() - 1, button);
}

void TableField::append(const QString &text)
{
    addRow(text);
    commit();
}

bool TableField::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->matches(QKeySequence::Delete)) {
        removeRow();
        return true;
    }
    return Field::eventFilter(watched, event);
}

void TableField::load()
{
    m_table->setRowCount(0);
    if (isMap()) {
        const TextMap map = editor().draft().map(path());
        for (const auto &[name, value] : map)
            addRow(name, value);
    } else {
        const QStringList list = editor().draft().list(path());
        for (const QString &text : list)
            addRow(text);
    }
    m_remove->setEnabled(m_table->currentRow() >= 0);
}

void TableField::store()
{
    QStringList list;
    TextMap map;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        if (cell(row, 0).isEmpty())
            continue;
        if (isMap() && list.contains(cell(row, 0)))
            return editor().refuse(path(), tr("The name \"%1\" stands there twice.").arg(cell(row, 0)));
        list.append(cell(row, 0));
        map.append({cell(row, 0), isMap() ? cell(row, 1) : QString()});
    }
    write([&](draft::ConfigDraft &draft) {
        if (list.isEmpty())
            return draft.remove(path());
        return isMap() ? draft.setMap(path(), map) : draft.setList(path(), list);
    });
}

void TableField::addRow(const QString &first, const QString &second)
{
    const QSignalBlocker blocker(m_table);
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    m_table->setItem(row, 0, new QTableWidgetItem(first));
    if (isMap())
        m_table->setItem(row, 1, new QTableWidgetItem(second));
}

void TableField::beginRow()
{
    addRow({});
    m_table->setCurrentCell(m_table->rowCount() - 1, 0);
    m_table->editItem(m_table->currentItem());
}

void TableField::removeRow()
{
    m_table->removeRow(m_table->currentRow());
    commit();
}

QString TableField::cell(int row, int column) const
{
    return m_table->item(row, column)->text();
}

} // namespace hearth::fields
