// What those see who wait for a wake: comments of a stream, limits of those who do not stream, the view of the API.

#include "waketest.h"

#include <QRegularExpression>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestWakeWaiting final : public WakeTest
{
    Q_OBJECT

private Q_SLOTS:
    void commentsOnTheWaitOfAStream_data();
    void commentsOnTheWaitOfAStream();
    void pingsOnMessages();
    void saysNothingBeforeTheGrace();
    void sendsThoseAwayWhoDoNotStream();
    void staysBoundThroughoutALongWake();
    void showsTheRun_data();
    void showsTheRun();
    void remembersTenWakesAndEstimatesAfterThree();

private:
    QJsonObject wake() const { return m_stack->llm()[QLatin1String("wake")].toObject(); }
};

namespace {

/// Heads and comments come quickly.
StackSettings talkative(StackSettings settings)
{
    settings.server = {{QStringLiteral("wake.graceSeconds"), QStringLiteral("0.2")},
                       {QStringLiteral("wake.commentSeconds"), QStringLiteral("0.1")}};
    return settings;
}

QJsonObject streamed()
{
    return {{QStringLiteral("stream"), true},
            {QStringLiteral("prompt"), QStringLiteral("Hello")},
            {QStringLiteral("input"), QStringLiteral("Hello")},
            {QStringLiteral("max_tokens"), 5}};
}

} // namespace

void TestWakeWaiting::commentsOnTheWaitOfAStream_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<QByteArray>("end");
    QTest::newRow("chat completions") << QByteArray("/v1/chat/completions") << QByteArray("data: [DONE]\n\n");
    QTest::newRow("completions") << QByteArray("/v1/completions") << QByteArray("data: [DONE]\n\n");
    QTest::newRow("one llm") << QByteArray("/api/v1/llms/test-llm/infer") << QByteArray("data: [DONE]\n\n");
    QTest::newRow("responses") << QByteArray("/v1/responses") << QByteArray("}\n\n");
}

void TestWakeWaiting::commentsOnTheWaitOfAStream()
{
    QFETCH(QByteArray, route);
    QFETCH(QByteArray, end);
    StackSettings settings = talkative(notedWakeSettings());
    settings.recipes.wakeKeys = {{QStringLiteral("recipeTimeoutSeconds"), QStringLiteral("20")},
                                 {QStringLiteral("maxWaitSeconds"), QStringLiteral("40")}};
    QVERIFY(startAsleep(settings));
    const auto call = m_stack->call(m_stack->modelRequest(route, streamed()));
    QVERIFY(call->waitForHead());
    QVERIFY(call->headAt() >= 200ms);
    QCOMPARE(call->status(), 200);
    QVERIFY(call->field("content-type").startsWith("text/event-stream"));
    QTRY_VERIFY(call->comments().size() >= 3);
    QVERIFY(call->events().isEmpty());
    static const QRegularExpression pattern(QStringLiteral("\\Awaking test-llm, \\d+ s of at most (60|4[01]) s\\z"));
    for (const QByteArray &comment : call->comments())
        QVERIFY2(pattern.match(QString::fromUtf8(comment)).hasMatch(), comment.constData());

    QVERIFY(m_stack->startBackend());
    QVERIFY(call->waitForEnd());
    QVERIFY(call->isComplete());
    QVERIFY2(call->body().endsWith(end), call->body().constData());
    // Apart from the comments it is what the backend sends.
    const auto again = m_stack->call(m_stack->modelRequest(route, streamed()));
    QVERIFY(again->waitForEnd());
    QVERIFY(again->comments().isEmpty());
    QVERIFY(call->body().endsWith(again->body()));
    QCOMPARE(call->events().size(), again->events().size());
}

void TestWakeWaiting::pingsOnMessages()
{
    QVERIFY(startAsleep(talkative(notedWakeSettings())));
    const auto call = m_stack->call(m_stack->modelRequest("/v1/messages", streamed()));
    QVERIFY(call->waitForEvents(2));
    for (const StreamEvent &event : call->events()) {
        QCOMPARE(event.type, "ping");
        QCOMPARE(event.json(), QJsonObject({{QStringLiteral("type"), QStringLiteral("ping")}}));
    }
    QVERIFY(m_stack->startBackend());
    QVERIFY(call->waitForEnd());
    QVERIFY(call->isComplete());
    QVERIFY(call->comments().isEmpty());
    QCOMPARE(call->events().last().type, "message_stop");
}

void TestWakeWaiting::saysNothingBeforeTheGrace()
{
    // The grace of 2 s stands; the wake is shorter.
    QVERIFY(startAsleep(wakeSettings(WakeType::Http, {QStringLiteral("--boot-ms"), QStringLiteral("500")})));
    const auto call = stream();
    QVERIFY(call->waitForEnd());
    QVERIFY(isWellAnswered(*call));
    QVERIFY(call->comments().isEmpty());
    QVERIFY(call->headAt() >= 500ms);
}

void TestWakeWaiting::sendsThoseAwayWhoDoNotStream()
{
    StackSettings settings = talkative(notedWakeSettings());
    settings.server[QStringLiteral("wake.maxHoldSeconds")] = QStringLiteral("0.7");
    QVERIFY(startAsleep(settings));
    const auto steady = stream();
    const auto sentAway = whole();
    QVERIFY(sentAway->waitForEnd());
    QCOMPARE(sentAway->status(), 503);
    QCOMPARE(sentAway->errorCode(), QStringLiteral("queue_timeout"));
    QVERIFY(sentAway->endedAt() >= 700ms && sentAway->endedAt() < 2700ms);
    const int retryAfter = sentAway->field("retry-after").toInt();
    QVERIFY2(retryAfter >= 1 && retryAfter <= 59, sentAway->field("retry-after").constData());

    QVERIFY(isWaking());
    const auto retry = whole();
    QTRY_COMPARE(waiting(), 2);
    QVERIFY(m_stack->startBackend());
    QVERIFY(retry->waitForEnd() && isWellAnswered(*retry));
    QVERIFY(steady->waitForEnd() && isWellAnswered(*steady));
    QCOMPARE(m_stack->wakeRuns(), 1);
    QCOMPARE(m_stack->backendRequests().size(), 2);
}

void TestWakeWaiting::staysBoundThroughoutALongWake()
{
    // Without heartbeats the row would soon be inactive.
    StackSettings settings = notedWakeSettings();
    settings.server = {{QStringLiteral("lifecycle.heartbeatIntervalSeconds"), QStringLiteral("1")},
                       {QStringLiteral("lifecycle.heartbeatTimeoutSeconds"), QStringLiteral("1.5")},
                       {QStringLiteral("lifecycle.sweepIntervalSeconds"), QStringLiteral("0.1")}};
    QVERIFY(startAsleep(settings));
    const auto call = whole();
    QTRY_VERIFY(isWaking());
    while (call->elapsed() < 3s) {
        QCOMPARE(status(), "hibernating");
        QVERIFY(!call->hasEnded() && isWaking());
    }
    QVERIFY(m_stack->startBackend());
    QVERIFY(call->waitForEnd() && isWellAnswered(*call));
}

void TestWakeWaiting::showsTheRun_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QString>("phase");
    QTest::addColumn<int>("limit");
    // The backend gets its time from the end of the recipe on; a second that has begun counts.
    QTest::newRow("recipe") << QByteArray("exec tail -f /dev/null\n") << QStringLiteral("recipe") << 50;
    QTest::newRow("polling") << QByteArray() << QStringLiteral("polling") << 20;
}

void TestWakeWaiting::showsTheRun()
{
    QFETCH(QByteArray, script);
    QFETCH(QString, phase);
    QFETCH(int, limit);
    StackSettings settings = notedWakeSettings();
    settings.recipes.script = script;
    settings.recipes.wakeKeys = {{QStringLiteral("recipeTimeoutSeconds"), QStringLiteral("30")},
                                 {QStringLiteral("maxWaitSeconds"), QStringLiteral("20")}};
    QVERIFY(startAsleep(settings));
    QCOMPARE(wake()[QLatin1String("type")].toString(), QStringLiteral("command"));
    QCOMPARE(wake()[QLatin1String("recipeTimeoutSeconds")].toInt(), 30);
    QCOMPARE(wake()[QLatin1String("maxWaitSeconds")].toInt(), 20);
    QVERIFY(wake()[QLatin1String("run")].isNull());

    const auto calls = mixedCalls(2);
    QTRY_COMPARE(wakeRun()[QLatin1String("waiters")].toInt(), 2);
    QTRY_COMPARE(wakeRun()[QLatin1String("phase")].toString(), phase);
    const auto shownLimit = [this] { return wakeRun()[QLatin1String("limitSeconds")].toInt(); };
    QTRY_VERIFY(shownLimit() >= limit && shownLimit() <= limit + 1);
    QTRY_VERIFY(wakeRun()[QLatin1String("elapsedSeconds")].toInt() >= 1);

    QVERIFY(m_stack->startBackend());
    for (const auto &call : calls)
        QVERIFY(call->waitForEnd() && isWellAnswered(*call));
    QVERIFY(wake()[QLatin1String("run")].isNull());
    const QJsonArray recent = wake()[QLatin1String("recentSeconds")].toArray();
    QCOMPARE(recent.size(), 1);
    QVERIFY(recent.first().toDouble() > 0.5 && recent.first().toDouble() < limit);
    QVERIFY(wake()[QLatin1String("estimateSeconds")].isNull());
}

void TestWakeWaiting::remembersTenWakesAndEstimatesAfterThree()
{
    StackSettings settings =
        talkative(wakeSettings(WakeType::Http, {QStringLiteral("--boot-ms"), QStringLiteral("50")}));
    QVERIFY(startAsleep(settings));
    for (int i = 1; i <= 11; ++i) {
        QVERIFY(isServed());
        QCOMPARE(wake()[QLatin1String("recentSeconds")].toArray().size(), std::min(i, 10));
        QCOMPARE(wake()[QLatin1String("estimateSeconds")].isDouble(), i >= 3);
        m_stack->askWakeListener("POST", "/sleep");
        QVERIFY(m_stack->waitUntilLlmIs("hibernating", 2s));
    }
    // This one takes longer than usual.
    m_stack->backend().kill();
    m_stack->settings().backendFlags = QStringList{QStringLiteral("--boot-ms"), QStringLiteral("1000")};
    QVERIFY(m_stack->startBackend());
    const auto call = stream();
    QVERIFY(call->waitForEnd() && isWellAnswered(*call));
    QVERIFY(!call->comments().isEmpty());
    static const QRegularExpression pattern(
        QStringLiteral("\\Awaking test-llm, \\d+ s of at most \\d+ s, usually \\d+ s\\z"));
    QVERIFY2(pattern.match(QString::fromUtf8(call->comments().first())).hasMatch(),
             call->comments().first().constData());
}

QTEST_GUILESS_MAIN(TestWakeWaiting)
#include "tst_wakewaiting.moc"
