#include "runningprograms.h"

#include <QDir>
#include <QFileInfo>
#include <QSet>

#include <unistd.h>

namespace hearth::platform {

namespace {

/// More processes than this are not looked at, nor more of a command line: the event loop waits meanwhile.
constexpr qsizetype maxProcesses = 4096;
constexpr qint64 maxNameBytes = 4096;
/// TASK_COMM_LEN without its NUL: a name of this length may have been cut.
constexpr qsizetype commLength = 15;

QByteArray readStart(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly | QIODevice::Unbuffered) ? file.read(maxNameBytes) : QByteArray();
}

/// Without the folders before it, which programs under Wine separate by backslashes.
QString baseName(const QString &path)
{
    return path.sliced(qMax(path.lastIndexOf(u'/'), path.lastIndexOf(u'\\')) + 1);
}

/// The kernel's mark on an executable that has been replaced by an update while it runs.
QString withoutDeletedMark(QString path)
{
    constexpr auto mark = QLatin1String(" (deleted)");
    if (path.endsWith(mark))
        path.chop(mark.size());
    return path;
}

void addNames(const QString &process, QSet<QString> &names)
{
    names.insert(baseName(withoutDeletedMark(QFile::symLinkTarget(process + QStringLiteral("/exe")))));
    const QByteArray commandLine = readStart(process + QStringLiteral("/cmdline"));
    names.insert(baseName(QString::fromLocal8Bit(commandLine.constData())));
    const QString comm = QString::fromLocal8Bit(readStart(process + QStringLiteral("/comm"))).trimmed();
    if (comm.size() < commLength)
        names.insert(comm);
}

} // namespace

QStringList runningPrograms()
{
    return programsIn(QStringLiteral("/proc/"));
}

QStringList programsIn(const QString &root)
{
    QSet<QString> names;
    const QStringList processes =
        QDir(root).entryList({QStringLiteral("[0-9]*")}, QDir::Dirs | QDir::NoDotAndDotDot, QDir::Unsorted);
    for (const QString &process : processes.first(qMin(processes.size(), maxProcesses))) {
        if (QFileInfo(root + process).ownerId() == ::getuid())
            addNames(root + process, names);
    }
    names.remove(QString());
    return names.values();
}

} // namespace hearth::platform
