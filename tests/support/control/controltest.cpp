#include "controltest.h"

namespace hearth::testsupport {

void ControlTest::init()
{
    QFETCH_GLOBAL(storage::Engine, engine);
    m_fixture.emplace(engine);
    QVERIFY2(m_fixture->problem().isEmpty(), qPrintable(m_fixture->problem()));
    makeHarness();
}

void ControlTest::cleanup()
{
    m_harness.reset();
    m_fixture.reset();
}

void ControlTest::makeHarness(const control::ControlSettings &settings, Duration statementTimeout)
{
    m_harness.reset();
    m_harness.emplace(m_clock, m_fixture->url(), settings, statementTimeout);
}

void ControlTest::deliver()
{
    // A delivery may cause another one: an answer, or a close that waits for its turn.
    for (int i = 0; i < 3; ++i)
        QCoreApplication::processEvents();
}

} // namespace hearth::testsupport
