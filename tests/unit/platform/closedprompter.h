// ClosedPrompter: the part of GNOME that shows the dialog for a password; here its owner closes it each time.
//
// To be registered as org.gnome.keyring.SystemPrompter at /org/gnome/keyring/Prompter. Test's thread.

#pragma once

#include <QDBusConnection>
#include <QDBusContext>
#include <QDBusObjectPath>
#include <QObject>

class ClosedPrompter final : public QObject, protected QDBusContext
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.gnome.keyring.internal.Prompter")

public:
    int prompts = 0;

public Q_SLOTS:

    void BeginPrompting(const QDBusObjectPath & /*callback*/)
    {
        ++prompts;
        sendErrorReply(QDBusError::AccessDenied, QStringLiteral("The dialog was closed."));
    }
};
