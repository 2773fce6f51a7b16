// RequestsPanel: the requests that run now, each of which the owner can cancel.
//
// MainWindow owns one. Whoever sent a cancelled request is told that the owner did it. Main thread.

#pragma once

#include "publishercontrol.h"
#include "requestmodel.h"

#include <QWidget>

class QAction;
class QHeaderView;
class QStackedLayout;
class QTableView;

namespace hearth::window {

class RequestsPanel final : public QWidget
{
    Q_OBJECT

public:
    /// Both must outlive the panel.
    RequestsPanel(board::RequestModel &model, status::PublisherControl &control, QWidget *parent = nullptr);

    /// Whether the publisher runs in this program; otherwise requests are only shown.
    void setControllable(bool isControllable);
    /// Looks at the model again.
    void refresh();

    QAction *cancel() const { return m_cancel; }

    QHeaderView *header() const;

private:
    void makeView();
    void cancelSelected();

    board::RequestModel &m_model;
    status::PublisherControl &m_control;
    QTableView *m_view;
    QStackedLayout *m_pages;
    QAction *m_cancel;
    bool m_isControllable = false;
};

} // namespace hearth::window
