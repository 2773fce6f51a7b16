// PosixTerminal: the terminal that the program was started from, or whatever its input and output are instead.
//
// main() makes one for `hearth-publisher setup`, and for `--check`, which only writes. Asking blocks in read(), and
// with it the event loop: between two turns of a dialog nothing else is to be done. A signal that comes while a secret
// is typed (Ctrl-C, Ctrl-Z) takes effect only after the terminal shows again what is typed. One thread, and one object
// that asks at a time.

#pragma once

#include "clock.h"
#include "terminal.h"

#include <csignal>
#include <unistd.h>

namespace hearth::headless {

struct PosixTerminalSettings
{
    // The descriptors stay open and must outlive it.
    int input = STDIN_FILENO;
    int output = STDOUT_FILENO;
    int errors = STDERR_FILENO;
    /// For a line of an input that is no terminal. A person may sit behind it all the same, and unlock a store of keys.
    Duration inputTimeout = std::chrono::minutes(2);
};

class PosixTerminal final : public Terminal
{
public:
    explicit PosixTerminal(PosixTerminalSettings settings = {});

    bool isInteractive() const override;
    std::optional<QString> ask(const QString &question) override;
    std::optional<QByteArray> askSecret(const QString &question) override;
    void say(const QString &line) override;
    void note(const QString &line) override;

private:
    void write(int output, const QString &text) const;
    /// Nothing at the end of the input, when it takes too long, and when a signal comes that is not in `blocked`, the
    /// mask while it waits.
    std::optional<QByteArray> readLine(const sigset_t &blocked) const;

    const PosixTerminalSettings m_settings;
};

} // namespace hearth::headless
