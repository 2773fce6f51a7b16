#include "newfiles.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryFile>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hearth::headless {

namespace {

constexpr mode_t allModeBits = S_ISUID | S_ISGID | S_ISVTX | S_IRWXU | S_IRWXG | S_IRWXO;

bool writeAll(int file, const QByteArray &content)
{
    const ssize_t written = ::write(file, content.constData(), static_cast<size_t>(content.size()));
    // A file takes less than everything only when nothing more fits.
    if (written >= 0 && written < content.size())
        errno = ENOSPC;
    return written == content.size();
}

/// Never replaces anything. False with errno.
bool rename(const QByteArray &from, const QByteArray &to)
{
    if (::renameat2(AT_FDCWD, from.constData(), AT_FDCWD, to.constData(), RENAME_NOREPLACE) == 0)
        return true;
    // Some file systems cannot rename with this condition, and others have no hard links.
    return errno != EEXIST && ::link(from.constData(), to.constData()) == 0;
}

/// One step, so that nobody can put something else in its place before it has its mode. False with errno.
bool makeOneDirectory(const QString &path, mode_t mode)
{
    const mode_t mask = ::umask(0);
    const bool isMade = ::mkdir(QFile::encodeName(path).constData(), mode) == 0;
    const int number = errno;
    ::umask(mask);
    errno = number;
    return isMade;
}

} // namespace

bool setAccess(int file, const FileAccess &access)
{
    struct stat now = {};
    if (::fstat(file, &now) != 0)
        return false;
    const bool hasGroup = !access.group || now.st_gid == *access.group;
    const bool hasMode = (now.st_mode & allModeBits) == access.mode;
    return (hasGroup || ::fchown(file, static_cast<uid_t>(-1), *access.group) == 0) &&
           (hasMode || ::fchmod(file, access.mode) == 0);
}

Error cannotBeWritten(const QString &path, int number)
{
    return {ErrorCode::Io, QStringLiteral("%1 cannot be written: %2.").arg(path, qt_error_string(number))};
}

NewFiles::~NewFiles()
{
    // A directory into which somebody else has put something stays.
    for (auto path = m_made.crbegin(); path != m_made.crend(); ++path)
        std::remove(QFile::encodeName(*path).constData());
}

Result<void> NewFiles::makeDirectory(const QString &path, mode_t mode)
{
    if (QFileInfo(path).isDir())
        return {};
    if (Result<void> made = makeDirectory(QFileInfo(path).absolutePath(), mode); !made)
        return made;
    if (!makeOneDirectory(path, mode))
        return cannotBeWritten(path, errno);
    m_made.append(path);
    return {};
}

Result<void> NewFiles::write(const QString &path, const QByteArray &content, const FileAccess &access)
{
    // Made for its owner alone. Its real name comes last.
    QTemporaryFile file(path + QStringLiteral(".XXXXXX"));
    if (!file.open())
        return Error{ErrorCode::Io, QStringLiteral("%1 cannot be written: %2.").arg(path, file.errorString())};
    const QByteArray temporary = QFile::encodeName(file.fileName());
    if (!setAccess(file.handle(), access) || !writeAll(file.handle(), content) || ::fsync(file.handle()) != 0 ||
        !rename(temporary, QFile::encodeName(path)))
        return cannotBeWritten(path, errno);
    m_made.append(path);
    return {};
}

} // namespace hearth::headless
