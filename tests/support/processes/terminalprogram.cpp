#include "terminalprogram.h"

#include <QFile>
#include <QTest>

#include <csignal>
#include <fcntl.h>
#include <pty.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <utmp.h>

#include <array>
#include <cerrno>
#include <utility>
#include <vector>

namespace hearth::testsupport {

namespace {

/// Strings as execve() takes them.
class Words
{
public:
    explicit Words(const QStringList &words)
    {
        for (const QString &word : words)
            m_bytes.append(QFile::encodeName(word));
        for (QByteArray &word : m_bytes)
            m_pointers.push_back(word.data());
        m_pointers.push_back(nullptr);
    }

    char *const *data() const { return m_pointers.data(); }

private:
    QByteArrayList m_bytes;
    std::vector<char *> m_pointers;
};

// What follows runs between fork() and exec(), and may only do what a signal handler may.

volatile sig_atomic_t job = 0;

void passOn(int number)
{
    ::kill(job, number);
}

[[noreturn]] void becomeProgram(const Words &words, const Words &variables)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setpgid(0, 0);
    // Who is in the background yet may change that only with this signal out of the way.
    std::signal(SIGTTOU, SIG_IGN);
    ::tcsetpgrp(STDIN_FILENO, ::getpid());
    std::signal(SIGTTOU, SIG_DFL);
    ::execve(words.data()[0], words.data(), variables.data());
    ::_exit(127);
}

[[noreturn]] void becomeShell(int terminal, const Words &words, const Words &variables)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::login_tty(terminal);
    const pid_t program = ::fork();
    if (program == 0)
        becomeProgram(words, variables);
    job = program;
    std::signal(SIGHUP, passOn);
    int status = 0;
    while (::waitpid(program, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFSIGNALED(status)) {
        std::signal(WTERMSIG(status), SIG_DFL);
        ::kill(::getpid(), WTERMSIG(status));
    }
    ::_exit(WEXITSTATUS(status));
}

} // namespace

TerminalProgram::TerminalProgram(const QString &path, const QStringList &arguments,
                                 const QProcessEnvironment &environment)
{
    const Words words(QStringList(path) + arguments);
    const Words variables(environment.toStringList());
    if (::openpty(&m_master, &m_terminal, nullptr, nullptr, nullptr) != 0)
        qFatal("no terminal");
    ::fcntl(m_master, F_SETFL, O_NONBLOCK);
    for (const int end : {m_master, m_terminal})
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
    m_shell = ::fork();
    if (m_shell == 0) {
        // Else the terminal would never be closed.
        ::close(m_master);
        becomeShell(m_terminal, words, variables);
    }
}

TerminalProgram::~TerminalProgram()
{
    if (m_shell > 0) {
        signal(SIGKILL);
        ::kill(m_shell, SIGKILL);
        ::waitpid(m_shell, nullptr, 0);
    }
    close();
    ::close(m_terminal);
}

bool TerminalProgram::waitFor(const QByteArray &words)
{
    const auto isShown = [&] {
        std::array<char, 4096> bytes;
        const ssize_t count = ::read(m_master, bytes.data(), bytes.size());
        if (count > 0)
            m_shown.append(bytes.data(), count);
        const qsizetype found = m_shown.indexOf(words, m_seen);
        if (found >= 0)
            m_seen = found + words.size();
        return found >= 0;
    };
    return QTest::qWaitFor(isShown, Program::patience.count());
}

void TerminalProgram::type(const QByteArray &keys) const
{
    if (::write(m_master, keys.constData(), static_cast<size_t>(keys.size())) != keys.size())
        qFatal("the terminal takes nothing");
}

bool TerminalProgram::hasEcho() const
{
    termios state = {};
    return ::tcgetattr(m_terminal, &state) == 0 && (state.c_lflag & ECHO) != 0;
}

void TerminalProgram::signal(int number) const
{
    if (const pid_t pid = program(); pid > 0)
        ::kill(pid, number);
}

bool TerminalProgram::isStopped() const
{
    // The state follows the name, which is in brackets (proc(5)).
    QFile file(QStringLiteral("/proc/%1/stat").arg(program()));
    return file.open(QIODevice::ReadOnly) && file.readAll().contains(") T ");
}

void TerminalProgram::close()
{
    if (m_master >= 0)
        ::close(std::exchange(m_master, -1));
}

std::optional<int> TerminalProgram::waitForEnd()
{
    int status = 0;
    const auto hasEnded = [&] { return ::waitpid(m_shell, &status, WNOHANG) == m_shell; };
    if (!QTest::qWaitFor(hasEnded, Program::patience.count()))
        return std::nullopt;
    m_shell = 0;
    return status;
}

pid_t TerminalProgram::program() const
{
    return m_master >= 0 ? ::tcgetpgrp(m_master) : 0;
}

} // namespace hearth::testsupport
