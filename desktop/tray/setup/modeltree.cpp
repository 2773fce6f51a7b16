#include "modeltree.h"

#include "configreading.h"
#include "tickdelegate.h"

#include <QHeaderView>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStyle>

#include <algorithm>

namespace hearth::setup {

namespace {

/// As in the table of publisher.yaml.
constexpr int maxConcurrency = 10'000;

/// What is published cannot be edited into something else, and a limit is at least one.
class CellDelegate final : public fields::TickDelegate
{
public:
    using TickDelegate::TickDelegate;

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        if (index.column() == ModelTree::Model || !index.parent().isValid())
            return nullptr;
        QWidget *const editor = TickDelegate::createEditor(parent, option, index);
        if (auto *box = qobject_cast<QSpinBox *>(editor))
            box->setRange(1, maxConcurrency);
        editor->setAccessibleName(index.model()->headerData(index.column(), Qt::Horizontal).toString());
        return editor;
    }
};

} // namespace

ModelTree::ModelTree(QWidget *parent)
    : QTreeWidget(parent)
{
    setObjectName(QStringLiteral("models"));
    setAccessibleName(tr("Backends and their models"));
    setHeaderLabels({tr("Model"), tr("Name for callers"), tr("Requests at a time")});
    setItemDelegate(new CellDelegate(this));
    // So that the arrow keys reach every cell.
    setSelectionBehavior(SelectItems);
    setEditTriggers(DoubleClicked | SelectedClicked | EditKeyPressed);
    setUniformRowHeights(true);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(Model, QHeaderView::Stretch);
    header()->setSectionResizeMode(Name, QHeaderView::Stretch);
    header()->setSectionResizeMode(Concurrency, QHeaderView::ResizeToContents);
    connect(this, &QTreeWidget::itemChanged, this, &ModelTree::judge);
}

void ModelTree::setKnown(const std::vector<ModelChoice> &known, const QStringList &foreignNames)
{
    clear();
    m_rows.clear();
    m_foreignNames = foreignNames;
    for (const ModelChoice &choice : known) {
        setAsking(choice.url);
        addRow(choice);
    }
    judge();
}

void ModelTree::addBackend(const discovery::FoundBackend &backend)
{
    QTreeWidgetItem *const item = backendItem(backend.url.toString());
    // As the file spells it, where it has this backend.
    const QString url = item->data(Model, Qt::UserRole).toString();
    item->setToolTip(Model, QString());
    describe(*item, url, backend.models.isEmpty() ? tr("%1, without any model").arg(backend.kind) : backend.kind);
    for (const QString &model : backend.models) {
        if (hasRow(url, model))
            continue;
        QStringList taken = m_foreignNames;
        for (const ModelChoice &choice : choices())
            taken.append(choice.name);
        addRow({.url = url, .model = model, .name = discovery::nameFor(model, taken)});
    }
    judge();
}

void ModelTree::setAsking(const QString &url)
{
    QTreeWidgetItem *const item = backendItem(url);
    describe(*item, item->data(Model, Qt::UserRole).toString(), tr("asking…"));
}

void ModelTree::setAway(const QString &url, const QString &reason)
{
    QTreeWidgetItem *const item = backendItem(url);
    describe(*item, item->data(Model, Qt::UserRole).toString(), tr("does not answer now"));
    item->setToolTip(Model, reason);
}

void ModelTree::setWritten(const std::vector<ModelChoice> &entries)
{
    const std::vector<ModelChoice> shown = choices();
    for (size_t i = 0; i < m_rows.size(); ++i) {
        const auto written = std::ranges::find_if(entries, [&choice = shown[i]](const ModelChoice &entry) {
            return entry.url == choice.url && entry.model == choice.model &&
                   (entry.name == choice.name || entry.name == choice.entry);
        });
        m_rows[i].entry = written == entries.end() ? QString() : written->entry;
    }
}

std::vector<ModelChoice> ModelTree::choices() const
{
    std::vector<ModelChoice> all;
    for (const Row &row : m_rows) {
        all.push_back({.url = row.url,
                       .model = row.model,
                       .name = row.item->text(Name).trimmed(),
                       .maxConcurrency = row.item->data(Concurrency, Qt::EditRole).toInt(),
                       .isPublished = row.item->checkState(Model) == Qt::Checked,
                       .entry = row.entry});
    }
    return all;
}

QTreeWidgetItem *ModelTree::backendItem(const QString &url)
{
    for (int i = 0; i < topLevelItemCount(); ++i) {
        if (backendAt(topLevelItem(i)->data(Model, Qt::UserRole).toString()) == backendAt(url))
            return topLevelItem(i);
    }
    auto *const item = new QTreeWidgetItem(this);
    item->setData(Model, Qt::UserRole, url);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    item->setFirstColumnSpanned(true);
    item->setExpanded(true);
    return item;
}

void ModelTree::describe(QTreeWidgetItem &backend, const QString &url, const QString &state)
{
    const QSignalBlocker quiet(this);
    //: The address of a backend, and what is known of it: "http://127.0.0.1:8000/v1 (vLLM)"
    backend.setText(Model, tr("%1 (%2)").arg(url, state));
}

void ModelTree::addRow(const ModelChoice &choice)
{
    const QSignalBlocker quiet(this);
    auto *const item = new QTreeWidgetItem(backendItem(choice.url));
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable | Qt::ItemIsEditable |
                   Qt::ItemNeverHasChildren);
    item->setText(Model, choice.model);
    item->setToolTip(Model, choice.model);
    item->setCheckState(Model, choice.isPublished ? Qt::Checked : Qt::Unchecked);
    item->setText(Name, choice.name);
    item->setData(Concurrency, Qt::EditRole, choice.maxConcurrency);
    item->setTextAlignment(Concurrency, Qt::AlignCenter);
    m_rows.push_back({item, choice.url, choice.model, choice.entry});
}

bool ModelTree::hasRow(const QString &url, const QString &model) const
{
    return std::ranges::any_of(
        m_rows, [&](const Row &row) { return row.model == model && backendAt(row.url) == backendAt(url); });
}

QString ModelTree::judged(const ModelChoice &choice, const QStringList &names) const
{
    if (!choice.isPublished)
        return {};
    if (!publisher::isName(choice.name))
        return tr("\"%1\" cannot be a name. Names begin with a letter or a digit and have nothing but letters, digits "
                  "and . _ : / @ - in them.")
            .arg(choice.name);
    if (names.count(choice.name) > 1)
        return tr("The name \"%1\" is given twice. Change one of them.").arg(choice.name);
    return {};
}

void ModelTree::judge()
{
    const std::vector<ModelChoice> all = choices();
    QStringList names = m_foreignNames;
    for (const ModelChoice &choice : all) {
        if (choice.isPublished || !choice.entry.isEmpty())
            names.append(choice.name);
    }
    m_problem.clear();
    {
        const QSignalBlocker quiet(this);
        for (size_t i = 0; i < all.size(); ++i) {
            const QString problem = judged(all[i], names);
            QTreeWidgetItem &item = *m_rows[i].item;
            item.setIcon(Name, problem.isEmpty() ? QIcon()
                                                 : style()->standardIcon(QStyle::SP_MessageBoxCritical, nullptr, this));
            item.setToolTip(Name, problem);
            if (m_problem.isEmpty())
                m_problem = problem;
        }
    }
    viewport()->update();
    Q_EMIT changed();
}

} // namespace hearth::setup
