// WakeTest: what the tests of sleeping backends have in common.
//
// A StackTest whose stacks have a recipe, poll often and give up early.

#pragma once

#include "stacktest.h"

namespace hearth::testsupport {

/// A wake recipe of this type, with everything short that a test would have to wait for.
StackSettings wakeSettings(WakeType type, const QStringList &backendFlags = {});

/// The same with a script that only notes that it ran: what it wakes, and when, is the test's own affair.
StackSettings notedWakeSettings();

class WakeTest : public StackTest
{
    Q_OBJECT

protected:
    /// Makes a stack and starts it. Fails the test, and returns false, when the Llm does not become hibernating.
    bool startAsleep(const StackSettings &settings);

    /// Rows `http`, `command in the background` and `command in the foreground` with a column `type`.
    static void addWakeTypes();

    std::unique_ptr<HttpCall> stream(const QJsonObject &members = {}) const;
    /// A chat completion that is not streamed.
    std::unique_ptr<HttpCall> whole(const QJsonObject &members = {}) const;
    /// Alternately streamed and not, the query of each being its number.
    std::vector<std::unique_ptr<HttpCall>> mixedCalls(int count) const;

    QByteArray status() const { return m_stack->llm()[QLatin1String("status")].toString().toUtf8(); }

    int waiting() const { return m_stack->llm()[QLatin1String("waiting")].toInt(-1); }

    /// What the API shows of the wake that runs; empty when none does.
    QJsonObject wakeRun() const;

    bool isWaking() const { return !wakeRun().isEmpty(); }

    /// Wakes and waits for the answer; whether it came.
    bool isServed() const;
};

/// Whether this is a complete answer with status 200, streamed or not.
bool isWellAnswered(const HttpCall &call);

} // namespace hearth::testsupport
