// A request to a sleeping backend wakes it, once; which status an Llm has when, and when nothing is woken.

#include "waketest.h"

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestWake final : public WakeTest
{
    Q_OBJECT

private Q_SLOTS:
    void wakesOnTheFirstRequest_data();
    void wakesOnTheFirstRequest();
    void hasTheRightInitialStatus_data();
    void hasTheRightInitialStatus();
    void neverWakesWithoutARecipe();
    void neverWakesWithoutAPublisher();
    void runsNothingForABackendThatIsBack();
    void wakesAgainWhenTheBackendHasDied_data();
    void wakesAgainWhenTheBackendHasDied();
    void noticesAtOnceWhenARequestFindsItGone();
    void comesBackWithoutARecipe();
    void takesAnAnswerForTheWakeWhateverTheRecipeDoes_data();
    void takesAnAnswerForTheWakeWhateverTheRecipeDoes();

private:
    /// Whether recipes have left a process with these words in its command line.
    bool isRunning(QByteArrayView words) const
    {
        const QList<Stranger> strangers = m_stack->strangers();
        return std::any_of(strangers.begin(), strangers.end(),
                           [&](const Stranger &stranger) { return stranger.commandLine.contains(words); });
    }

    QString statusReason() const { return m_stack->llm()[QLatin1String("statusReason")].toString(); }
};

void TestWake::wakesOnTheFirstRequest_data()
{
    addWakeTypes();
}

void TestWake::wakesOnTheFirstRequest()
{
    QFETCH(WakeType, type);
    QVERIFY(startAsleep(wakeSettings(type, {QStringLiteral("--boot-ms"), QStringLiteral("300")})));
    QCOMPARE(m_stack->wakeRuns(), 0);

    const auto first = whole();
    QTRY_VERIFY(isWaking());
    QCOMPARE(status(), "hibernating");
    QVERIFY(first->waitForEnd());
    QVERIFY2(isWellAnswered(*first), first->body().constData());
    QCOMPARE(m_stack->wakeRuns(), 1);
    QCOMPARE(status(), "active");
    QVERIFY(!isWaking());

    const auto second = stream();
    QVERIFY(second->waitForEnd());
    QVERIFY(isWellAnswered(*second));
    QVERIFY2(second->comments().isEmpty(), "a request that waited for nothing was told that it waits");
    QCOMPARE(m_stack->wakeRuns(), 1);
    QCOMPARE(m_stack->backendRequests().size(), 2);
}

void TestWake::hasTheRightInitialStatus_data()
{
    QTest::addColumn<WakeType>("type");
    QTest::addColumn<bool>("answers");
    QTest::addColumn<QByteArray>("status");
    QTest::newRow("recipe, no answer") << WakeType::Script << false << QByteArray("hibernating");
    QTest::newRow("recipe, answer") << WakeType::Script << true << QByteArray("active");
    QTest::newRow("no recipe, no answer") << WakeType::None << false << QByteArray("inactive");
    QTest::newRow("no recipe, answer") << WakeType::None << true << QByteArray("active");
}

void TestWake::hasTheRightInitialStatus()
{
    QFETCH(WakeType, type);
    QFETCH(bool, answers);
    QFETCH(QByteArray, status);
    StackSettings settings = wakeSettings(type);
    settings.hasBackend = false;
    makeStack(settings);
    QVERIFY(!answers || m_stack->startBackend());
    QVERIFY(m_stack->start(status));
    QCOMPARE(statusReason(), status == "inactive" ? QStringLiteral("backendDown") : QString());
    QCOMPARE(m_stack->llm()[QLatin1String("wake")].isObject(), type == WakeType::Script);
    QCOMPARE(m_stack->wakeRuns(), 0);
    if (answers) {
        QVERIFY(isServed());
        QCOMPARE(m_stack->wakeRuns(), 0);
    }
}

void TestWake::neverWakesWithoutARecipe()
{
    StackSettings settings = wakeSettings(WakeType::None);
    settings.hasBackend = false;
    makeStack(settings);
    QVERIFY(m_stack->start("inactive"));
    for (const auto &call : mixedCalls(4)) {
        QVERIFY(call->waitForEnd(2s));
        QCOMPARE(call->status(), 503);
        QCOMPARE(call->errorCode(), QStringLiteral("publisher_offline"));
    }
    QVERIFY(!m_stack->server().log().contains("waking") && !m_stack->publisher().log().contains("woken"));
}

void TestWake::neverWakesWithoutAPublisher()
{
    QVERIFY(startAsleep(notedWakeSettings()));
    m_stack->publisher().kill();
    QVERIFY(m_stack->waitUntilLlmIs("inactive", 2s));
    for (const auto &call : mixedCalls(2)) {
        QVERIFY(call->waitForEnd(2s));
        QCOMPARE(call->status(), 503);
        QCOMPARE(call->errorCode(), QStringLiteral("publisher_offline"));
    }
    m_stack->startPublisher();
    QVERIFY(m_stack->waitUntilLlmIs("hibernating"));
    QCOMPARE(m_stack->wakeRuns(), 0);
}

void TestWake::runsNothingForABackendThatIsBack()
{
    QVERIFY(startAsleep(notedWakeSettings()));
    QVERIFY(m_stack->startBackend());
    QVERIFY(m_stack->waitUntilLlmIs("active", 2s));
    QVERIFY(isServed());
    QCOMPARE(m_stack->wakeRuns(), 0);
}

void TestWake::wakesAgainWhenTheBackendHasDied_data()
{
    addWakeTypes();
}

void TestWake::wakesAgainWhenTheBackendHasDied()
{
    QFETCH(WakeType, type);
    QVERIFY(startAsleep(wakeSettings(type)));
    QVERIFY(isServed());
    const int runs = m_stack->wakeRuns();
    QCOMPARE(runs, 1);

    if (type == WakeType::Http)
        m_stack->askWakeListener("POST", "/sleep");
    else
        QCOMPARE(::kill(static_cast<pid_t>(m_stack->recipes().backendPid()), SIGKILL), 0);
    QVERIFY(m_stack->waitUntilLlmIs("hibernating", 2s));
    QCOMPARE(m_stack->wakeRuns(), 1);
    QVERIFY(isServed());
    QCOMPARE(m_stack->wakeRuns(), 2);
    QCOMPARE(status(), "active");
}

void TestWake::noticesAtOnceWhenARequestFindsItGone()
{
    // Nobody else notices within this test.
    StackSettings settings = wakeSettings(WakeType::Background);
    settings.publisher[QStringLiteral("watchIntervalSeconds")] = QStringLiteral("600");
    QVERIFY(startAsleep(settings));
    QVERIFY(isServed());
    QCOMPARE(::kill(static_cast<pid_t>(m_stack->recipes().backendPid()), SIGKILL), 0);
    QTRY_VERIFY(m_stack->askBackend({.target = "/v1/models"})->wasRefused());
    QCOMPARE(status(), "active");
    const auto unlucky = whole();
    QVERIFY(unlucky->waitForEnd(2s));
    QCOMPARE(unlucky->status(), 502);
    QCOMPARE(unlucky->errorCode(), QStringLiteral("backend_unreachable"));
    QVERIFY(m_stack->waitUntilLlmIs("hibernating", 2s));
    QVERIFY(isServed());
    QCOMPARE(m_stack->wakeRuns(), 2);
}

void TestWake::comesBackWithoutARecipe()
{
    QVERIFY(startStack(wakeSettings(WakeType::None)));
    m_stack->backend().kill();
    QVERIFY(m_stack->waitUntilLlmIs("inactive", 2s));
    QCOMPARE(statusReason(), QStringLiteral("backendDown"));
    const auto call = stream();
    QVERIFY(call->waitForEnd(2s));
    QCOMPARE(call->errorCode(), QStringLiteral("publisher_offline"));
    QVERIFY(m_stack->startBackend());
    QVERIFY(m_stack->waitUntilLlmIs("active", 2s));
    QVERIFY(isServed());
}

void TestWake::takesAnAnswerForTheWakeWhateverTheRecipeDoes_data()
{
    QTest::addColumn<WakeType>("type");
    QTest::newRow("http, unanswered") << WakeType::Http;
    QTest::newRow("command, running on") << WakeType::Script;
}

void TestWake::takesAnAnswerForTheWakeWhateverTheRecipeDoes()
{
    QFETCH(WakeType, type);
    StackSettings settings = wakeSettings(type, {QStringLiteral("--wake-hang")});
    settings.recipes.wakeKeys[QStringLiteral("recipeTimeoutSeconds")] = QStringLiteral("60");
    makeStack(settings);
    // Not before the stack is there is it known how its backend is started.
    if (type == WakeType::Script)
        m_stack->recipes().writeWakeScript(m_stack->backendCommand() + " &\nexec tail -f /dev/null\n");
    QVERIFY(m_stack->start("hibernating"));
    QVERIFY(isServed());
    QCOMPARE(m_stack->wakeRuns(), 1);
    // What was started for a wake that has succeeded is left alone.
    if (type == WakeType::Script) {
        QVERIFY(isRunning("tail -f"));
        QVERIFY(isRunning("hearth-testbackend"));
    }
}

QTEST_GUILESS_MAIN(TestWake)
#include "tst_wake.moc"
