// Slots: how many tasks an Llm runs at once, and who waits for how long in which order.

#include "domainrows.h"
#include "slotpool.h"

#include <QTest>

#include <functional>
#include <memory>
#include <vector>

using namespace hearth;
using namespace hearth::relay;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

namespace {

/// Keeps the slot that it is granted, and leaves when it is destroyed.
class Waiter final : public SlotWaiter
{
public:
    Waiter() = default;

    ~Waiter() override
    {
        if (m_pool)
            m_pool->leave(m_llm, *this);
    }

    Waiter(const Waiter &) = delete;
    Waiter &operator=(const Waiter &) = delete;

    Result<void> join(SlotPool &pool, const domain::Llm &llm)
    {
        m_pool = &pool;
        m_llm = llm.id;
        return pool.wait(llm, *this);
    }

    std::optional<Slot> slot;
    std::optional<Error> error;
    std::function<void()> reaction;

    void slotGranted(Slot granted) override
    {
        slot.emplace(std::move(granted));
        if (reaction)
            reaction();
    }

    void slotRefused(const Error &refusal) override
    {
        error = refusal;
        if (reaction)
            reaction();
    }

private:
    SlotPool *m_pool = nullptr;
    LlmId m_llm;
};

} // namespace

class TestSlotPool final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void runsAtMostMaxConcurrency();
    void llmsDoNotShareSlots();
    void slotMoves();
    void waitersAreServedInOrder();
    void nobodyOvertakesAWaiter();
    void queueFull();
    void queueTimeout();
    void eachWaitsItsOwnTime();
    void leavingMakesRoom();
    void leavingInsideACall();
    void joiningInsideACall();
    void growingServesWaiters();
    void shrinkingLetsWhatRunsEnd();
    void refuseAllOfOneLlm();
    void refuseAll();

private:
    domain::Llm add(const QString &name, int maxConcurrency)
    {
        domain::Llm llm = liveLlm(name, QStringLiteral("s"), m_clock->wallNow());
        llm.maxConcurrency = maxConcurrency;
        m_registry->put(llm);
        return llm;
    }

    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<domain::Registry> m_registry;
    std::unique_ptr<SlotPool> m_pool;
    domain::Llm m_llm;
};

void TestSlotPool::init()
{
    m_pool.reset();
    m_registry.reset();
    m_clock = std::make_unique<FakeClock>();
    m_registry = std::make_unique<domain::Registry>(*m_clock);
    m_pool = std::make_unique<SlotPool>(*m_registry, *m_clock, RelaySettings{.maxWaiting = 3, .maxWait = 10s});
    m_llm = add(QStringLiteral("m"), 1);
}

void TestSlotPool::runsAtMostMaxConcurrency()
{
    const domain::Llm llm = add(QStringLiteral("two"), 2);
    std::optional<Slot> first = m_pool->take(llm);
    const std::optional<Slot> second = m_pool->take(llm);
    QVERIFY(first && second);
    QVERIFY(!m_pool->take(llm));
    QCOMPARE(m_pool->running(llm.id), 2);
    first.reset();
    QCOMPARE(m_pool->running(llm.id), 1);
    QVERIFY(m_pool->take(llm));
}

void TestSlotPool::llmsDoNotShareSlots()
{
    const domain::Llm other = add(QStringLiteral("other"), 1);
    const std::optional<Slot> slot = m_pool->take(m_llm);
    QVERIFY(m_pool->take(other));
}

void TestSlotPool::slotMoves()
{
    std::optional<Slot> taken = m_pool->take(m_llm);
    Slot moved = std::move(*taken);
    taken.reset();
    QCOMPARE(m_pool->running(m_llm.id), 1);
    moved = Slot();
    QCOMPARE(m_pool->running(m_llm.id), 0);
}

void TestSlotPool::waitersAreServedInOrder()
{
    std::optional<Slot> slot = m_pool->take(m_llm);
    std::vector<Waiter> waiters(3);
    for (Waiter &waiter : waiters)
        QVERIFY(waiter.join(*m_pool, m_llm));
    QCOMPARE(m_pool->waiting(m_llm.id), 3);
    slot.reset();
    for (size_t i = 0; i < waiters.size(); ++i) {
        for (size_t j = 0; j < waiters.size(); ++j)
            QCOMPARE(waiters[j].slot.has_value(), j == i);
        QCOMPARE(m_pool->running(m_llm.id), 1);
        waiters[i].slot.reset();
    }
    QCOMPARE(m_pool->running(m_llm.id), 0);
    QCOMPARE(m_pool->waiting(m_llm.id), 0);
}

void TestSlotPool::nobodyOvertakesAWaiter()
{
    std::optional<Slot> slot = m_pool->take(m_llm);
    Waiter waiter;
    QVERIFY(waiter.join(*m_pool, m_llm));
    bool overtaken = true;
    waiter.reaction = [&] { overtaken = m_pool->take(m_llm).has_value(); };
    slot.reset();
    QVERIFY(waiter.slot);
    QVERIFY(!overtaken);
}

void TestSlotPool::queueFull()
{
    const std::optional<Slot> slot = m_pool->take(m_llm);
    std::vector<Waiter> waiters(4);
    for (size_t i = 0; i < 3; ++i)
        QVERIFY(waiters[i].join(*m_pool, m_llm));
    const Result<void> refused = waiters[3].join(*m_pool, m_llm);
    QVERIFY(!refused);
    QVERIFY(refused.error().code == ErrorCode::QueueFull);
    QCOMPARE(m_pool->waiting(m_llm.id), 3);
    m_pool->leave(m_llm.id, waiters[1]);
    QVERIFY(waiters[3].join(*m_pool, m_llm));
}

void TestSlotPool::queueTimeout()
{
    std::optional<Slot> slot = m_pool->take(m_llm);
    Waiter waiter;
    QVERIFY(waiter.join(*m_pool, m_llm));
    m_clock->advance(10s - 1ms);
    QVERIFY(!waiter.error);
    m_clock->advance(1ms);
    QVERIFY(waiter.error);
    QVERIFY(waiter.error->code == ErrorCode::QueueTimeout);
    QCOMPARE(m_pool->waiting(m_llm.id), 0);
    slot.reset();
    QVERIFY(!waiter.slot);
}

void TestSlotPool::eachWaitsItsOwnTime()
{
    const domain::Llm other = add(QStringLiteral("other"), 1);
    const std::optional<Slot> slots[] = {m_pool->take(m_llm), m_pool->take(other)};
    std::vector<Waiter> waiters(3);
    QVERIFY(waiters[0].join(*m_pool, m_llm));
    m_clock->advance(4s);
    QVERIFY(waiters[1].join(*m_pool, other));
    m_clock->advance(4s);
    QVERIFY(waiters[2].join(*m_pool, m_llm));
    m_clock->advance(2s);
    QVERIFY(waiters[0].error && !waiters[1].error && !waiters[2].error);
    m_clock->advance(4s);
    QVERIFY(waiters[1].error && !waiters[2].error);
    m_clock->advance(4s);
    QVERIFY(waiters[2].error);
}

void TestSlotPool::leavingMakesRoom()
{
    std::optional<Slot> slot = m_pool->take(m_llm);
    Waiter gone;
    Waiter next;
    QVERIFY(gone.join(*m_pool, m_llm));
    QVERIFY(next.join(*m_pool, m_llm));
    m_pool->leave(m_llm.id, gone);
    m_pool->leave(m_llm.id, gone);
    slot.reset();
    QVERIFY(!gone.slot && !gone.error);
    QVERIFY(next.slot);
}

void TestSlotPool::leavingInsideACall()
{
    const std::optional<Slot> slot = m_pool->take(m_llm);
    std::vector<Waiter> waiters(3);
    for (Waiter &waiter : waiters)
        QVERIFY(waiter.join(*m_pool, m_llm));
    waiters[0].reaction = [&] { m_pool->leave(m_llm.id, waiters[1]); };
    m_pool->refuseAll(m_llm.id, {ErrorCode::PublisherOffline, {}});
    QVERIFY(waiters[0].error && !waiters[1].error && waiters[2].error);
}

void TestSlotPool::joiningInsideACall()
{
    // A client that asks again at once, from inside its refusal.
    const std::optional<Slot> slot = m_pool->take(m_llm);
    Waiter first;
    Waiter second;
    QVERIFY(first.join(*m_pool, m_llm));
    first.reaction = [&] { QVERIFY(second.join(*m_pool, m_llm)); };
    m_clock->advance(10s);
    QVERIFY(first.error);
    QCOMPARE(m_pool->waiting(m_llm.id), 1);
    m_clock->advance(10s);
    QVERIFY(second.error);
}

void TestSlotPool::growingServesWaiters()
{
    const std::optional<Slot> slot = m_pool->take(m_llm);
    std::vector<Waiter> waiters(3);
    for (Waiter &waiter : waiters)
        QVERIFY(waiter.join(*m_pool, m_llm));
    add(QStringLiteral("m"), 3);
    m_pool->serve(m_llm.id);
    QVERIFY(waiters[0].slot && waiters[1].slot && !waiters[2].slot);
    QCOMPARE(m_pool->running(m_llm.id), 3);
}

void TestSlotPool::shrinkingLetsWhatRunsEnd()
{
    const domain::Llm two = add(QStringLiteral("two"), 2);
    std::optional<Slot> first = m_pool->take(two);
    std::optional<Slot> second = m_pool->take(two);
    Waiter waiter;
    QVERIFY(waiter.join(*m_pool, two));
    add(QStringLiteral("two"), 1);
    first.reset();
    QVERIFY(!waiter.slot);
    second.reset();
    QVERIFY(waiter.slot);
}

void TestSlotPool::refuseAllOfOneLlm()
{
    const domain::Llm other = add(QStringLiteral("other"), 1);
    const std::optional<Slot> slots[] = {m_pool->take(m_llm), m_pool->take(other)};
    Waiter here;
    Waiter there;
    QVERIFY(here.join(*m_pool, m_llm));
    QVERIFY(there.join(*m_pool, other));
    m_pool->refuseAll(m_llm.id, {ErrorCode::PublisherOffline, {}});
    QVERIFY(here.error && here.error->code == ErrorCode::PublisherOffline);
    QVERIFY(!there.error);
}

void TestSlotPool::refuseAll()
{
    const domain::Llm other = add(QStringLiteral("other"), 1);
    const std::optional<Slot> slots[] = {m_pool->take(m_llm), m_pool->take(other)};
    Waiter here;
    Waiter there;
    QVERIFY(here.join(*m_pool, m_llm));
    QVERIFY(there.join(*m_pool, other));
    m_pool->refuseAll({ErrorCode::ShuttingDown, {}});
    QVERIFY(here.error && there.error);
    // What runs goes on.
    QCOMPARE(m_pool->running(m_llm.id), 1);
}

QTEST_GUILESS_MAIN(TestSlotPool)
#include "tst_slotpool.moc"
