// Notifier: shows a notification of the desktop.
//
// Over D-Bus (org.freedesktop.Notifications, version 1.2 of the specification) where a server for it answers; otherwise
// unavailable() tells whoever asked to fall back on the tray icon's own message. What is shown under the same id
// replaces what was shown before. Main thread.

#pragma once

#include "clock.h"

#include <QHash>
#include <QObject>

#include <optional>

namespace hearth::platform {

struct Notification
{
    /// Which cause it is for.
    QString id;
    QString title;
    QString text;

    friend bool operator==(const Notification &, const Notification &) = default;
};

struct NotifierSettings
{
    /// For a server that has to be started first, too.
    Duration patience = std::chrono::seconds(10);
};

class Notifier : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void show(const Notification &notification) = 0;
    /// The cause has gone; takes the notification away where it is still shown.
    virtual void withdraw(const QString &id) = 0;

Q_SIGNALS:
    /// The owner clicked on it.
    void activated(const QString &id);
    /// Nobody shows notifications here: the caller's turn.
    void unavailable(const hearth::platform::Notification &notification);
};

class DesktopNotifier final : public Notifier
{
    Q_OBJECT

public:
    explicit DesktopNotifier(QObject *parent = nullptr, NotifierSettings settings = {});

    void show(const Notification &notification) override;
    void withdraw(const QString &id) override;

private Q_SLOTS:
    void actionInvoked(uint serverId, const QString &action);
    void notificationClosed(uint serverId, uint reason);

private:
    /// One cause. Only one call for it is under way at a time, so that what comes meanwhile can replace it.
    struct Entry
    {
        std::optional<Notification> wanted = {};
        Notification sent = {};
        /// 0 while the server does not show it.
        uint serverId = 0;
        bool isUnderWay = false;
    };

    void send(const QString &id);
    void notify(const QString &id, bool isMarkup);
    void shown(const QString &id, uint serverId);
    void failed(const QString &id);
    QString idOf(uint serverId) const;
    void serverGone();

    NotifierSettings m_settings;
    QHash<QString, Entry> m_entries;
};

} // namespace hearth::platform
