#include "modelspanel.h"

#include "llmdelegate.h"
#include "looks.h"

#include <QAction>
#include <QHeaderView>
#include <QLabel>
#include <QSortFilterProxyModel>
#include <QStackedLayout>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace hearth::window {

using board::LlmModel;

ModelsPanel::ModelsPanel(LlmModel &model, status::PublisherControl &control, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_control(control)
    , m_sorted(new QSortFilterProxyModel(this))
    , m_view(new QTableView(this))
    , m_delegate(new LlmDelegate(this))
{
    setFocusProxy(m_view);
    makeActions();
    auto *const layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(makeBar());
    makeView();
    m_pages = new QStackedLayout;
    m_pages->addWidget(m_view);
    m_pages->addWidget(makeEmptyPage());
    layout->addLayout(m_pages, 1);
    refresh();
}

void ModelsPanel::makeActions()
{
    const auto add = [this](const char *objectName, const QString &text, const QString &toolTip,
                            const QKeySequence &shortcut, auto act) {
        auto *const action = new QAction(text, this);
        action->setObjectName(QString::fromLatin1(objectName));
        action->setToolTip(toolTip);
        action->setShortcut(shortcut);
        connect(action, &QAction::triggered, this, act);
        return action;
    };
    m_publish = add("publish", {}, tr("Decide whether others can use this model"), Qt::CTRL | Qt::Key_P, [this] {
        onSelected([this](const status::LlmSnapshot &llm) { m_control.setPublished(llm.name, !llm.isPublished); });
    });
    m_wake = add("wake", tr("&Wake now"), tr("Start the backend of this model"), Qt::CTRL | Qt::Key_K,
                 [this] { onSelected([this](const status::LlmSnapshot &llm) { m_control.wake(llm.name); }); });
    m_cancelWake = add("cancelWake", tr("&Cancel wake"), tr("Stop starting the backend; whoever waits for it is told"),
                       Qt::CTRL | Qt::SHIFT | Qt::Key_K, [this] {
                           onSelected([this](const status::LlmSnapshot &llm) { m_control.cancelWake(llm.name); });
                       });
    m_edit = add("edit", tr("&Edit…"), tr("Change the settings of this model"), Qt::CTRL | Qt::Key_E,
                 [this] { onSelected([this](const status::LlmSnapshot &llm) { Q_EMIT editRequested(llm.name); }); });
    m_add = add("addModel", tr("A&dd a model…"), tr("Tell the publisher about another model"), QKeySequence::New,
                [this] { Q_EMIT addRequested(); });
}

QWidget *ModelsPanel::makeBar()
{
    auto *const bar = new QWidget(this);
    auto *const layout = new QHBoxLayout(bar);
    layout->setContentsMargins({});
    layout->addWidget(makeHeading(tr("Model&s"), m_view, bar));
    layout->addStretch();
    for (QAction *const action : llmActions()) {
        QToolButton *const button = makeButton(action, bar);
        layout->addWidget(button);
        setTabOrder(button, m_view);
    }
    return bar;
}

void ModelsPanel::makeView()
{
    m_sorted->setSourceModel(&m_model);
    m_sorted->setSortRole(LlmModel::SortRole);
    makeTable(*m_view, tr("Models"));
    m_view->setObjectName(QStringLiteral("models"));
    m_view->setModel(m_sorted);
    m_view->setItemDelegate(m_delegate);
    m_view->addActions(llmActions());
    // As configured, until the owner wants another order.
    m_view->horizontalHeader()->setSortIndicatorClearable(true);
    m_view->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    m_view->setSortingEnabled(true);
    m_view->horizontalHeader()->setObjectName(QStringLiteral("modelColumns"));
    m_view->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    setColumnWidths(*m_view->horizontalHeader(), {28, 16, 32, 9, 13, 12, 12});
    // The state takes what the others leave: the words of other languages are longer.
    m_view->horizontalHeader()->setStretchLastSection(false);
    m_view->horizontalHeader()->setSectionResizeMode(LlmModel::State, QHeaderView::Stretch);

    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ModelsPanel::refresh);
    connect(m_view, &QTableView::doubleClicked, m_edit, &QAction::trigger);
    connect(m_delegate, &LlmDelegate::cancelRequested, this, [this](const QString &llm) { m_control.cancelWake(llm); });
}

QWidget *ModelsPanel::makeEmptyPage()
{
    auto *const page = new QWidget(this);
    page->setObjectName(QStringLiteral("noModels"));
    auto *const words =
        new QLabel(tr("No models yet. Add one, and others can use it as soon as you publish it."), page);
    words->setWordWrap(true);
    words->setAlignment(Qt::AlignCenter);
    makeQuiet(*words);
    auto *const layout = new QVBoxLayout(page);
    layout->addStretch();
    layout->addWidget(words);
    layout->addWidget(makeButton(m_add, page), 0, Qt::AlignHCenter);
    layout->addStretch();
    return page;
}

void ModelsPanel::setControllable(bool isControllable)
{
    m_isControllable = isControllable;
    m_delegate->setControllable(isControllable);
    refresh();
}

void ModelsPanel::refresh()
{
    m_pages->setCurrentIndex(m_model.rowCount() == 0 ? 1 : 0);
    const status::LlmSnapshot *const llm = selected();
    const bool canChange = m_isControllable && llm;
    m_publish->setEnabled(canChange);
    m_publish->setText(llm && llm->isPublished ? tr("Stop p&ublishing") : tr("P&ublish"));
    m_wake->setEnabled(canChange && llm->canBeWoken);
    m_cancelWake->setEnabled(canChange && llm->wake);
    m_edit->setEnabled(canChange);
    m_add->setEnabled(m_isControllable);
}

QList<QAction *> ModelsPanel::llmActions() const
{
    return {m_publish, m_wake, m_cancelWake, m_edit, m_add};
}

QHeaderView *ModelsPanel::header() const
{
    return m_view->horizontalHeader();
}

const status::LlmSnapshot *ModelsPanel::selected() const
{
    const QItemSelectionModel *const selection = m_view->selectionModel();
    if (!selection || !selection->hasSelection())
        return nullptr;
    return m_model.llm(m_sorted->mapToSource(selection->selectedRows().front()).row());
}

void ModelsPanel::onSelected(const std::function<void(const status::LlmSnapshot &)> &act) const
{
    // A copy: what `act` does may change the model.
    if (const status::LlmSnapshot *const llm = selected())
        act(status::LlmSnapshot(*llm));
}

} // namespace hearth::window
