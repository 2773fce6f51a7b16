// InstanceLock: makes sure that no two programs publish with the same configuration at the same time.
//
// hearth-publisher and hearth-tray take it before they publish, by the absolute path of the configuration. It lies in
// the runtime directory: $RUNTIME_DIRECTORY (set by systemd), else $XDG_RUNTIME_DIR/hearth, else /run/user/<uid>/hearth
// where that is this user's, else the directory of the state files. Programs whose environments lead to different
// places (cron, su, a container) meet in a second file beside the configuration, .publisher.yaml.lock, which is taken,
// too, wherever it can be made. Both are locks of the kernel: they end with the program, however that dies, and say
// nothing wrong after a restart of the machine or in another container. The files themselves stay; they only tell who
// holds the lock. One thread.

#pragma once

#include "filedescriptor.h"
#include "result.h"

#include <QString>

namespace hearth::status {

/// Who holds a lock.
struct LockHolder
{
    /// `hearth-publisher`; empty in the moment in which a program takes it.
    QString program = {};
    qint64 processId = 0;
    /// Where it listens for questions about its status, and for raise(); empty as long as `program` is.
    QString socketPath = {};
};

class InstanceLock
{
public:
    /// Of this configuration; takes nothing yet.
    explicit InstanceLock(const QString &configFile);
    ~InstanceLock();
    InstanceLock(const InstanceLock &) = delete;
    InstanceLock &operator=(const InstanceLock &) = delete;

    /// Errors: Conflict when another program holds it, with a message that names it and its process id; Io.
    Result<void> take();
    void release();

    bool isHeld() const { return m_file.isValid(); }

    /// Of a lock that is not held by this program; nothing when nobody holds it.
    std::optional<LockHolder> holder() const;

    /// Where this program listens for such questions when it holds the lock.
    QString socketPath() const;

private:
    QString lockPath() const;
    /// Takes the lock of one file, unless it is held.
    Result<void> takeFile(const QString &path, publisher::FileDescriptor &file);

    /// The path of lock and socket in the runtime directory without their endings.
    QString m_base;
    /// Beside the configuration.
    QString m_meetingPath;
    // Open as long as their locks are held.
    publisher::FileDescriptor m_file;
    publisher::FileDescriptor m_meetingFile;
};

} // namespace hearth::status
