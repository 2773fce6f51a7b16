#include "childreaper.h"

#include <QSocketNotifier>

#include <sys/wait.h>

extern "C" {
#include <sys/pidfd.h> // In glibc 2.36 it does not say so itself.
}

namespace hearth::publisher {

namespace {

class ChildReaper final : public QObject
{
public:
    ChildReaper(FileDescriptor process, QObject *parent)
        : QObject(parent)
        , m_process(std::move(process))
        , m_notifier(m_process.value(), QSocketNotifier::Read)
    {
        connect(&m_notifier, &QSocketNotifier::activated, this, &ChildReaper::reap);
    }

private:
    void reap()
    {
        m_notifier.setEnabled(false);
        siginfo_t info = {};
        ::waitid(P_PIDFD, static_cast<id_t>(m_process.value()), &info, WEXITED | WNOHANG);
        deleteLater();
    }

    FileDescriptor m_process;
    QSocketNotifier m_notifier;
};

} // namespace

FileDescriptor openChild(int id)
{
    return FileDescriptor(::pidfd_open(id, 0));
}

void reapWhenEnded(FileDescriptor process)
{
    // The runs whose children these are may be long gone, so that only the thread itself can own the reapers.
    static thread_local QObject reapers;
    new ChildReaper(std::move(process), &reapers);
}

} // namespace hearth::publisher
