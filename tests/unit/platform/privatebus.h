// PrivateBus: a D-Bus daemon of the test's own, on which nothing runs and nothing can be started but what the test
// registers there.
//
// A test makes it before anything uses D-Bus, for a process connects to its session and system bus once. It ends with
// the object, and also when the test itself dies.

#pragma once

#include <QDBusConnection>
#include <QProcess>
#include <QTemporaryDir>

namespace hearth::platform {

class PrivateBus
{
public:
    PrivateBus();
    ~PrivateBus();
    PrivateBus(const PrivateBus &) = delete;
    PrivateBus &operator=(const PrivateBus &) = delete;

    bool isRunning() const { return !m_address.isEmpty(); }

    /// The buses of this process, and of those that it starts, are this one from now on.
    void becomeSessionBus() const;
    void becomeSystemBus() const;

    /// Another connection to it, for the service that the test plays.
    QDBusConnection connection(const QString &name) const;

private:
    QTemporaryDir m_directory;
    QProcess m_daemon;
    QByteArray m_address;
};

} // namespace hearth::platform
