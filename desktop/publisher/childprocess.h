// ChildProcess: one program of a command recipe, and the process group that it leads.
//
// Started without a shell, in a session of its own, with nothing of the publisher's but what Launch says. Not QProcess,
// which kills its program when it is destroyed and reads its output here: this program may be the backend. Used by
// CommandRecipeRun and ProcessGroupEnd. Publisher's thread.

#pragma once

#include "filedescriptor.h"
#include "result.h"

#include <QList>
#include <QSocketNotifier>
#include <QStringList>

#include <functional>
#include <memory>

namespace hearth::publisher {

class ChildProcess
{
public:
    struct Launch
    {
        /// An absolute path.
        QString program;
        QStringList arguments;
        /// `NAME=value` each, and nothing else.
        QList<QByteArray> environment;
        /// Descriptors for the program's standard output and standard error. Its standard input is empty.
        int output = -1;
        int error = -1;
    };

    struct Exit
    {
        enum class Kind { Status, Signal };

        Kind kind;
        /// The exit status, or the number of the signal that ended the program.
        int number;

        bool isSuccess() const { return kind == Kind::Status && number == 0; }
    };

    using Exited = std::function<void(Exit)>;

    /// `exited` is called once and never from inside this function; it may destroy the object. Error: WakeFailed when
    /// the program cannot be started.
    static Result<std::unique_ptr<ChildProcess>> start(const Launch &launch, Exited exited);
    /// The program lives on.
    ~ChildProcess();

    /// Sends `signal` to every process of the group. `exited` is not called any more.
    void signalGroup(int signal);

    /// Whether no process of the group is running. Only after signalGroup().
    bool groupIsGone();

private:
    ChildProcess(int id, FileDescriptor process, Exited exited);
    void noticeExit();

    // Of the program and of its group. The kernel gives the number to nobody else while the program has not been waited
    // for, which is done only by groupIsGone() and when this object has no more use for it, or while the group lives.
    const int m_id;
    FileDescriptor m_process;
    QSocketNotifier m_end;
    Exited m_exited;
    bool m_groupIsGone = false;
};

} // namespace hearth::publisher
