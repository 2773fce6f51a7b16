#include "keystore.h"

#include <QCoreApplication>
#include <QDir>
#include <QTemporaryFile>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <unistd.h>

namespace hearth::platform {

namespace {

class KeyNotices
{
    Q_DECLARE_TR_FUNCTIONS(hearth::platform::KeyNotices)

public:
    static QString inKeyring() { return tr("The key is in the keyring of your desktop."); }

    static QString inFile(const QString &file, const QString &reason)
    {
        return tr("The key is in the file %1, which only you can read. %2").arg(file, reason);
    }

    static QString notWritten(const QString &file, const QString &reason)
    {
        return tr("The key file %1 cannot be written: %2.").arg(file, reason);
    }

    static QString noDirectory() { return tr("its directory cannot be made"); }
};

/// A directory that is made here is for its owner alone, as the XDG base directory specification wants it.
bool makeDirectory(const QString &path)
{
    const QFileInfo directory(path);
    if (directory.isDir())
        return true;
    return QDir().mkpath(directory.absolutePath()) &&
           QDir().mkdir(path, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
}

Result<StoredKey> storeInFile(const QString &configFile, const QString &named, const QByteArray &key,
                              const QString &reason)
{
    const QString file = freeKeyFile(configFile, QFileInfo(configFile).completeBaseName(), {named});
    if (const Result<void> written = writeKeyFile(file, key); !written)
        return written.error();
    return StoredKey{file, KeyNotices::inFile(file, reason)};
}

} // namespace

QString keyEntry(const QString &configFile)
{
    return QStringLiteral("publisher:") + QDir::cleanPath(QFileInfo(configFile).absoluteFilePath());
}

void storeKey(KeyStore &store, const QString &configFile, const QString &named, const QByteArray &key,
              std::function<void(Result<StoredKey>)> done)
{
    store.write(keyEntry(configFile), key,
                [configFile, named, key, done = std::move(done)](const Result<void> &written) {
                    if (written)
                        done(StoredKey{{}, KeyNotices::inKeyring()});
                    else if (written.error().code == ErrorCode::Io)
                        done(storeInFile(configFile, named, key, written.error().message));
                    else
                        done(written.error());
                });
}

QString freeKeyFile(const QString &configFile, const QString &name, const QStringList &named)
{
    const QDir directory = QFileInfo(configFile).absoluteDir();
    const auto isOurs = [&](const QString &path) {
        return std::ranges::any_of(named, [&](const QString &own) {
            return !own.isEmpty() && QDir::cleanPath(directory.absoluteFilePath(own)) == path;
        });
    };
    const auto path = [&](const QString &fileName) {
        return QDir::cleanPath(directory.filePath(fileName + QStringLiteral(".key")));
    };
    QString file = path(name);
    for (int number = 2; QFileInfo::exists(file) && !isOurs(file); ++number)
        file = path(QStringLiteral("%1-%2").arg(name).arg(number));
    return file;
}

// QTemporaryFile makes its files with 0600, so there is no moment at which somebody else could open this one. It takes
// its place only when the whole key is on the disk.
Result<void> writeKeyFile(const QString &path, const QByteArray &key)
{
    const auto failure = [&path](const QString &reason) {
        return Error{ErrorCode::Io, KeyNotices::notWritten(path, reason)};
    };
    if (!makeDirectory(QFileInfo(path).absolutePath()))
        return failure(KeyNotices::noDirectory());
    QTemporaryFile file(path + QStringLiteral(".XXXXXX"));
    const bool isWritten = file.open() && file.write(key + '\n') > 0 && file.flush();
    if (!isWritten)
        return failure(file.errorString());
    const QByteArray written = QFile::encodeName(file.fileName());
    if (::fsync(file.handle()) != 0 || std::rename(written.constData(), QFile::encodeName(path).constData()) != 0)
        return failure(qt_error_string(errno));
    file.setAutoRemove(false);
    return {};
}

} // namespace hearth::platform
