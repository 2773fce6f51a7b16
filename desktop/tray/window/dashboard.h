// Dashboard: the panels that show a publisher: connection, the last hour, models, running requests.
//
// MainWindow owns one and hands it each snapshot. It only lays the panels out. Main thread.

#pragma once

#include "board.h"
#include "publishercontrol.h"

#include <QWidget>

class QSplitter;

namespace hearth::window {

class ActivityPanel;
class ConnectionPanel;
class ModelsPanel;
class PublisherActions;
class RequestsPanel;

class Dashboard final : public QWidget
{
    Q_OBJECT

public:
    /// Everything must outlive it.
    Dashboard(board::Board &board, status::PublisherControl &control, const PublisherActions &actions,
              QWidget *parent = nullptr);

    void setSnapshot(const status::PublisherSnapshot &snapshot);

    ModelsPanel &models() const { return *m_models; }

    RequestsPanel &requests() const { return *m_requests; }

    /// Between models and requests.
    QSplitter &splitter() const { return *m_splitter; }

private:
    ConnectionPanel *m_connection;
    ActivityPanel *m_activity;
    QSplitter *m_splitter;
    ModelsPanel *m_models;
    RequestsPanel *m_requests;
};

} // namespace hearth::window
