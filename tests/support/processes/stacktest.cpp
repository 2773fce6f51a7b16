#include "stacktest.h"

namespace hearth::testsupport {

void StackTest::makeStack(const StackSettings &settings)
{
    m_stack = std::make_unique<Stack>(settings);
}

bool StackTest::startStack(const StackSettings &settings)
{
    makeStack(settings);
    return QTest::qVerify(m_stack->start(), "stack.start()", "The programs do not come up.", __FILE__, __LINE__);
}

void StackTest::cleanup()
{
    const std::unique_ptr<Stack> stack = std::move(m_stack);
    if (!stack)
        return;
    const QString problems = stack->finish();
    if (QTest::currentTestFailed() || !problems.isEmpty())
        qInfo().noquote() << stack->logTails();
    QVERIFY2(problems.isEmpty(), qPrintable(problems));
}

} // namespace hearth::testsupport
