// TerminalProgram: a program on a terminal of its own, of which the test holds the other end.
//
// The program is a job in the foreground, as a shell would start it, so that keys such as Ctrl-Z do to it what they do
// to a person's; what stands for the shell passes SIGHUP on and ends as the program does. All of it is killed with the
// object. For the thread of the test; the waiting functions run the event loop.

#pragma once

#include "program.h"

namespace hearth::testsupport {

class TerminalProgram
{
public:
    /// Fails the test when there is no terminal to be had.
    TerminalProgram(const QString &path, const QStringList &arguments, const QProcessEnvironment &environment);
    ~TerminalProgram();
    TerminalProgram(const TerminalProgram &) = delete;
    TerminalProgram &operator=(const TerminalProgram &) = delete;

    /// Waits until the terminal has shown `words` once more than it had when this was called last.
    bool waitFor(const QByteArray &words);

    /// All that the terminal has shown.
    const QByteArray &shown() const { return m_shown; }

    void type(const QByteArray &keys) const;
    bool hasEcho() const;

    void signal(int number) const;
    bool isStopped() const;
    /// As when a person closes the window.
    void close();
    /// As waitpid() tells it; nothing when it does not end.
    std::optional<int> waitForEnd();

private:
    /// Of the job in the foreground; 0 when there is none.
    pid_t program() const;

    int m_master = -1;
    int m_terminal = -1;
    pid_t m_shell = -1;
    QByteArray m_shown;
    /// How much of that has been waited for.
    qsizetype m_seen = 0;
};

} // namespace hearth::testsupport
