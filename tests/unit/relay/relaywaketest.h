// RelayWakeTest: what the tests of wakes share: an Llm that sleeps, requests that wait for it, and a publisher's words.
//
// A test class derives from it. For the thread of the test.

#pragma once

#include "linktest.h"

namespace hearth::testsupport {

class RelayWakeTest : public LinkTest
{
    Q_OBJECT

protected Q_SLOTS:
    void init();

protected:
    using Waiter = std::pair<std::unique_ptr<AnswerRecorder>, TaskPointer>;

    /// The publisher reports this state of the Llm.
    void report(channel::ReportedState state);
    /// A request; without a task when it was refused.
    Waiter wait();
    /// The wake that the publisher has been sent.
    TaskId nextWake();
    void succeed(TaskId wake, Duration duration = std::chrono::seconds(1));
    void fail(TaskId wake, const QString &code = QStringLiteral("wake_failed"));
};

} // namespace hearth::testsupport
