#include "relaywaketest.h"

#include "lifecycle.h"

namespace hearth::testsupport {

using channel::ReportedState;
using namespace std::chrono_literals;

void RelayWakeTest::init()
{
    LinkTest::init();
    m_llm.maxConcurrency = 2;
    m_llm.wake = domain::WakeInfo{domain::WakeKind::Command, 30s, 60s};
    m_relay->onWoken([this](const LlmId &) { report(ReportedState::Active); });
    report(ReportedState::Hibernating);
}

void RelayWakeTest::report(ReportedState state)
{
    domain::applyReport(m_llm, state, m_clock->wallNow());
    set(m_llm);
}

RelayWakeTest::Waiter RelayWakeTest::wait()
{
    auto recorder = std::make_unique<AnswerRecorder>();
    Result<TaskPointer> task = submit(*recorder);
    return {std::move(recorder), task ? std::move(*task) : nullptr};
}

TaskId RelayWakeTest::nextWake()
{
    const auto wake = m_publisher->next<channel::Wake>();
    return wake ? wake->task : TaskId{};
}

void RelayWakeTest::succeed(TaskId wake, Duration duration)
{
    m_link->receive(channel::WakeResult{.task = wake, .ok = true, .durationMs = duration.count()});
}

void RelayWakeTest::fail(TaskId wake, const QString &code)
{
    m_link->receive(
        channel::WakeResult{.task = wake, .ok = false, .code = code, .message = QStringLiteral("exit status 3")});
}

} // namespace hearth::testsupport
