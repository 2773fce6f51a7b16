// InstanceLock: makes sure that no two programs publish with the same configuration at the same time.
//
// hearth-publisher and hearth-tray take it before they publish, by the absolute path of the configuration. It lies in
// the runtime directory: $RUNTIME_DIRECTORY (set by systemd), else $XDG_RUNTIME_DIR/hearth, else the directory of the
// state files. It is a lock of the kernel on a file: it ends with the program, however that dies, and says nothing
// wrong after a restart of the machine or in another container. The file itself stays; it only tells who holds the
// lock. One thread.

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

    /// Where the holder listens for questions about its status, and for raise().
    QString socketPath() const;

private:
    QString lockPath() const;

    /// The path of both files without their endings.
    QString m_base;
    /// Open as long as the lock is held.
    publisher::FileDescriptor m_file;
};

} // namespace hearth::status
