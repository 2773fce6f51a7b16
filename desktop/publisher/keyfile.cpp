#include "keyfile.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace hearth::publisher {

namespace {

/// No key of any backend is nearly as long; a larger file is not a key file.
constexpr qint64 maxKeyBytes = 4096;

} // namespace

Result<QByteArray> readKeyFile(const QString &path)
{
    const auto failure = [&path](const QString &what) {
        return Error{ErrorCode::Configuration, QStringLiteral("The key file %1 %2").arg(path, what)};
    };
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(QStringLiteral("cannot be read: %1.").arg(file.errorString()));
    const QByteArray key = file.read(maxKeyBytes + 1).trimmed();
    if (key.isEmpty())
        return failure(QStringLiteral("is empty. Put the key into it, and nothing else."));
    const auto printable = [](char c) { return c > 0x20 && c < 0x7f; };
    if (key.size() > maxKeyBytes || !std::ranges::all_of(key, printable))
        return failure(QStringLiteral("must contain one key and nothing else."));
    return key;
}

QString keyFileWarning(const QString &path)
{
    if (!(QFileInfo(path).permissions() & QFileDevice::ReadOther))
        return {};
    return QStringLiteral("Every user of this machine can read the key file %1. Run: chmod 600 %1").arg(path);
}

} // namespace hearth::publisher
