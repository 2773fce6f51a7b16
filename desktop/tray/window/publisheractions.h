// PublisherActions: what the owner can do to the publisher as a whole, as actions for menus, buttons and shortcuts.
//
// MainWindow owns one, hands it snapshots, and lends the actions to its menu bar and panels. They are enabled where
// they make sense and while the publisher runs in this program. Main thread.

#pragma once

#include "publishercontrol.h"
#include "publishersnapshot.h"

#include <QObject>

class QAction;

namespace hearth::window {

class PublisherActions final : public QObject
{
    Q_OBJECT

public:
    /// `control` must outlive it.
    explicit PublisherActions(status::PublisherControl &control, QObject *parent = nullptr);

    void setSnapshot(const status::PublisherSnapshot &snapshot);

    QAction *pause() const { return m_pause; }

    QAction *drain() const { return m_drain; }

    QAction *resume() const { return m_resume; }

    QAction *connectNow() const { return m_connectNow; }

    QAction *copyBaseUrl() const { return m_copyBaseUrl; }

private:
    QAction *add(const char *objectName, const QString &text, const QString &toolTip, std::function<void()> act);

    QAction *m_pause;
    QAction *m_drain;
    QAction *m_resume;
    QAction *m_connectNow;
    QAction *m_copyBaseUrl;
    QString m_baseUrl;
};

} // namespace hearth::window
