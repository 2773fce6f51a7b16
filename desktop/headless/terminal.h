// Terminal: where a program and a person take turns: one says or asks something, the other answers.
//
// SetupDialog talks through it. PosixTerminal is the real one; tests have one with a script. Asking blocks its thread
// until there is an answer, which a person may take any time for and a program only so long: only for programs that
// have nothing else to do meanwhile.

#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace hearth::headless {

class Terminal
{
public:
    Terminal() = default;
    virtual ~Terminal() = default;
    Terminal(const Terminal &) = delete;
    Terminal &operator=(const Terminal &) = delete;

    /// Whether a person is there to answer. Where none is, answers can still come from a file or a program.
    virtual bool isInteractive() const = 0;
    /// One line, without the white space around it; nothing when no more will come, or not in time.
    virtual std::optional<QString> ask(const QString &question) = 0;
    /// The same, and nobody sees what is typed. Without a person the question is not shown.
    virtual std::optional<QByteArray> askSecret(const QString &question) = 0;
    virtual void say(const QString &line) = 0;
    /// For whoever wonders what goes on, even where all that is said goes into a file.
    virtual void note(const QString &line) = 0;
};

} // namespace hearth::headless
