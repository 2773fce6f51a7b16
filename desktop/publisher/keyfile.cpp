#include "keyfile.h"

#include "shellword.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace hearth::publisher {

namespace {

/// No key of any backend is nearly as long; a larger file is not a key file.
constexpr qint64 maxKeyBytes = 4096;

/// `remedy`: what to do where there is no key.
Result<QByteArray> read(const QString &path, const QString &remedy)
{
    const auto failure = [&path](const QString &what, const QString &advice) {
        return Error{ErrorCode::Configuration, QStringLiteral("The key file %1 %2. %3").arg(path, what, advice)};
    };
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        const bool isForbidden = file.error() == QFileDevice::PermissionsError;
        return failure(QStringLiteral("cannot be read: %1").arg(file.errorString()),
                       isForbidden ? QStringLiteral("The user that this program runs as must be allowed to read it.")
                                   : remedy);
    }
    const QByteArray key = file.read(maxKeyBytes + 1).trimmed();
    if (key.isEmpty())
        return failure(QStringLiteral("is empty"), remedy);
    const auto printable = [](char c) { return c > 0x20 && c < 0x7f; };
    if (key.size() > maxKeyBytes || !std::ranges::all_of(key, printable))
        return failure(QStringLiteral("is not one word"), QStringLiteral("It must hold one key and nothing else."));
    return key;
}

} // namespace

Result<QByteArray> readKeyFile(const QString &path)
{
    return read(path, QStringLiteral("It must hold one key and nothing else."));
}

Result<QByteArray> readPublisherKey(const QString &path)
{
    return read(path, QStringLiteral("Make a key on the server with \"hearthd key create --name NAME --scope publish\" "
                                     "and put it there."));
}

QString keyFileWarning(const QString &path)
{
    if (!(QFileInfo(path).permissions() & QFileDevice::ReadOther))
        return {};
    // Its group may be that of a service, and keeps it.
    return QStringLiteral("Every user of this machine can read the key file %1. Run: chmod o-rwx %2")
        .arg(path, shellWord(path));
}

} // namespace hearth::publisher
