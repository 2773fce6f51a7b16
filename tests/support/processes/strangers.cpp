#include "strangers.h"

#include <QDir>
#include <QFile>

namespace hearth::testsupport {

namespace {

/// Empty for what has ended in the meantime, and for what is only waiting to be reaped.
QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool isProgramOfTheStack(const QByteArray &name)
{
    // The kernel keeps 15 bytes of a name.
    return name == "hearthd" || name == QByteArray("hearth-publisher").first(15);
}

} // namespace

QList<Stranger> strangers(const QString &home)
{
    QList<Stranger> found;
    const QByteArray variable = "HOME=" + home.toUtf8();
    const QStringList entries = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs);
    for (const QString &entry : entries) {
        bool isProcess = false;
        const qint64 pid = entry.toLongLong(&isProcess);
        const QString folder = QStringLiteral("/proc/") + entry;
        if (!isProcess || !contentOf(folder + QStringLiteral("/environ")).split('\0').contains(variable))
            continue;
        const QByteArray name = contentOf(folder + QStringLiteral("/comm")).trimmed();
        if (!isProgramOfTheStack(name))
            found.append({pid, name, contentOf(folder + QStringLiteral("/cmdline")).replace('\0', ' ').trimmed()});
    }
    return found;
}

} // namespace hearth::testsupport
