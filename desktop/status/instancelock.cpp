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

namespace hearth::status {

namespace {

using publisher::FileDescriptor;

constexpr qint64 maxHolderBytes = 256;

QString lockDirectory()
{
    // systemd gives a list where a unit has several.
    const QString service = qEnvironmentVariable("RUNTIME_DIRECTORY").section(u':', 0, 0);
    if (QDir::isAbsolutePath(service))
        return service;
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    if (QDir::isAbsolutePath(runtime))
        return runtime + QStringLiteral("/hearth");
    return QFileInfo(publisher::StateFile::defaultPath({}, {})).absolutePath();
}

/// The same for all spellings of a path, also of one that is yet to be made.
QString identityOf(const QString &path)
{
    QFileInfo existing(QDir::cleanPath(QFileInfo(path).absoluteFilePath()));
    QString rest;
    while (!existing.exists() && !existing.isRoot()) {
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
    return {QString::fromUtf8(lines.value(0)), lines.value(1).toLongLong()};
}

void writeHolder(const FileDescriptor &file)
{
    const QByteArray text = QCoreApplication::applicationName().toUtf8() + '\n' +
                            QByteArray::number(QCoreApplication::applicationPid()) + '\n';
    // Without it the lock is as good; the other program can only not be named.
    if (::ftruncate(file.value(), 0) == 0) [[maybe_unused]]
        const ssize_t written = ::pwrite(file.value(), text.constData(), size_t(text.size()), 0);
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
            QStringLiteral("Nothing keeps a second program from publishing with the same configuration, because %1 "
                           "cannot be locked: %2.")
                .arg(path, qt_error_string(reason))};
}

} // namespace

InstanceLock::InstanceLock(const QString &configFile)
{
    const QByteArray hash = QCryptographicHash::hash(identityOf(configFile).toUtf8(), QCryptographicHash::Sha256);
    // Short, for the path of a socket has room for 107 bytes.
    m_base = lockDirectory() % u'/' % QString::fromLatin1(hash.toHex().first(16));
}

InstanceLock::~InstanceLock()
{
    release();
}

Result<void> InstanceLock::take()
{
    if (isHeld())
        return {};
    const QString directory = QFileInfo(m_base).path();
    const QByteArray path = QFile::encodeName(lockPath());
    QDir().mkpath(QFileInfo(directory).path());
    if (::mkdir(QFile::encodeName(directory).constData(), S_IRWXU) != 0 && errno != EEXIST)
        return cannotLock(lockPath(), errno);
    FileDescriptor file(::open(path.constData(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!file.isValid())
        return cannotLock(lockPath(), errno);
    struct flock lock;
    if (!lockControl(file, F_OFD_SETLK, lock))
        return errno == EAGAIN || errno == EACCES ? heldBy(readHolder(lockPath())) : cannotLock(lockPath(), errno);
    writeHolder(file);
    m_file = std::move(file);
    return {};
}

void InstanceLock::release()
{
    m_file.close();
}

std::optional<LockHolder> InstanceLock::holder() const
{
    const FileDescriptor file(::open(QFile::encodeName(lockPath()).constData(), O_RDONLY | O_CLOEXEC));
    struct flock lock;
    if (isHeld() || !file.isValid() || !lockControl(file, F_OFD_GETLK, lock) || lock.l_type == F_UNLCK)
        return std::nullopt;
    return readHolder(lockPath());
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
