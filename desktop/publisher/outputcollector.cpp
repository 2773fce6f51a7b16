#include "outputcollector.h"

#include "childreaper.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <csignal>
#include <fcntl.h>
#include <new>
#include <system_error>

namespace hearth::publisher {

namespace {

/// Where the collecting process has its descriptors; it needs no standard streams.
enum Place { ControlPlace, OutputPlace, ErrorPlace, PlaceCount };

// With both ends above the places, dup2() to one never closes an end that is still needed.
FileDescriptor abovePlaces(FileDescriptor end)
{
    if (end.value() >= PlaceCount || !end.isValid())
        return end;
    return FileDescriptor(::fcntl(end.value(), F_DUPFD_CLOEXEC, static_cast<int>(PlaceCount)));
}

Error cannotCollect()
{
    const std::string reason = std::generic_category().message(errno);
    return {ErrorCode::WakeFailed,
            QStringLiteral("The recipe's command cannot be started: %1.").arg(QString::fromStdString(reason))};
}

} // namespace

void OutputCollector::Unmap::operator()(Tails *tails) const
{
    tails->~Tails();
    ::munmap(tails, sizeof(Tails));
}

OutputCollector::SharedTails OutputCollector::mapTails()
{
    void *memory = ::mmap(nullptr, sizeof(Tails), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return SharedTails(memory == MAP_FAILED ? nullptr : new (memory) Tails);
}

OutputCollector::Ends OutputCollector::makePipe()
{
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return {};
    return {abovePlaces(FileDescriptor(ends[0])), abovePlaces(FileDescriptor(ends[1]))};
}

OutputCollector::Ends OutputCollector::makeControl()
{
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return {};
    return {abovePlaces(FileDescriptor(ends[0])), abovePlaces(FileDescriptor(ends[1]))};
}

Result<std::unique_ptr<OutputCollector>> OutputCollector::start(Clock &clock)
{
    SharedTails tails = mapTails();
    if (!tails)
        return cannotCollect();
    Ends control = makeControl();
    Ends output = makePipe();
    Ends error = makePipe();
    for (const Ends *ends : {&control, &output, &error}) {
        if (!ends->collector.isValid() || !ends->other.isValid())
            return cannotCollect();
    }
    FileDescriptor process =
        forkCollector(*tails, control.collector.value(), output.collector.value(), error.collector.value());
    if (!process.isValid())
        return cannotCollect();
    reapWhenEnded(std::move(process));
    return std::unique_ptr<OutputCollector>(new OutputCollector(clock, std::move(tails), std::move(control.other),
                                                                std::move(output.other), std::move(error.other)));
}

FileDescriptor OutputCollector::forkCollector(Tails &tails, int control, int output, int error)
{
    // The publisher's signal handlers must not run in the new process, not even before it has come to its own code.
    sigset_t all;
    sigset_t previous;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &previous);
    const pid_t process = ::_Fork();
    if (process == 0)
        becomeCollector(tails, control, output, error);
    pthread_sigmask(SIG_SETMASK, &previous, nullptr);
    return process < 0 ? FileDescriptor() : openChild(process);
}

// From here on it is the process that collects. It is a copy of a process that had other threads, so only what is
// async-signal-safe may be called. All signals stay blocked: neither the end of the publisher's session nor a polite
// request to end concerns it, only the end of those who write.
void OutputCollector::becomeCollector(Tails &tails, int control, int output, int error)
{
    ::setsid();
    ::prctl(PR_SET_NAME, "hearth-output");
    [[maybe_unused]] const int left = ::chdir("/");
    if (::dup2(control, ControlPlace) < 0 || ::dup2(output, OutputPlace) < 0 || ::dup2(error, ErrorPlace) < 0 ||
        ::close_range(PlaceCount, ~0U, 0) != 0)
        ::_exit(EXIT_FAILURE);
    collect(tails);
}

void OutputCollector::collect(Tails &tails)
{
    // The control stands first: poll() looks at it before the streams, so what was written before it was asked is seen.
    pollfd places[PlaceCount] = {{ControlPlace, POLLIN, 0}, {OutputPlace, POLLIN, 0}, {ErrorPlace, POLLIN, 0}};
    while (places[OutputPlace].fd >= 0 || places[ErrorPlace].fd >= 0) {
        if (::poll(places, PlaceCount, -1) < 0)
            continue;
        if (places[OutputPlace].revents != 0 && tails.output.takeFrom(OutputPlace) <= 0)
            places[OutputPlace].fd = -1;
        if (places[ErrorPlace].revents != 0 && tails.error.takeFrom(ErrorPlace) <= 0)
            places[ErrorPlace].fd = -1;
        const bool isQuiet = places[OutputPlace].revents == 0 && places[ErrorPlace].revents == 0;
        if (!isQuiet || places[ControlPlace].revents == 0)
            continue;
        char question = 0;
        if (::read(ControlPlace, &question, 1) != 1 || ::send(ControlPlace, &question, 1, MSG_NOSIGNAL) != 1)
            places[ControlPlace].fd = -1;
    }
    ::_exit(EXIT_SUCCESS);
}

OutputCollector::OutputCollector(Clock &clock, SharedTails tails, FileDescriptor control, FileDescriptor outputEnd,
                                 FileDescriptor errorEnd)
    : m_tails(std::move(tails))
    , m_control(std::move(control))
    , m_outputEnd(std::move(outputEnd))
    , m_errorEnd(std::move(errorEnd))
    , m_answer(m_control.value(), QSocketNotifier::Read)
    , m_limit(clock, [this] { finishCatchUp(); })
{
    m_answer.setEnabled(false);
    QObject::connect(&m_answer, &QSocketNotifier::activated, &m_answer, [this] { finishCatchUp(); });
}

OutputCollector::~OutputCollector() = default;

void OutputCollector::closeEnds()
{
    m_outputEnd.close();
    m_errorEnd.close();
}

void OutputCollector::catchUp(Duration limit, std::function<void()> caughtUp)
{
    m_caughtUp = std::move(caughtUp);
    m_limit.start(limit);
    // Where nobody writes any more the process has ended: then the end of the connection is the answer.
    const char question = 0;
    ::send(m_control.value(), &question, 1, MSG_NOSIGNAL);
    m_answer.setEnabled(true);
}

void OutputCollector::forgetCatchUp()
{
    m_answer.setEnabled(false);
    m_limit.stop();
    m_caughtUp = {};
}

void OutputCollector::finishCatchUp()
{
    const std::function<void()> caughtUp = std::move(m_caughtUp);
    forgetCatchUp();
    caughtUp();
}

QByteArray OutputCollector::outputTail() const
{
    return m_tails->output.bytes();
}

QByteArray OutputCollector::errorTail() const
{
    return m_tails->error.bytes();
}

} // namespace hearth::publisher
