// Hundreds of requests to a sleeping backend: one wake, and every one of them is served.

#include "waketest.h"

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestWakeBurst final : public WakeTest
{
    Q_OBJECT

private Q_SLOTS:
    void servesTwoHundredWithOneWake_data();
    void servesTwoHundredWithOneWake();
    void servesThoseWhoStayWhenOthersLeave();
    void wakesForNobodyWhenAllHaveLeft();
    void servesInTheOrderOfArrival();
    void refusesMoreThanMayWait();

private:
    static StackSettings roomFor(int waiting, StackSettings settings);
};

namespace {

constexpr int count = 200;

} // namespace

StackSettings TestWakeBurst::roomFor(int waiting, StackSettings settings)
{
    settings.server[QStringLiteral("queue.maxWaiting")] = QString::number(waiting);
    // So that those who stream have their heads when the wake ends, and some comments.
    settings.server[QStringLiteral("wake.graceSeconds")] = QStringLiteral("0.3");
    settings.server[QStringLiteral("wake.commentSeconds")] = QStringLiteral("0.3");
    settings.maxConcurrency = 8;
    return settings;
}

void TestWakeBurst::servesTwoHundredWithOneWake_data()
{
    addWakeTypes();
}

void TestWakeBurst::servesTwoHundredWithOneWake()
{
    QFETCH(WakeType, type);
    QVERIFY(startAsleep(roomFor(300, wakeSettings(type, {QStringLiteral("--boot-ms"), QStringLiteral("2500")}))));
    const auto calls = mixedCalls(count);
    QTRY_COMPARE(waiting(), count);
    QCOMPARE(wakeRun()[QLatin1String("waiters")].toInt(), count);
    for (const auto &call : calls) {
        QVERIFY(call->waitForEnd());
        QVERIFY2(isWellAnswered(*call), call->body().constData());
    }
    QCOMPARE(m_stack->wakeRuns(), 1);
    QCOMPARE(status(), "active");
    QCOMPARE(waiting(), 0);
    const QJsonObject stats = m_stack->backendStats();
    QCOMPARE(stats[QLatin1String("aborted")].toInt(), 0);
    QVERIFY(stats[QLatin1String("maxRunning")].toInt() <= 8);
    QCOMPARE(m_stack->backendRequests().size(), count);
    QVERIFY(isServed());
    QCOMPARE(m_stack->wakeRuns(), 1);
}

void TestWakeBurst::servesThoseWhoStayWhenOthersLeave()
{
    QVERIFY(startAsleep(roomFor(300, notedWakeSettings())));
    const auto calls = mixedCalls(count);
    QTRY_COMPARE(waiting(), count);
    // Both kinds of clients leave in both ways, from all over the queue, and half of them have their heads.
    const auto leaves = [](size_t i) { return i % 4 == 0 || i % 4 == 3; };
    QVERIFY(calls.front()->waitForHead());
    for (size_t i = 0; i < calls.size(); ++i) {
        if (leaves(i) && i % 8 < 4)
            calls[i]->leave();
        else if (leaves(i))
            calls[i]->breakOff();
    }
    QTRY_COMPARE_WITH_TIMEOUT(waiting(), count / 2, 2000);
    QVERIFY(isWaking());
    QVERIFY(m_stack->startBackend());
    for (size_t i = 0; i < calls.size(); ++i) {
        if (leaves(i))
            continue;
        QVERIFY(calls[i]->waitForEnd());
        QVERIFY2(isWellAnswered(*calls[i]), calls[i]->body().constData());
    }
    QCOMPARE(m_stack->wakeRuns(), 1);
    QCOMPARE(m_stack->backendRequests().size(), count / 2);
}

void TestWakeBurst::wakesForNobodyWhenAllHaveLeft()
{
    QVERIFY(startAsleep(roomFor(300, notedWakeSettings())));
    const auto calls = mixedCalls(20);
    QTRY_COMPARE(waiting(), 20);
    for (const auto &call : calls)
        call->leave();
    QTRY_COMPARE_WITH_TIMEOUT(waiting(), 0, 2000);
    QVERIFY(isWaking());
    QCOMPARE(wakeRun()[QLatin1String("waiters")].toInt(), 0);
    // One who comes now waits for the same wake.
    const auto late = whole();
    QTRY_COMPARE(waiting(), 1);
    late->leave();
    QTRY_COMPARE_WITH_TIMEOUT(waiting(), 0, 2000);

    QVERIFY(m_stack->startBackend());
    QVERIFY(m_stack->waitUntilLlmIs("active", 2s));
    QVERIFY(!isWaking());
    QCOMPARE(m_stack->wakeRuns(), 1);
    QVERIFY(m_stack->backendRequests().isEmpty());
}

void TestWakeBurst::servesInTheOrderOfArrival()
{
    constexpr int few = 20;
    StackSettings settings = roomFor(few, notedWakeSettings());
    settings.maxConcurrency = 1;
    QVERIFY(startAsleep(settings));
    std::vector<std::unique_ptr<HttpCall>> calls;
    for (int i = 0; i < few; ++i) {
        HttpRequest request = i % 2 == 0 ? m_stack->chat() : m_stack->modelRequest("/v1/chat/completions", {});
        request.target += "?number=" + QByteArray::number(i);
        calls.push_back(m_stack->call(request));
        QTRY_COMPARE(waiting(), i + 1);
    }
    QVERIFY(m_stack->startBackend());
    for (const auto &call : calls)
        QVERIFY(call->waitForEnd() && isWellAnswered(*call));
    const QList<QJsonObject> requests = m_stack->backendRequests();
    QCOMPARE(requests.size(), few);
    for (int i = 0; i < few; ++i)
        QCOMPARE(requests[i][QLatin1String("query")].toString(), QStringLiteral("number=%1").arg(i));
}

void TestWakeBurst::refusesMoreThanMayWait()
{
    QVERIFY(startAsleep(roomFor(2, notedWakeSettings())));
    const auto calls = mixedCalls(2);
    QTRY_COMPARE(waiting(), 2);
    const auto third = whole();
    QVERIFY(third->waitForEnd(2s));
    QCOMPARE(third->status(), 429);
    QCOMPARE(third->errorCode(), QStringLiteral("queue_full"));
    QVERIFY(m_stack->startBackend());
    for (const auto &call : calls)
        QVERIFY(call->waitForEnd() && isWellAnswered(*call));
}

QTEST_GUILESS_MAIN(TestWakeBurst)
#include "tst_wakeburst.moc"
