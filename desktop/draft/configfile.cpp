#include "configfile.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QSaveFile>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace hearth::draft {

namespace {

constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
/// As many as Linux follows.
constexpr int maxLinks = 40;

QByteArray hashOf(const QByteArray &text)
{
    return QCryptographicHash::hash(text, QCryptographicHash::Sha256);
}

Error ioError(const QString &path, const QString &what)
{
    return {.code = ErrorCode::Io, .message = QStringLiteral("%1 %2.").arg(path, what)};
}

Result<QByteArray> contentOf(const QString &path, qint64 limit)
{
    QFile file(path);
    QByteArray text;
    if (file.open(QIODevice::ReadOnly))
        text = file.read(limit + 1);
    if (file.error() != QFileDevice::NoError)
        return ioError(path, u"cannot be read: " + file.errorString());
    if (text.size() > limit)
        return ioError(path, QStringLiteral("is larger than %1 bytes").arg(limit));
    return text;
}

/// Of the file as it is now. What cannot be read is like no content that has ever been known.
QByteArray currentHash(const QString &path, qint64 limit)
{
    if (!QFileInfo::exists(path))
        return {};
    const Result<QByteArray> text = contentOf(path, limit);
    return text ? hashOf(*text) : QByteArrayLiteral("unreadable");
}

/// No file is as good as an empty one. What cannot be read is like nothing that anybody knows.
bool isContent(const QString &path, const QByteArray &wanted, qint64 limit)
{
    if (!QFileInfo::exists(path))
        return wanted.isEmpty();
    const Result<QByteArray> text = contentOf(path, limit);
    return text && *text == wanted;
}

/// The path and, where it is a link, what the link leads to, be it there or not.
QStringList withLinkTargets(const QString &path)
{
    QStringList paths{path};
    while (QFileInfo(paths.last()).isSymLink() && paths.size() <= maxLinks)
        paths.append(QFileInfo(paths.last()).symLinkTarget());
    return paths;
}

QString nearestDirectory(const QString &path)
{
    QString directory = QFileInfo(path).absolutePath();
    while (!QFileInfo::exists(directory) && directory != QDir::rootPath())
        directory = QFileInfo(directory).absolutePath();
    return directory;
}

/// With nobody but the owner in those that are new.
bool makeDirectory(const QString &directory)
{
    return QFileInfo(directory).isDir() || (makeDirectory(QFileInfo(directory).absolutePath()) &&
                                            QDir().mkdir(directory, ownerOnly | QFileDevice::ExeOwner));
}

/// The old file stays until the new one is complete on the disk. QSaveFile syncs too, but does not say when it fails.
Result<void> replaceFile(const QString &path, const QByteArray &text)
{
    const bool isNew = !QFileInfo::exists(path);
    QSaveFile file(path);
    const auto failure = [&path](const QString &reason) {
        return ioError(path, QStringLiteral("cannot be written: %1; it is as it was before").arg(reason));
    };
    // Unbuffered, or the reason of a failure is forgotten on the way.
    if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
        return failure(file.errorString());
    if (isNew)
        file.setPermissions(ownerOnly);
    for (qint64 done = 0, written = 0; done < text.size(); done += written) {
        written = file.write(text.constData() + done, text.size() - done);
        if (written <= 0)
            return failure(file.errorString());
    }
    if (::fsync(file.handle()) != 0)
        return failure(QString::fromLocal8Bit(std::strerror(errno)));
    if (!file.commit())
        return failure(file.errorString());
    return {};
}

} // namespace

ConfigFile::ConfigFile(QString path, Clock &clock, ConfigFileSettings settings, QObject *parent)
    : QObject(parent)
    , m_path(std::move(path))
    , m_settings(settings)
    , m_watcher(new QFileSystemWatcher(this))
    , m_settleTimer(clock, [this] { lookAgain(); })
{
    connect(m_watcher, &QFileSystemWatcher::fileChanged, this, &ConfigFile::touched);
    connect(m_watcher, &QFileSystemWatcher::directoryChanged, this, [this] {
        // Other files of the directory are nobody's business here; without this they could keep it restless for ever.
        if (watch() || currentHash(m_path, m_settings.maxBytes) != m_knownHash)
            touched();
    });
    watch();
}

bool ConfigFile::exists() const
{
    return QFileInfo::exists(m_path);
}

Result<QByteArray> ConfigFile::read()
{
    Result<QByteArray> text = contentOf(m_path, m_settings.maxBytes);
    m_knownHash = text ? hashOf(*text) : currentHash(m_path, m_settings.maxBytes);
    m_toldHash = m_knownHash;
    return text;
}

Result<void> ConfigFile::save(const QByteArray &text, const QByteArray &base)
{
    if (!isContent(m_path, base, m_settings.maxBytes)) {
        return Error{ErrorCode::Conflict,
                     QStringLiteral("%1 has been changed by somebody else and is not overwritten.").arg(m_path)};
    }
    const QString directory = QFileInfo(withLinkTargets(m_path).last()).absolutePath();
    if (!makeDirectory(directory))
        return ioError(m_path, QStringLiteral("cannot be written: the directory %1 cannot be made").arg(directory));
    if (const Result<void> replaced = replaceFile(m_path, text); !replaced)
        return replaced.error();
    m_knownHash = hashOf(text);
    m_toldHash = m_knownHash;
    // The watches are with the file that was replaced.
    touched();
    return {};
}

void ConfigFile::touched()
{
    m_settleTimer.start(m_settings.settle);
}

void ConfigFile::lookAgain()
{
    // What is watched comes first, so that no change falls between the two.
    if (watch())
        return touched();
    const QByteArray hash = currentHash(m_path, m_settings.maxBytes);
    if (hash == m_toldHash)
        return;
    m_toldHash = hash;
    if (hash != m_knownHash)
        Q_EMIT changedOnDisk();
}

bool ConfigFile::watch()
{
    QStringList wanted;
    for (const QString &path : withLinkTargets(m_path)) {
        wanted.append(nearestDirectory(path));
        if (QFileInfo::exists(path))
            wanted.append(path);
    }
    wanted.removeDuplicates();
    const QStringList before = m_watcher->files() + m_watcher->directories();
    // Anew, because a watch stays with a file that has been replaced for as long as somebody has it open.
    if (!before.isEmpty())
        m_watcher->removePaths(before);
    m_watcher->addPaths(wanted);
    return std::ranges::any_of(wanted, [&before](const QString &path) { return !before.contains(path); });
}

} // namespace hearth::draft
