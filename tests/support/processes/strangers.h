// strangers(): the processes of a stack that are not its own programs, such as what a recipe has started.
//
// They are recognised by their environment: everything that a stack starts, and everything that is started by that, has
// the stack's folder as its HOME. Called by Stack and by tests that want nothing left behind.

#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace hearth::testsupport {

struct Stranger
{
    qint64 pid = 0;
    /// As `ps -o comm` shows it.
    QByteArray name;
    /// Its arguments, separated by spaces.
    QByteArray commandLine;
};

/// Everything alive with this HOME but hearthd and hearth-publisher.
QList<Stranger> strangers(const QString &home);

} // namespace hearth::testsupport
