// ControlTest: what the tests of the control room share: each test function runs on each engine, on an empty database,
// with a server of its own.
//
// A test class derives from it and finds the harness made. For the thread of the test.

#pragma once

#include "controlharness.h"

#include <QObject>

#include <optional>

namespace hearth::testsupport {

class ControlTest : public QObject
{
    Q_OBJECT

protected Q_SLOTS:

    void initTestCase_data() { DatabaseFixture::addEngines(); }

    virtual void init();
    void cleanup();

protected:
    /// A server on the same database, with these settings, in place of the present one, which is shut down before.
    void makeHarness(const control::ControlSettings &settings = {},
                     Duration statementTimeout = std::chrono::seconds(5));

    /// Lets everything happen that has been sent, except for what the database does.
    static void deliver();

    FakeClock m_clock;
    std::optional<DatabaseFixture> m_fixture;
    std::optional<ControlHarness> m_harness;
    /// The name of the Llm that most tests are about.
    const QString m_name = QStringLiteral("m");
};

} // namespace hearth::testsupport
