// StackTest: what the tests of the running programs have in common.
//
// A test derives from it, starts a stack where it needs one, and finds it stopped and examined after every test
// function.

#pragma once

#include "stack.h"

#include <QTest>

namespace hearth::testsupport {

class StackTest : public QObject
{
    Q_OBJECT

protected:
    /// Makes a stack and starts all of it. Fails the test, and returns false, when it does not come up.
    bool startStack(const StackSettings &settings = {});
    /// Makes a stack and starts nothing.
    void makeStack(const StackSettings &settings = {});

    std::unique_ptr<Stack> m_stack;

protected Q_SLOTS:
    /// Qt Test calls it after every test function; one that hides it calls it.
    void cleanup();
};

} // namespace hearth::testsupport
