#include "processtable.h"

#include <QDir>

#include <sys/wait.h>

#include <algorithm>

QList<ProcessRow> runningProcesses()
{
    QList<ProcessRow> rows;
    const QStringList names = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs);
    for (const QString &name : names) {
        QFile file(QStringLiteral("/proc/%1/stat").arg(name));
        if (name.toInt() == 0 || !file.open(QIODevice::ReadOnly))
            continue;
        // "12 (name) S 1 12 …": the name may hold anything, brackets included (proc(5)).
        const QByteArray stat = file.readAll();
        const qsizetype nameEnd = stat.lastIndexOf(')');
        const QList<QByteArray> fields = stat.mid(nameEnd + 2).split(' ');
        if (fields.size() < 3 || fields[0] == "Z" || fields[0] == "X")
            continue;
        const qsizetype nameStart = stat.indexOf('(') + 1;
        rows.append({name.toInt(), stat.mid(nameStart, nameEnd - nameStart), fields[1].toInt(), fields[2].toInt()});
    }
    return rows;
}

bool isRunning(int process)
{
    return std::ranges::any_of(runningProcesses(), [&](const ProcessRow &row) { return row.id == process; });
}

QList<int> runningInGroup(int group)
{
    QList<int> members;
    for (const ProcessRow &row : runningProcesses()) {
        if (row.group == group)
            members.append(row.id);
    }
    return members;
}

bool hasChildren()
{
    siginfo_t info = {};
    return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}
