// The processes of this machine, as a test wants to know them.

#pragma once

#include <QByteArray>
#include <QList>

struct ProcessRow
{
    int id = 0;
    /// Without its path, at most 15 characters.
    QByteArray name;
    int parent = 0;
    int group = 0;
};

/// All processes, without those that have ended and were not waited for yet.
QList<ProcessRow> runningProcesses();

bool isRunning(int process);

/// Those of a process group.
QList<int> runningInGroup(int group);

/// Whether this process has children, ended ones included.
bool hasChildren();
