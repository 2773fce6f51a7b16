// ConnectionPanel: how this box and the server are connected, in words.
//
// MainWindow owns one and hands it snapshots. Main thread.

#pragma once

#include "publishersnapshot.h"

#include <QWidget>

class QFormLayout;
class QLabel;

namespace hearth::window {

class PublisherActions;

class ConnectionPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit ConnectionPanel(const PublisherActions &actions, QWidget *parent = nullptr);

    void setSnapshot(const status::PublisherSnapshot &snapshot);

private:
    QWidget *makeHead(const PublisherActions &actions);
    QWidget *makeTrouble(const PublisherActions &actions);
    QLabel *addFact(QFormLayout &facts, const QString &title, const QString &objectName);

    QLabel *m_state;
    QLabel *m_box;
    QWidget *m_trouble;
    QLabel *m_problem;
    QLabel *m_retry;
    QWidget *m_connectNow;
    QLabel *m_server;
    QLabel *m_since;
    QLabel *m_roundTrip;
    QLabel *m_heartbeat;
    QLabel *m_epoch;
};

} // namespace hearth::window
