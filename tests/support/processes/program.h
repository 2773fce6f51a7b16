// Program: one run of one of the project's programs, or of one that a test needs beside them.
//
// Everything it writes goes into a file, so that it never waits for the test and its log outlives it. It is killed with
// the object, and also when the test itself dies. For the thread of the test; the waiting functions run the event loop.

#pragma once

#include <QProcess>
#include <QUrl>

#include <chrono>
#include <optional>

namespace hearth::testsupport {

/// The path of one of the project's programs.
QString programPath(const QString &name);

/// The variables for a program under test: nothing of Hearth's own, and `home` wherever a person's files would be.
QProcessEnvironment cleanEnvironment(const QString &home);

struct CommandResult
{
    /// Less than 0 when it was killed or never ran.
    int exitCode = -1;
    QByteArray output;
    QByteArray errors;
};

/// Runs a command to its end, which must come within 60 s.
CommandResult runCommand(const QString &path, const QStringList &arguments, const QProcessEnvironment &environment);

class Program
{
public:
    static constexpr std::chrono::milliseconds patience = std::chrono::seconds(20);

    Program(const QString &path, const QStringList &arguments, const QProcessEnvironment &environment, QString logFile);
    ~Program();
    Program(const Program &) = delete;
    Program &operator=(const Program &) = delete;

    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }

    qint64 pid() const { return m_process.processId(); }

    const QString &logFile() const { return m_logFile; }

    /// All that it has written so far.
    QByteArray log() const;
    /// Waits until it has written `text`; false at once when it ends without.
    bool waitForLog(QByteArrayView text, std::chrono::milliseconds limit = patience) const;
    /// Waits for the URL that it writes behind these words; empty when there is none to come.
    QUrl waitForUrl(const QByteArray &words = "listening on") const;

    void signal(int number) const;
    bool waitForExit(std::chrono::milliseconds limit = patience) const;
    /// Ends it without a chance to do anything about it, and waits until it is gone.
    void kill();
    /// Nothing while it runs, and when a signal ended it.
    std::optional<int> exitCode() const;
    /// Resident memory, in bytes.
    qint64 residentBytes() const;

private:
    QString m_logFile;
    QProcess m_process;
};

} // namespace hearth::testsupport
