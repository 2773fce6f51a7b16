#include "signalwatch.h"

#include <QSocketNotifier>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace hearth {

namespace {

/// By number of the signal: where its handler writes that number. A pipe, for a handler may do little more than write()
/// (POSIX 2.4.3).
std::array<std::atomic<int>, NSIG> writeEnds;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler must not wait for a lock");

void handleSignal(int number)
{
    const int interrupted = errno;
    const auto byte = static_cast<unsigned char>(number);
    // A pipe that is full holds more signals than anybody has to hear of.
    [[maybe_unused]] const ssize_t written = ::write(writeEnds[static_cast<size_t>(number)], &byte, 1);
    errno = interrupted;
}

} // namespace

SignalWatch::SignalWatch(QList<int> numbers, Takes takes, QObject *parent)
    : QObject(parent)
    , m_numbers(std::move(numbers))
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        qFatal("cannot make a pipe for signals");
    m_readEnd = ends[0];
    m_writeEnd = ends[1];
    auto *const notifier = new QSocketNotifier(m_readEnd, QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &SignalWatch::read);

    struct sigaction action = {};
    action.sa_handler = handleSignal;
    action.sa_flags = takes == Takes::First ? static_cast<int>(SA_RESTART | SA_RESETHAND) : SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (const int number : std::as_const(m_numbers)) {
        writeEnds[static_cast<size_t>(number)] = m_writeEnd;
        sigaction(number, &action, nullptr);
    }
}

SignalWatch::~SignalWatch()
{
    for (const int number : std::as_const(m_numbers))
        std::signal(number, SIG_DFL);
    ::close(m_readEnd);
    ::close(m_writeEnd);
}

void SignalWatch::read()
{
    unsigned char number;
    if (::read(m_readEnd, &number, 1) == 1)
        Q_EMIT received(number);
}

bool endsWithTerminal()
{
    return ::isatty(STDIN_FILENO) == 1;
}

} // namespace hearth
