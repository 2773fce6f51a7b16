#include "logpanel.h"

#include "logfilter.h"
#include "looks.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QStackedLayout>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace hearth::window {

using board::LogModel;

LogPanel::LogPanel(LogModel &model, QWidget *parent)
    : QWidget(parent)
    , m_filter(new LogFilter(this))
    , m_level(new QComboBox(this))
    , m_search(new QLineEdit(this))
    , m_follow(new QCheckBox(tr("&Follow"), this))
    , m_view(new QTreeView(this))
    , m_pages(new QStackedLayout)
    , m_copySelected(new QAction(tr("&Copy selected lines"), this))
    , m_copyAll(new QAction(tr("Copy &all lines"), this))
{
    setFocusProxy(m_view);
    m_filter->setSourceModel(&model);
    auto *const layout = new QVBoxLayout(this);
    layout->addLayout(makeBar());
    makeView();
    auto *const empty = new QLabel(tr("No line of the log matches."), this);
    empty->setObjectName(QStringLiteral("noLines"));
    empty->setAlignment(Qt::AlignCenter);
    makeQuiet(*empty);
    m_pages->addWidget(m_view);
    m_pages->addWidget(empty);
    layout->addLayout(m_pages, 1);
    makeFollowing();
    makeCopying();
    linesChanged();
}

QLayout *LogPanel::makeBar()
{
    m_level->setObjectName(QStringLiteral("logLevel"));
    m_level->setAccessibleName(tr("Least level"));
    m_level->addItem(tr("Everything"), int(LogLevel::Debug));
    m_level->addItem(tr("From info"), int(LogLevel::Info));
    m_level->addItem(tr("From warnings"), int(LogLevel::Warning));
    m_level->addItem(tr("Only errors"), int(LogLevel::Error));
    connect(m_level, &QComboBox::currentIndexChanged, this,
            [this] { m_filter->setLeastLevel(LogLevel(m_level->currentData().toInt())); });

    m_search->setObjectName(QStringLiteral("logSearch"));
    m_search->setAccessibleName(tr("Search"));
    m_search->setPlaceholderText(tr("Words in source or message"));
    m_search->setClearButtonEnabled(true);
    connect(m_search, &QLineEdit::textChanged, m_filter, &LogFilter::setSearch);

    const auto label = [this](const QString &text, QWidget *buddy) {
        auto *const words = new QLabel(text, this);
        words->setBuddy(buddy);
        return words;
    };
    auto *const bar = new QHBoxLayout;
    bar->addWidget(label(tr("L&evel:"), m_level));
    bar->addWidget(m_level);
    bar->addSpacing(digitsWide(*this, 2));
    bar->addWidget(label(tr("&Search:"), m_search));
    bar->addWidget(m_search, 1);
    bar->addSpacing(digitsWide(*this, 2));
    bar->addWidget(m_follow);
    bar->addWidget(makeButton(m_copySelected, this));
    bar->addWidget(makeButton(m_copyAll, this));
    return bar;
}

void LogPanel::makeView()
{
    m_view->setObjectName(QStringLiteral("log"));
    m_view->setAccessibleName(tr("Log"));
    // Before the view hears of it: it scrolls to another line when the current one is among them.
    connect(m_filter, &QAbstractItemModel::rowsAboutToBeRemoved, this, [this] { m_view->setAutoScroll(false); });
    m_view->setModel(m_filter);
    m_view->setRootIsDecorated(false);
    // Without it each of the thousands of lines is measured.
    m_view->setUniformRowHeights(true);
    m_view->setAlternatingRowColors(true);
    // The bar's value is the number of the topmost line; keepPlace() counts on it.
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_view->addActions({m_copySelected, m_copyAll});
    m_view->header()->setObjectName(QStringLiteral("logColumns"));
    setColumnWidths(*m_view->header(), {12, 11, 16});
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_filter, signal, this, &LogPanel::linesChanged);
    connect(m_filter, &QAbstractItemModel::modelReset, this, &LogPanel::linesChanged);
}

void LogPanel::makeFollowing()
{
    m_follow->setObjectName(QStringLiteral("follow"));
    m_follow->setToolTip(tr("Keep the newest line in sight"));
    m_follow->setChecked(true);
    const QScrollBar *const bar = m_view->verticalScrollBar();
    connect(bar, &QScrollBar::rangeChanged, this, [this, bar] {
        if (m_follow->isChecked())
            m_view->scrollToBottom();
        else
            m_isRangeMoving = bar->value() > bar->maximum();
    });
    connect(bar, &QScrollBar::valueChanged, this, [this, bar](int value) {
        if (!std::exchange(m_isRangeMoving, false))
            m_follow->setChecked(value == bar->maximum());
    });
    connect(m_filter, &QAbstractItemModel::rowsRemoved, this,
            [this](const QModelIndex &, int first, int last) { keepPlace(first, last); });
    connect(m_follow, &QCheckBox::clicked, this, [this](bool isFollowing) {
        if (isFollowing)
            m_view->scrollToBottom();
    });
}

// The oldest lines go when the log is full; the others would run away upwards.
void LogPanel::keepPlace(int first, int last)
{
    m_view->setAutoScroll(true);
    QScrollBar *const bar = m_view->verticalScrollBar();
    const int removedAbove = std::min(last + 1, bar->value()) - first;
    if (!m_follow->isChecked() && removedAbove > 0)
        bar->setValue(bar->value() - removedAbove);
}

void LogPanel::makeCopying()
{
    m_copySelected->setObjectName(QStringLiteral("copySelected"));
    m_copyAll->setObjectName(QStringLiteral("copyAll"));
    m_copySelected->setShortcut(QKeySequence::Copy);
    m_copySelected->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    m_copySelected->setEnabled(false);
    connect(m_copySelected, &QAction::triggered, this, [this] { copy(m_view->selectionModel()->selectedRows()); });
    connect(m_copyAll, &QAction::triggered, this, [this] {
        QModelIndexList rows;
        for (int row = 0; row < m_filter->rowCount(); ++row)
            rows += m_filter->index(row, 0);
        copy(std::move(rows));
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            [this] { m_copySelected->setEnabled(m_view->selectionModel()->hasSelection()); });
}

// A selection comes in the order of the clicks.
void LogPanel::copy(QModelIndexList rows) const
{
    std::sort(rows.begin(), rows.end());
    QString text;
    for (const QModelIndex &row : rows)
        text += row.data(LogModel::LineRole).toString() % u'\n';
    QGuiApplication::clipboard()->setText(text);
}

void LogPanel::linesChanged()
{
    const bool isEmpty = m_filter->rowCount() == 0;
    m_pages->setCurrentIndex(isEmpty ? 1 : 0);
    m_copyAll->setEnabled(!isEmpty);
}

QHeaderView *LogPanel::header() const
{
    return m_view->header();
}

} // namespace hearth::window
