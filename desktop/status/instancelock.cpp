#include "instancelock.h"

#include "statefile.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hearth::status {

namespace {

using publisher::FileDescriptor;

constexpr qint64 maxHolderBytes = 1024;
/// As many as Linux follows.
constexpr int maxLinks = 40;

/// Of the directory that systemd makes for each user who logs in; empty where there is none of this user.
QString userRuntimeDirectory()
{
    const QString directory = QStringLiteral("/run/user/%1").arg(::geteuid());
    const QFileInfo info(directory);
    return info.isDir() && info.ownerId() == ::geteuid() ? directory : QString();
}

QString lockDirectory()
{
    // systemd gives a list where a unit has several.
    const QString service = qEnvironmentVariable("RUNTIME_DIRECTORY").section(u':', 0, 0);
    if (QDir::isAbsolutePath(service))
        return service;
    QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    if (!QDir::isAbsolutePath(runtime))
        runtime = userRuntimeDirectory();
    if (!runtime.isEmpty())
        return runtime + QStringLiteral("/hearth");
    return QFileInfo(publisher::StateFile::defaultPath({}, {})).absolutePath();
}

/// The same for all spellings of a path, also of one that is yet to be made, and of a link to such a one.
QString identityOf(const QString &path)
{
    QFileInfo existing(QDir::cleanPath(QFileInfo(path).absoluteFilePath()));
    QString rest;
    for (int links = 0; !existing.exists() && !existing.isRoot();) {
        if (existing.isSymLink() && links++ < maxLinks) {
            existing = QFileInfo(QDir::cleanPath(existing.symLinkTarget()));
            continue;
        }
        rest = u'/' + existing.fileName() + rest;
        existing = QFileInfo(existing.path());
    }
    return existing.canonicalFilePath() + rest;
}

/// Locks that belong to the open file and not to the process: closing another descriptor of the same file does not
/// end them, and two of one process exclude each other.
bool lockControl(const FileDescriptor &file, int command, struct flock &lock)
{
    lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return ::fcntl(file.value(), command, &lock) == 0;
}

LockHolder readHolder(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QList<QByteArray> lines = file.read(maxHolderBytes).split('\n');
    return {QString::fromUtf8(lines.value(0)), lines.value(1).toLongLong(), QFile::decodeName(lines.value(2))};
}

void writeHolder(const FileDescriptor &file, const QString &socketPath)
{
    const QByteArray text = QCoreApplication::applicationName().toUtf8() + '\n' +
                            QByteArray::number(QCoreApplication::applicationPid()) + '\n' +
                            QFile::encodeName(socketPath) + '\n';
    // Without it the lock is as good; the other program can only not be named.
    if (::ftruncate(file.value(), 0) == 0) [[maybe_unused]]
        const ssize_t written = ::pwrite(file.value(), text.constData(), size_t(text.size()), 0);
}

/// Nothing when nobody holds the lock of this file.
std::optional<LockHolder> holderOf(const QString &path)
{
    const FileDescriptor file(::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC));
    struct flock lock;
    if (!file.isValid() || !lockControl(file, F_OFD_GETLK, lock) || lock.l_type == F_UNLCK)
        return std::nullopt;
    return readHolder(path);
}

Error heldBy(const LockHolder &holder)
{
    const QString who = holder.program.isEmpty()
                            ? QStringLiteral("Another program")
                            : QStringLiteral("%1 (process %2)").arg(holder.program).arg(holder.processId);
    return {ErrorCode::Conflict, QStringLiteral("%1 already publishes with this configuration.").arg(who)};
}

Error cannotLock(const QString &path, int reason)
{
    return {ErrorCode::Io,
            QStringLiteral("A second program that publishes with the same configuration may go unnoticed, because %1 "
                           "cannot be locked: %2.")
                .arg(path, qt_error_string(reason))};
}

} // namespace

InstanceLock::InstanceLock(const QString &configFile)
{
    const QString identity = identityOf(configFile);
    const QByteArray hash = QCryptographicHash::hash(identity.toUtf8(), QCryptographicHash::Sha256);
    // Short, for the path of a socket has room for 107 bytes.
    m_base = lockDirectory() % u'/' % QString::fromLatin1(hash.toHex().first(16));
    const QFileInfo file(identity);
    m_meetingPath = file.path() % QStringLiteral("/.") % file.fileName() % QStringLiteral(".lock");
}

InstanceLock::~InstanceLock()
{
    release();
}

Result<void> InstanceLock::take()
{
    if (isHeld())
        return {};
    // Where it cannot be made, in a directory of the administrator's say, the other one has to do.
    const Result<void> met = takeFile(m_meetingPath, m_meetingFile);
    if (!met && met.error().code == ErrorCode::Conflict)
        return met;
    const QString directory = QFileInfo(m_base).path();
    QDir().mkpath(QFileInfo(directory).path());
    if (::mkdir(QFile::encodeName(directory).constData(), S_IRWXU) != 0 && errno != EEXIST)
        return cannotLock(lockPath(), errno);
    Result<void> taken = takeFile(lockPath(), m_file);
    if (!taken && taken.error().code == ErrorCode::Conflict)
        m_meetingFile.close();
    return taken;
}

Result<void> InstanceLock::takeFile(const QString &path, FileDescriptor &held)
{
    if (held.isValid())
        return {};
    FileDescriptor file(
        ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
    if (!file.isValid())
        return cannotLock(path, errno);
    struct flock lock;
    if (!lockControl(file, F_OFD_SETLK, lock))
        return errno == EAGAIN || errno == EACCES ? heldBy(readHolder(path)) : cannotLock(path, errno);
    writeHolder(file, socketPath());
    held = std::move(file);
    return {};
}

void InstanceLock::release()
{
    m_file.close();
    m_meetingFile.close();
}

std::optional<LockHolder> InstanceLock::holder() const
{
    if (isHeld())
        return std::nullopt;
    if (std::optional<LockHolder> here = holderOf(lockPath()))
        return here;
    return m_meetingFile.isValid() ? std::nullopt : holderOf(m_meetingPath);
}

QString InstanceLock::socketPath() const
{
    return m_base + QStringLiteral(".sock");
}

QString InstanceLock::lockPath() const
{
    return m_base + QStringLiteral(".lock");
}

} // namespace hearth::status
