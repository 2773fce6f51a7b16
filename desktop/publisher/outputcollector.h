// OutputCollector: takes what a program writes, for as long as anybody writes, and keeps the last of it.
//
// CommandRecipeRun gives its program the two ends to write to. They are read by a small process of its own,
// `hearth-output`, which outlives this object and the publisher: a backend that a recipe has started goes on writing
// for ever, and must neither wait for a reader nor die of SIGPIPE. That process ends when nobody holds the ends any
// more. However much is written, it costs a fixed amount of memory and no disk. Publisher's thread.

#pragma once

#include "clock.h"
#include "filedescriptor.h"
#include "result.h"
#include "sharedtail.h"

#include <QSocketNotifier>

#include <functional>
#include <memory>

namespace hearth::publisher {

class OutputCollector
{
public:
    /// Error: WakeFailed, when the system has no process, memory or descriptor to spare. `clock` must outlive it.
    static Result<std::unique_ptr<OutputCollector>> start(Clock &clock);
    ~OutputCollector();

    /// What the program writes to. The descriptors are this object's and are not inherited by themselves.
    int outputEnd() const { return m_outputEnd.value(); }

    int errorEnd() const { return m_errorEnd.value(); }

    /// To be called when the program has its own.
    void closeEnds();

    /// Calls `caughtUp` when all that had been written before this call has been taken, after `limit` at the latest,
    /// and never from inside this function. It may destroy the collector.
    void catchUp(Duration limit, std::function<void()> caughtUp);
    void forgetCatchUp();

    QByteArray outputTail() const;
    QByteArray errorTail() const;

private:
    struct Tails
    {
        SharedTail output;
        SharedTail error;
    };

    struct Unmap
    {
        void operator()(Tails *tails) const;
    };

    using SharedTails = std::unique_ptr<Tails, Unmap>;

    /// One end of a pipe or of a pair of sockets each.
    struct Ends
    {
        FileDescriptor collector;
        FileDescriptor other;
    };

    OutputCollector(Clock &clock, SharedTails tails, FileDescriptor control, FileDescriptor outputEnd,
                    FileDescriptor errorEnd);

    static SharedTails mapTails();
    static Ends makePipe();
    static Ends makeControl();
    static FileDescriptor forkCollector(Tails &tails, int control, int output, int error);
    [[noreturn]] static void becomeCollector(Tails &tails, int control, int output, int error);
    [[noreturn]] static void collect(Tails &tails);
    void finishCatchUp();

    SharedTails m_tails;
    FileDescriptor m_control;
    FileDescriptor m_outputEnd;
    FileDescriptor m_errorEnd;
    QSocketNotifier m_answer;
    Timer m_limit;
    std::function<void()> m_caughtUp;
};

} // namespace hearth::publisher
