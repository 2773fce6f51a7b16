#include "posixterminal.h"

#include <QDeadlineTimer>

#include <array>
#include <cerrno>
#include <poll.h>
#include <termios.h>

namespace hearth::headless {

namespace {

/// Longer than any address, name or key.
constexpr qsizetype maxLineBytes = 8192;

volatile std::sig_atomic_t caughtSignal = 0;

void noteSignal(int number)
{
    caughtSignal = number;
}

/// While it lives, signals that would end or stop the program are noted, and come in only where somebody waits with
/// before() as the mask.
class SignalHold
{
public:
    SignalHold()
    {
        sigset_t held;
        sigemptyset(&held);
        for (const int number : numbers)
            sigaddset(&held, number);
        sigprocmask(SIG_BLOCK, &held, &m_before);
        struct sigaction action = {};
        action.sa_handler = noteSignal;
        sigemptyset(&action.sa_mask);
        for (size_t i = 0; i < numbers.size(); ++i)
            sigaction(numbers[i], &action, &m_actions[i]);
    }

    ~SignalHold()
    {
        for (size_t i = 0; i < numbers.size(); ++i)
            sigaction(numbers[i], &m_actions[i], nullptr);
        sigprocmask(SIG_SETMASK, &m_before, nullptr);
    }

    SignalHold(const SignalHold &) = delete;
    SignalHold &operator=(const SignalHold &) = delete;

    const sigset_t &before() const { return m_before; }

private:
    static constexpr std::array numbers{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};

    sigset_t m_before;
    std::array<struct sigaction, numbers.size()> m_actions;
};

/// While it lives, the terminal does not show what is typed.
class EchoOff
{
public:
    explicit EchoOff(int terminal)
        : m_terminal(terminal)
        , m_isOff(::tcgetattr(terminal, &m_before) == 0)
    {
        termios silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        if (m_isOff)
            ::tcsetattr(m_terminal, TCSADRAIN, &silent);
    }

    ~EchoOff()
    {
        if (m_isOff)
            ::tcsetattr(m_terminal, TCSADRAIN, &m_before);
    }

    EchoOff(const EchoOff &) = delete;
    EchoOff &operator=(const EchoOff &) = delete;

private:
    const int m_terminal;
    termios m_before = {};
    const bool m_isOff;
};

sigset_t currentMask()
{
    sigset_t mask;
    sigprocmask(SIG_BLOCK, nullptr, &mask);
    return mask;
}

/// As ppoll(2): 0 when the time is over.
int waitForInput(int input, const QDeadlineTimer &deadline, const sigset_t &blocked)
{
    using namespace std::chrono;
    const nanoseconds left = deadline.remainingTimeAsDuration();
    const seconds whole = duration_cast<seconds>(left);
    const timespec timeout{.tv_sec = whole.count(), .tv_nsec = (left - whole).count()};
    pollfd poll{input, POLLIN, 0};
    return ::ppoll(&poll, 1, deadline.isForever() ? nullptr : &timeout, &blocked);
}

} // namespace

PosixTerminal::PosixTerminal(PosixTerminalSettings settings)
    : m_settings(settings)
{}

bool PosixTerminal::isInteractive() const
{
    return ::isatty(m_settings.input) == 1;
}

std::optional<QString> PosixTerminal::ask(const QString &question)
{
    write(m_settings.output, question + u' ');
    const std::optional<QByteArray> line = readLine(currentMask());
    if (!line)
        return std::nullopt;
    return QString::fromLocal8Bit(*line).trimmed();
}

std::optional<QByteArray> PosixTerminal::askSecret(const QString &question)
{
    std::optional<QByteArray> line;
    if (!isInteractive()) {
        line = readLine(currentMask());
        return line ? std::optional(line->trimmed()) : std::nullopt;
    }
    // Once, and once more each time that the program was stopped and goes on.
    for (int caught = -1; caught != 0;) {
        caughtSignal = 0;
        {
            const SignalHold hold;
            const EchoOff echoOff(m_settings.input);
            write(m_settings.output, question + u' ');
            line = readLine(hold.before());
        }
        write(m_settings.output, QStringLiteral("\n"));
        caught = caughtSignal;
        if (caught != 0)
            std::raise(caught);
    }
    return line ? std::optional(line->trimmed()) : std::nullopt;
}

void PosixTerminal::say(const QString &line)
{
    write(m_settings.output, line + u'\n');
}

void PosixTerminal::note(const QString &line)
{
    write(m_settings.errors, line + u'\n');
}

void PosixTerminal::write(int output, const QString &text) const
{
    const QByteArray bytes = text.toLocal8Bit();
    for (qsizetype done = 0; done < bytes.size();) {
        const ssize_t written = ::write(output, bytes.constData() + done, static_cast<size_t>(bytes.size() - done));
        // Whoever does not listen any more need not be told.
        if (written < 0 && errno != EINTR)
            return;
        done += written < 0 ? 0 : written;
    }
}

std::optional<QByteArray> PosixTerminal::readLine(const sigset_t &blocked) const
{
    const QDeadlineTimer deadline =
        isInteractive() ? QDeadlineTimer(QDeadlineTimer::Forever) : QDeadlineTimer(m_settings.inputTimeout);
    QByteArray line;
    // Byte by byte, for what follows the line belongs to whoever reads next.
    while (line.size() < maxLineBytes) {
        const int ready = waitForInput(m_settings.input, deadline, blocked);
        char byte = 0;
        const ssize_t got = ready > 0 ? ::read(m_settings.input, &byte, 1) : -1;
        if (got < 0 && ready != 0 && errno == EINTR && caughtSignal == 0)
            continue;
        if (got < 0 || (got == 0 && line.isEmpty()))
            return std::nullopt;
        if (got == 0 || byte == '\n')
            return line;
        line.append(byte);
    }
    return std::nullopt;
}

} // namespace hearth::headless
