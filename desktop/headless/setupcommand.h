// SetupCommand: `hearth-publisher setup`, from the first question to the command that starts the publisher.
//
// main() runs one. It asks (SetupDialog), writes (ConfigWriter), looks at the result as hearth-publisher --check would
// (CheckRun) and says what comes next (nextSteps()). Nothing is written before everything has been answered. One
// thread, with an event loop.

#pragma once

#include "checkrun.h"
#include "configwriter.h"
#include "setupdialog.h"

namespace hearth::headless {

class SetupCommand final : public QObject
{
    Q_OBJECT

public:
    /// `terminal` and `clock` must outlive it.
    SetupCommand(const SetupOptions &options, Terminal &terminal, Clock &clock, QObject *parent = nullptr);

    /// To be called once. finished() follows, perhaps at once.
    void start();

Q_SIGNALS:
    /// What the program exits with: 0, 1, or 2 where options or files that are there already are at fault. The reason
    /// has been said, on standard error where it is a failure.
    void finished(int exitCode);

private:
    void answered(const Result<SetupAnswers> &answers);
    void written(const publisher::PublisherSettings &settings);
    void checked(bool allIsWell);
    void fail(const Error &error);

    const ConfigPlace m_place;
    const ConfigWriter m_writer;
    Terminal &m_terminal;
    Clock &m_clock;
    httpclient::HttpClient m_client;
    SetupDialog m_dialog;
};

} // namespace hearth::headless
