// Settings that are replaced while the relay works: a request keeps those that it was submitted under.

#include "relaypooltest.h"

#include <QTest>

using namespace hearth;
using namespace hearth::relay;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestRelaySettings final : public RelayPoolTest
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void deadlinesAreThoseOfTheSubmission_data();
    void deadlinesAreThoseOfTheSubmission();
    void attemptsAreThoseOfTheSubmission();
    void theWaitIsThatOfTheSubmission();
    void targetsGetTheDeadlinesOfTheSubmission();
    void whoWaitsIsServedByTheNewRules();
    void itTellsWhatItWorksWith();
};

namespace {

/// Notes the deadlines of the requests that it gets, and keeps their slots.
class DeadlineTarget final : public TaskTarget
{
public:
    QList<std::pair<Duration, Duration>> deadlines;

    TaskId start(const domain::Llm &, const InferRequest &request, int, Slot slot, TaskObserver &) override
    {
        deadlines.append({request.firstByte, request.idle});
        m_slots.push_back(std::move(slot));
        return TaskId{static_cast<quint64>(deadlines.size())};
    }

    void cancel(TaskId) override {}

    void consumed(TaskId, qint64) override {}

    void releaseAll() { const std::vector<Slot> released = std::exchange(m_slots, {}); }

private:
    std::vector<Slot> m_slots;
};

} // namespace

void TestRelaySettings::init()
{
    RelayPoolTest::init();
    makeRelay({.maxAttempts = 1, .firstByte = 100s, .idle = 100s});
}

void TestRelaySettings::deadlinesAreThoseOfTheSubmission_data()
{
    QTest::addColumn<bool>("hasBegun");
    QTest::newRow("first byte") << false;
    QTest::newRow("idle") << true;
}

void TestRelaySettings::deadlinesAreThoseOfTheSubmission()
{
    QFETCH(bool, hasBegun);
    Box &box = addBox(QStringLiteral("a"), [](domain::Llm &llm) { llm.maxConcurrency = 2; });
    AnswerRecorder &before = makeRecorder();
    const auto running = submit(m_pool, before);
    const TaskId first = box.nextTask();
    if (hasBegun)
        box.head(first, 200);
    m_relay->setSettings({.firstByte = 10s, .idle = 10s});
    AnswerRecorder &after = makeRecorder();
    const auto next = submit(m_pool, after);
    const TaskId second = box.nextTask();
    if (hasBegun) {
        box.head(second, 200);
        box.link->receiveBody(first, "a piece, behind which the wait begins anew");
    }

    m_clock->advance(10s);
    QCOMPARE(records().size(), 1);
    QVERIFY(records()[0].error == ErrorCode::BackendTimeout);
    QVERIFY(after.error);
    QVERIFY(!before.error);
    box.link->receive(channel::Cancelled{second});
    m_clock->advance(90s);
    QCOMPARE(records().size(), 2);
    QVERIFY(before.error);
}

void TestRelaySettings::attemptsAreThoseOfTheSubmission()
{
    Box &a = addBox(QStringLiteral("a"));
    AnswerRecorder &before = makeRecorder();
    const auto once = submit(m_pool, before);
    const TaskId first = a.nextTask();
    m_relay->setSettings({.maxAttempts = 2});
    Box &b = addBox(QStringLiteral("b"));
    a.fail(first, "backend_unreachable");
    QVERIFY(before.error);
    QVERIFY(!b.hasTask());

    AnswerRecorder &after = makeRecorder();
    const auto twice = submit(m_pool, after);
    QVERIFY(b.hasTask());
    b.fail(b.nextTask(), "backend_unreachable");
    QVERIFY(!after.error);
    QVERIFY(a.hasTask());
}

void TestRelaySettings::theWaitIsThatOfTheSubmission()
{
    makeRelay({.scheduler = {.maxWait = 100s}});
    Box &a = addBox(QStringLiteral("a"));
    AnswerRecorder &recorder = makeRecorder();
    const auto task = submit(m_pool, recorder);
    m_relay->setSettings({.scheduler = {.maxWait = 10s}});
    // It fails over to one that is full, and waits again.
    Box &b = addBox(QStringLiteral("b"));
    AnswerRecorder &other = makeRecorder();
    const auto running = submit(m_pool, other);
    QVERIFY(b.hasTask());
    a.fail(a.nextTask(), "backend_unreachable");
    QVERIFY((*task)->isWaiting());
    m_clock->advance(99s);
    QVERIFY((*task)->isWaiting());
    m_clock->advance(1s);
    QVERIFY(recorder.error);
}

void TestRelaySettings::targetsGetTheDeadlinesOfTheSubmission()
{
    DeadlineTarget target;
    m_relay->setPublicTarget(target);
    domain::Llm llm = publicLlm(QStringLiteral("x"), m_clock->wallNow());
    llm.maxConcurrency = 1;
    set(llm);
    AnswerRecorder &recorder = makeRecorder();
    const auto running = submit(llm.id, recorder);
    const auto waiting = submit(llm.id, recorder);
    m_relay->setSettings({.firstByte = 10s, .idle = 20s});
    const auto next = submit(llm.id, recorder);
    QVERIFY(running && waiting && next);
    target.releaseAll();
    target.releaseAll();
    const std::pair<Duration, Duration> before(100s, 100s);
    QCOMPARE(target.deadlines, (QList{before, before, std::pair<Duration, Duration>(10s, 20s)}));
}

void TestRelaySettings::whoWaitsIsServedByTheNewRules()
{
    Box &a = addBox(QStringLiteral("a"));
    AnswerRecorder &recorder = makeRecorder();
    const auto running = submit(m_pool, recorder);
    const auto waiting = submit(m_pool, recorder);
    QVERIFY(running && waiting);
    m_relay->setSettings({.scheduler = {.maxWaiting = 0}});
    QCOMPARE(m_relay->waiting(m_pool), 1);
    const auto refused = submit(m_pool, recorder);
    QVERIFY(!refused);
    QCOMPARE(toString(refused.error().code), toString(ErrorCode::QueueFull));
    a.succeed(a.nextTask());
    QVERIFY(a.hasTask());
}

void TestRelaySettings::itTellsWhatItWorksWith()
{
    m_relay->setSettings({.scheduler = {.maxWaiting = 7}, .wakeMargin = 3s});
    QCOMPARE(m_relay->settings().scheduler.maxWaiting, 7);
    QCOMPARE(m_relay->settings().wakeMargin, 3s);
}

QTEST_GUILESS_MAIN(TestRelaySettings)
#include "tst_relaysettings.moc"
