// NewFiles: files and directories that are made together, or not at all.
//
// ConfigWriter makes one for each configuration that it writes. A file has its name only once it is complete and may be
// reached by nobody but those it is for, and nothing that is there already is ever replaced. What was made goes again
// with this object unless it is kept. Pure file access, one thread.

#pragma once

#include "result.h"

#include <QStringList>

#include <optional>
#include <sys/types.h>

namespace hearth::headless {

/// Who may reach a file.
struct FileAccess
{
    mode_t mode;
    /// Nothing for the group that the system gives it.
    std::optional<gid_t> group = {};
};

/// Gives an open file this access; one that has it already may be somebody else's. False with errno.
bool setAccess(int file, const FileAccess &access);

class NewFiles
{
public:
    NewFiles() = default;
    ~NewFiles();
    Q_DISABLE_COPY_MOVE(NewFiles)

    // Errors: Io, with the path.
    /// With all that are missing above it. The mask of the process takes nothing away from `mode`.
    Result<void> makeDirectory(const QString &path, mode_t mode);
    /// Its directory must be there.
    Result<void> write(const QString &path, const QByteArray &content, const FileAccess &access);

    /// All that was made stays.
    void keep() { m_made.clear(); }

private:
    /// In this order.
    QStringList m_made;
};

/// `… cannot be written: Permission denied.`
Error cannotBeWritten(const QString &path, int number);

} // namespace hearth::headless
