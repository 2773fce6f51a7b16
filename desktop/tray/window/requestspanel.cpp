#include "requestspanel.h"

#include "looks.h"

#include <QAction>
#include <QHeaderView>
#include <QLabel>
#include <QStackedLayout>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace hearth::window {

RequestsPanel::RequestsPanel(board::RequestModel &model, status::PublisherControl &control, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_control(control)
    , m_view(new QTableView(this))
    , m_cancel(new QAction(tr("Cancel re&quest"), this))
{
    m_cancel->setObjectName(QStringLiteral("cancelRequest"));
    m_cancel->setToolTip(tr("End the selected requests; whoever sent them is told"));
    // Only in the table: elsewhere the key has other meanings.
    m_cancel->setShortcut(QKeySequence::Delete);
    m_cancel->setShortcutContext(Qt::WidgetShortcut);
    connect(m_cancel, &QAction::triggered, this, &RequestsPanel::cancelSelected);

    auto *const bar = new QHBoxLayout;
    bar->addWidget(makeHeading(tr("Runnin&g requests"), m_view, this));
    bar->addStretch();
    QToolButton *const button = makeButton(m_cancel, this);
    bar->addWidget(button);
    setTabOrder(button, m_view);
    makeView();
    auto *const empty = new QLabel(tr("No requests are running."), this);
    empty->setObjectName(QStringLiteral("noRequests"));
    empty->setAlignment(Qt::AlignCenter);
    makeQuiet(*empty);
    m_pages = new QStackedLayout;
    m_pages->addWidget(m_view);
    m_pages->addWidget(empty);

    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addLayout(bar);
    layout->addLayout(m_pages, 1);
    refresh();
}

void RequestsPanel::makeView()
{
    makeTable(*m_view, tr("Running requests"));
    m_view->setObjectName(QStringLiteral("requests"));
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setModel(&m_model);
    m_view->addAction(m_cancel);
    m_view->horizontalHeader()->setObjectName(QStringLiteral("requestColumns"));
    setColumnWidths(*m_view->horizontalHeader(), {28, 38, 15, 12});
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RequestsPanel::refresh);
}

void RequestsPanel::setControllable(bool isControllable)
{
    m_isControllable = isControllable;
    refresh();
}

void RequestsPanel::refresh()
{
    m_pages->setCurrentIndex(m_model.rowCount() == 0 ? 1 : 0);
    m_cancel->setEnabled(m_isControllable && m_view->selectionModel()->hasSelection());
}

QHeaderView *RequestsPanel::header() const
{
    return m_view->horizontalHeader();
}

void RequestsPanel::cancelSelected()
{
    // First all tasks, then the cancelling: it changes the rows.
    std::vector<TaskId> tasks;
    for (const QModelIndex &row : m_view->selectionModel()->selectedRows()) {
        if (const std::optional<TaskId> task = m_model.task(row.row()))
            tasks.push_back(*task);
    }
    for (const TaskId task : tasks)
        m_control.cancelRequest(task);
}

} // namespace hearth::window
