// ModelsPanel: the table of models, and what the owner can do to one of them.
//
// MainWindow owns one and lends its actions to the menu bar. It acts on the selected model. Main thread.

#pragma once

#include "llmmodel.h"
#include "publishercontrol.h"

#include <QWidget>

class QAction;
class QHeaderView;
class QSortFilterProxyModel;
class QStackedLayout;
class QTableView;

namespace hearth::window {

class LlmDelegate;

class ModelsPanel final : public QWidget
{
    Q_OBJECT

public:
    /// Both must outlive the panel.
    ModelsPanel(board::LlmModel &model, status::PublisherControl &control, QWidget *parent = nullptr);

    /// Whether the publisher runs in this program; otherwise models are only shown.
    void setControllable(bool isControllable);
    /// Looks at the model again.
    void refresh();

    QList<QAction *> llmActions() const;
    QHeaderView *header() const;

Q_SIGNALS:
    void editRequested(const QString &llm);
    void addRequested();

private:
    void makeActions();
    QWidget *makeBar();
    void makeView();
    QWidget *makeEmptyPage();
    /// Null while none is selected.
    const status::LlmSnapshot *selected() const;
    /// Calls `act` with the selected model, if there is one.
    void onSelected(const std::function<void(const status::LlmSnapshot &)> &act) const;

    board::LlmModel &m_model;
    status::PublisherControl &m_control;
    QSortFilterProxyModel *m_sorted;
    QTableView *m_view;
    LlmDelegate *m_delegate;
    QStackedLayout *m_pages;
    QAction *m_publish;
    QAction *m_wake;
    QAction *m_cancelWake;
    QAction *m_edit;
    QAction *m_add;
    bool m_isControllable = false;
};

} // namespace hearth::window
