// Backends that are away, refuse, fall silent or answer nonsense: what reaches the client, and what the Llm's status
// says.

#include "stacktest.h"

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestBackendFailures final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
    void marksTheLlmOfADeadBackend();
    void failsWhatRunsOnABackendThatDies();
    void recoversWithTheBackend();
    void passesOnWhatTheBackendRefuses_data();
    void passesOnWhatTheBackendRefuses();
    void givesUpABackendThatNeverAnswers_data();
    void givesUpABackendThatNeverAnswers();
    void givesUpAStreamThatFallsSilent();
    void givesUpABodyThatFallsSilent();
    void toleratesASlowBackendWithinItsDeadlines();
    void neverCompletesABrokenAnswer_data();
    void neverCompletesABrokenAnswer();
    void answers502ToNonsense_data();
    void answers502ToNonsense();

private:
    std::unique_ptr<HttpCall> ask(bool isStream, const QJsonObject &members) const;

    QString firstOutcome() const { return m_stack->backendRequests().first()[QLatin1String("outcome")].toString(); }
};

namespace {

const QMap<QString, QString> watchful{{QStringLiteral("watchIntervalSeconds"), QStringLiteral("0.2")}};
const QJsonObject endless = directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 100'000}});

QString streamErrorCode(const HttpCall &call)
{
    return call.events().last().json()[QLatin1String("error")][QLatin1String("code")].toString();
}

} // namespace

std::unique_ptr<HttpCall> TestBackendFailures::ask(bool isStream, const QJsonObject &members) const
{
    return m_stack->call(isStream ? m_stack->chat(members) : m_stack->modelRequest("/v1/chat/completions", members));
}

void TestBackendFailures::marksTheLlmOfADeadBackend()
{
    // Nobody looks at the backend by itself in this time: the failed request is what tells.
    QVERIFY(startStack({.publisher = {{QStringLiteral("watchIntervalSeconds"), QStringLiteral("600")}}}));
    m_stack->backend().kill();

    const auto first = ask(true, {});
    QVERIFY(first->waitForEnd(2s));
    QCOMPARE(first->status(), 502);
    QCOMPARE(first->errorCode(), QStringLiteral("backend_unreachable"));
    QVERIFY2(!first->body().contains(m_stack->backendUrl().authority().toUtf8()),
             "the caller learns where the backend is");

    QVERIFY(m_stack->waitUntilLlmIs("inactive", 2s));
    QCOMPARE(m_stack->llm()[QLatin1String("statusReason")].toString(), QStringLiteral("backendDown"));
    const auto second = ask(true, {});
    QVERIFY(second->waitForEnd(2s));
    QCOMPARE(second->status(), 503);
    QCOMPARE(second->errorCode(), QStringLiteral("publisher_offline"));
    QVERIFY(second->body().contains("backend does not answer"));
}

void TestBackendFailures::failsWhatRunsOnABackendThatDies()
{
    QVERIFY(startStack());
    const auto stream = ask(true, endless);
    const auto body = ask(false, directive({{QStringLiteral("bytes"), 200'000}, {QStringLiteral("hangAfter"), 1}}));
    const auto unanswered = ask(false, directive({{QStringLiteral("hang"), true}}));
    QVERIFY(stream->waitForEvents(2));
    QTRY_VERIFY(!body->body().isEmpty());
    QTRY_COMPARE(m_stack->backendRequests().size(), 3);
    m_stack->backend().kill();

    QVERIFY(stream->waitForEnd(2s));
    QVERIFY(!stream->isComplete() && !stream->saysDone());
    QVERIFY(!streamErrorCode(*stream).isEmpty());
    QVERIFY(body->waitForEnd(2s));
    QVERIFY(!body->isComplete());
    QVERIFY(unanswered->waitForEnd(2s));
    QCOMPARE(unanswered->status(), 502);
}

void TestBackendFailures::recoversWithTheBackend()
{
    QVERIFY(startStack({.publisher = watchful}));
    const QString id = m_stack->llm()[QLatin1String("id")].toString();
    m_stack->backend().kill();
    QVERIFY(m_stack->waitUntilLlmIs("inactive", 2s));
    QVERIFY(m_stack->startBackend());
    QVERIFY(m_stack->waitUntilLlmIs("active", 2s));
    QCOMPARE(m_stack->llm()[QLatin1String("id")].toString(), id);
    QVERIFY(m_stack->llm()[QLatin1String("statusReason")].isNull());
    const auto call = ask(true, {});
    QVERIFY(call->waitForEnd() && call->saysDone());
}

void TestBackendFailures::passesOnWhatTheBackendRefuses_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("isStream");
    QTest::addColumn<QByteArray>("body");
    for (const int status : {400, 429, 500, 529}) {
        QTest::addRow("%d", status) << status << false << QByteArray();
        QTest::addRow("%d, streamed", status) << status << true << QByteArray();
    }
    QTest::newRow("a body that is no JSON") << 500 << false << QByteArray("<h1>Out of memory</h1>\n");
}

void TestBackendFailures::passesOnWhatTheBackendRefuses()
{
    QFETCH(int, status);
    QFETCH(bool, isStream);
    QFETCH(QByteArray, body);
    QVERIFY(startStack());
    QJsonObject members = directive({{QStringLiteral("status"), status}, {QStringLiteral("retryAfter"), 7}});
    if (!body.isEmpty())
        members = directive({{QStringLiteral("status"), status},
                             {QStringLiteral("retryAfter"), 7},
                             {QStringLiteral("body"), QString::fromUtf8(body)}});
    const auto relayed = ask(isStream, members);
    QVERIFY(relayed->waitForEnd());
    HttpRequest request = isStream ? m_stack->chat(members) : m_stack->modelRequest("/v1/chat/completions", members);
    const auto direct = m_stack->askBackend(request);

    QVERIFY(relayed->isComplete());
    QCOMPARE(relayed->status(), status);
    QCOMPARE(direct->status(), status);
    QCOMPARE(relayed->body(), direct->body());
    QCOMPARE(relayed->field("content-type"), direct->field("content-type"));
    QCOMPARE(relayed->field("retry-after"), QByteArray("7"));
    QCOMPARE(m_stack->llm()[QLatin1String("status")].toString(), QStringLiteral("active"));
}

void TestBackendFailures::givesUpABackendThatNeverAnswers_data()
{
    QTest::addColumn<bool>("isStream");
    QTest::addColumn<QByteArray>("route");
    QTest::newRow("stream") << true << QByteArray("/v1/chat/completions");
    QTest::newRow("body") << false << QByteArray("/v1/chat/completions");
    QTest::newRow("messages") << true << QByteArray("/v1/messages");
}

void TestBackendFailures::givesUpABackendThatNeverAnswers()
{
    QFETCH(bool, isStream);
    QFETCH(QByteArray, route);
    QVERIFY(startStack(
        {.server = {{QStringLiteral("backend.firstByteSeconds"), QStringLiteral("0.5")}}, .maxConcurrency = 1}));
    QJsonObject members = directive({{QStringLiteral("hang"), true}});
    members[QLatin1String("stream")] = isStream;
    const auto call = m_stack->call(m_stack->modelRequest(route, members));
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 504);
    QVERIFY(call->endedAt() >= 500ms && call->endedAt() < 1500ms);
    if (route == "/v1/messages")
        QCOMPARE(call->json()[QLatin1String("error")][QLatin1String("type")].toString(),
                 QStringLiteral("timeout_error"));
    else
        QCOMPARE(call->errorCode(), QStringLiteral("backend_timeout"));
    QTRY_COMPARE_WITH_TIMEOUT(firstOutcome(), QStringLiteral("aborted"), 1000);
    const auto next = ask(true, {});
    QVERIFY(next->waitForEnd() && next->saysDone());
}

void TestBackendFailures::givesUpAStreamThatFallsSilent()
{
    QVERIFY(
        startStack({.server = {{QStringLiteral("backend.idleSeconds"), QStringLiteral("0.5")}}, .maxConcurrency = 1}));
    const auto call = ask(true, directive({{QStringLiteral("rate"), 0}, {QStringLiteral("hangAfter"), 4}}));
    QVERIFY(call->waitForEnd());
    QVERIFY(call->endedAt() < 1500ms);
    QVERIFY(!call->isComplete() && !call->saysDone());
    QCOMPARE(call->events().size(), 5);
    QCOMPARE(streamErrorCode(*call), QStringLiteral("backend_timeout"));
    QTRY_COMPARE_WITH_TIMEOUT(firstOutcome(), QStringLiteral("aborted"), 1000);
    const auto next = ask(true, {});
    QVERIFY(next->waitForEnd() && next->saysDone());
}

void TestBackendFailures::givesUpABodyThatFallsSilent()
{
    QVERIFY(startStack({.server = {{QStringLiteral("backend.idleSeconds"), QStringLiteral("0.5")}}}));
    const auto call = ask(false, directive({{QStringLiteral("bytes"), 200'000}, {QStringLiteral("hangAfter"), 1}}));
    QVERIFY(call->waitForEnd());
    QVERIFY(call->endedAt() < 1500ms);
    QCOMPARE(call->status(), 200);
    QVERIFY(!call->isComplete());
    QTRY_COMPARE_WITH_TIMEOUT(firstOutcome(), QStringLiteral("aborted"), 1000);
}

void TestBackendFailures::toleratesASlowBackendWithinItsDeadlines()
{
    QVERIFY(startStack({.server = {{QStringLiteral("backend.firstByteSeconds"), QStringLiteral("1.5")},
                                   {QStringLiteral("backend.idleSeconds"), QStringLiteral("1")}}}));
    // Longer than the idle limit before the first byte, and longer than both in all.
    const auto call = ask(
        true, directive({{QStringLiteral("delay"), 1100}, {QStringLiteral("rate"), 5}, {QStringLiteral("tokens"), 6}}));
    QVERIFY(call->waitForEnd());
    QVERIFY(call->isComplete() && call->saysDone());
    QVERIFY(call->endedAt() > 2s);
}

void TestBackendFailures::neverCompletesABrokenAnswer_data()
{
    QTest::addColumn<bool>("isStream");
    QTest::addColumn<QJsonObject>("members");
    QTest::newRow("stream cut") << true << directive({{QStringLiteral("cut"), 3}});
    QTest::newRow("body cut") << false << directive({{QStringLiteral("cut"), 1}, {QStringLiteral("bytes"), 100'000}});
    QTest::newRow("stream with a bad chunk")
        << true << directive({{QStringLiteral("malformed"), QStringLiteral("chunk")}});
    QTest::newRow("body shorter than its length")
        << false << directive({{QStringLiteral("malformed"), QStringLiteral("length")}});
}

void TestBackendFailures::neverCompletesABrokenAnswer()
{
    QFETCH(bool, isStream);
    QFETCH(QJsonObject, members);
    QVERIFY(startStack());
    const auto call = ask(isStream, members);
    QVERIFY(call->waitForEnd());
    QVERIFY(!call->isComplete() && !call->saysDone());
    if (isStream)
        QCOMPARE(streamErrorCode(*call), QStringLiteral("backend_error"));
    // Neither the channel nor the Llm suffers from it.
    const auto next = ask(true, {});
    QVERIFY(next->waitForEnd() && next->saysDone());
    QCOMPARE(m_stack->sessions().first()[QLatin1String("epoch")].toInt(), 1);
}

void TestBackendFailures::answers502ToNonsense_data()
{
    QTest::addColumn<QJsonObject>("members");
    QTest::newRow("no HTTP") << directive({{QStringLiteral("malformed"), QStringLiteral("head")}});
    QTest::newRow("closed unanswered") << directive({{QStringLiteral("cut"), 0}});
}

void TestBackendFailures::answers502ToNonsense()
{
    QFETCH(QJsonObject, members);
    QVERIFY(startStack());
    const auto call = ask(true, members);
    QVERIFY(call->waitForEnd());
    QVERIFY(call->isComplete());
    QCOMPARE(call->status(), 502);
    // What closes unanswered is asked once: a second attempt could run the request twice.
    QCOMPARE(m_stack->backendRequests().size(), 1);
    const auto next = ask(true, {});
    QVERIFY(next->waitForEnd() && next->saysDone());
}

QTEST_GUILESS_MAIN(TestBackendFailures)
#include "tst_backendfailures.moc"
