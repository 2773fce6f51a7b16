// Publishers and servers that die, hang or go away in the middle of their work, and what clients see of it.

#include "stacktest.h"

#include <QElapsedTimer>

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestLoss final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
    void endsAStreamWithAnError_data();
    void endsAStreamWithAnError();
    void answers502BeforeTheFirstByte_data();
    void answers502BeforeTheFirstByte();
    void abortsABodyThatIsNoStream();
    void failsThoseWhoWait();
    void makesTheLlmInactive();
    void tellsAStoppedPublisherFromALostBackend();
    void bringsThePublisherBackWithTheSameIds_data();
    void bringsThePublisherBackWithTheSameIds();
    void givesUpASilentPublisher();
    void keepsTheSessionOverARestartOfThePublisher();
    void neverCompletesAStreamOfADeadServer();

private:
    bool backendHasRequest() const { return !m_stack->backendRequests().isEmpty(); }

    QJsonObject session() const { return m_stack->sessions().first().toObject(); }
};

namespace {

/// As issue and documentation advise for boxes that should be back soon.
const QMap<QString, QString> impatient{{QStringLiteral("reconnect.maxSeconds"), QStringLiteral("2")}};

/// Nobody waits for a publisher to come back.
const QMap<QString, QString> withoutGrace{{QStringLiteral("failover.reconnectGraceSeconds"), QStringLiteral("0")}};

const QJsonObject endless = directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 100'000}});
const QJsonObject silent = directive({{QStringLiteral("hang"), true}});

QJsonObject streamed(QJsonObject members)
{
    members[QLatin1String("stream")] = true;
    members[QLatin1String("input")] = QStringLiteral("Hello");
    members[QLatin1String("prompt")] = QStringLiteral("Hello");
    members[QLatin1String("max_tokens")] = 100'000;
    return members;
}

} // namespace

void TestLoss::endsAStreamWithAnError_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<QByteArray>("event");
    QTest::addColumn<QJsonObject>("expected");
    const QString code = QStringLiteral("publisher_lost");
    const QJsonObject openAi{{QStringLiteral("type"), QStringLiteral("server_error")},
                             {QStringLiteral("param"), QJsonValue::Null},
                             {QStringLiteral("code"), code}};
    const QJsonObject responses{{QStringLiteral("type"), QStringLiteral("error")},
                                {QStringLiteral("param"), QJsonValue::Null},
                                {QStringLiteral("code"), code}};
    QTest::newRow("chat completions") << QByteArray("/v1/chat/completions") << QByteArray() << openAi;
    QTest::newRow("completions") << QByteArray("/v1/completions") << QByteArray() << openAi;
    QTest::newRow("one llm") << QByteArray("/api/v1/llms/test-llm/infer") << QByteArray() << openAi;
    QTest::newRow("responses") << QByteArray("/v1/responses") << QByteArray("error") << responses;
    QTest::newRow("messages") << QByteArray("/v1/messages") << QByteArray("error")
                              << QJsonObject{{QStringLiteral("type"), QStringLiteral("api_error")}};
}

void TestLoss::endsAStreamWithAnError()
{
    QFETCH(QByteArray, route);
    QFETCH(QByteArray, event);
    QFETCH(QJsonObject, expected);
    QVERIFY(startStack());
    const auto call = m_stack->call(m_stack->modelRequest(route, streamed(endless)));
    QVERIFY(call->waitForEvents(6));
    m_stack->publisher().kill();

    QVERIFY(call->waitForEnd(2s));
    QCOMPARE(call->status(), 200);
    QVERIFY2(!call->isComplete(), "the answer has its final chunk");
    QVERIFY(!call->saysDone());
    QVERIFY(call->body().endsWith("\n\n"));
    const StreamEvent &last = call->events().last();
    QCOMPARE(last.type, event);
    const QJsonObject whole = last.json();
    QJsonObject error = whole.contains(QLatin1String("error")) ? whole[QLatin1String("error")].toObject() : whole;
    QVERIFY(error.take(QLatin1String("message")).toString().contains(QLatin1String("publisher was lost")));
    QCOMPARE(error, expected);
    if (route == "/v1/messages")
        QCOMPARE(whole[QLatin1String("type")].toString(), QStringLiteral("error"));
}

void TestLoss::answers502BeforeTheFirstByte_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<bool>("isStream");
    QTest::newRow("chat completions, streamed") << QByteArray("/v1/chat/completions") << true;
    QTest::newRow("chat completions") << QByteArray("/v1/chat/completions") << false;
    QTest::newRow("embeddings") << QByteArray("/v1/embeddings") << false;
    QTest::newRow("messages") << QByteArray("/v1/messages") << true;
}

void TestLoss::answers502BeforeTheFirstByte()
{
    QFETCH(QByteArray, route);
    QFETCH(bool, isStream);
    QVERIFY(startStack({.server = withoutGrace}));
    const auto call = m_stack->call(m_stack->modelRequest(route, isStream ? streamed(silent) : silent));
    QTRY_VERIFY(backendHasRequest());
    m_stack->publisher().kill();

    QVERIFY(call->waitForEnd(2s));
    QVERIFY(call->isComplete());
    QCOMPARE(call->status(), 502);
    QVERIFY(call->field("content-type").startsWith("application/json"));
    if (route == "/v1/messages")
        QCOMPARE(call->json()[QLatin1String("error")][QLatin1String("type")].toString(), QStringLiteral("api_error"));
    else
        QCOMPARE(call->errorCode(), QStringLiteral("publisher_lost"));
}

void TestLoss::abortsABodyThatIsNoStream()
{
    QVERIFY(startStack());
    const auto call = m_stack->call(m_stack->modelRequest(
        "/v1/chat/completions", directive({{QStringLiteral("bytes"), 200'000}, {QStringLiteral("hangAfter"), 1}})));
    QVERIFY(call->waitForHead());
    QTRY_VERIFY(!call->body().isEmpty());
    m_stack->publisher().kill();
    QVERIFY(call->waitForEnd(2s));
    QCOMPARE(call->status(), 200);
    QVERIFY(!call->isComplete());
    QVERIFY2(!call->body().contains("publisher_lost"), "an error is mixed into a body that is no stream");
}

void TestLoss::failsThoseWhoWait()
{
    QVERIFY(startStack({.server = withoutGrace, .maxConcurrency = 1}));
    const auto running = m_stack->call(m_stack->chat(endless));
    QVERIFY(running->waitForEvents(1));
    const auto waiting = m_stack->call(m_stack->chat());
    QTRY_COMPARE(m_stack->llm()[QLatin1String("waiting")].toInt(), 1);
    m_stack->publisher().kill();
    QVERIFY(waiting->waitForEnd(2s));
    QCOMPARE(waiting->status(), 503);
    QCOMPARE(waiting->errorCode(), QStringLiteral("publisher_offline"));
}

void TestLoss::makesTheLlmInactive()
{
    QVERIFY(startStack());
    m_stack->publisher().kill();
    QVERIFY(m_stack->waitUntilLlmIs("inactive", 1s));
    QCOMPARE(m_stack->llm()[QLatin1String("statusReason")].toString(), QStringLiteral("offline"));
    QVERIFY(m_stack->llm()[QLatin1String("inactiveSince")].isString());
    QCOMPARE(session()[QLatin1String("bound")], QJsonValue(false));

    const auto call = m_stack->call(m_stack->chat());
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 503);
    QCOMPARE(call->errorCode(), QStringLiteral("publisher_offline"));
    QCOMPARE(call->json()[QLatin1String("error")][QLatin1String("message")].toString(),
             QStringLiteral("Llm 'test-llm' is inactive; publisher offline"));
}

void TestLoss::tellsAStoppedPublisherFromALostBackend()
{
    QVERIFY(startStack(
        {.server = withoutGrace, .publisher = {{QStringLiteral("shutdown.drainSeconds"), QStringLiteral("0")}}}));
    const auto stream = m_stack->call(m_stack->chat(endless));
    QVERIFY(stream->waitForEvents(1));
    const auto unanswered = m_stack->call(m_stack->chat(silent));
    QTRY_COMPARE(m_stack->backendRequests().size(), 2);
    m_stack->publisher().signal(SIGTERM);
    QVERIFY(m_stack->publisher().waitForExit());
    QCOMPARE(m_stack->publisher().exitCode(), 0);

    QVERIFY(unanswered->waitForEnd(2s));
    QCOMPARE(unanswered->status(), 502);
    QCOMPARE(unanswered->errorCode(), QStringLiteral("publisher_lost"));
    QVERIFY(stream->waitForEnd(2s));
    QVERIFY(!stream->isComplete());
    QCOMPARE(stream->events().last().json()[QLatin1String("error")][QLatin1String("code")].toString(),
             QStringLiteral("publisher_lost"));
    QVERIFY(m_stack->waitUntilLlmIs("inactive", 1s));
}

void TestLoss::bringsThePublisherBackWithTheSameIds_data()
{
    QTest::addColumn<bool>("busy");
    QTest::newRow("idle") << false;
    QTest::newRow("in mid-stream") << true;
}

void TestLoss::bringsThePublisherBackWithTheSameIds()
{
    QFETCH(bool, busy);
    QVERIFY(startStack({.publisher = impatient}));
    const QJsonObject before = session();
    const QString llmId = m_stack->llm()[QLatin1String("id")].toString();
    const auto stream = busy ? m_stack->call(m_stack->chat(endless)) : nullptr;
    QVERIFY(!stream || stream->waitForEvents(1));

    m_stack->server().kill();
    QVERIFY(m_stack->startServer());
    QVERIFY(m_stack->waitUntilLlmIs("active", 5s));

    const QJsonObject after = session();
    QCOMPARE(m_stack->sessions().size(), 1);
    QCOMPARE(after[QLatin1String("id")], before[QLatin1String("id")]);
    QCOMPARE(after[QLatin1String("epoch")].toInt(), before[QLatin1String("epoch")].toInt() + 1);
    QCOMPARE(after[QLatin1String("bound")], QJsonValue(true));
    QCOMPARE(m_stack->llm()[QLatin1String("id")].toString(), llmId);
    if (busy) {
        QCOMPARE(m_stack->backendRequests().first()[QLatin1String("outcome")].toString(), QStringLiteral("aborted"));
        QVERIFY(stream->waitForEnd() && !stream->isComplete());
    }
    const auto call = m_stack->call(m_stack->chat(directive({{QStringLiteral("rate"), 0}})));
    QVERIFY(call->waitForEnd() && call->saysDone());
}

void TestLoss::givesUpASilentPublisher()
{
    QMap<QString, QString> server = withoutGrace;
    server[QStringLiteral("channel.pingSeconds")] = QStringLiteral("0.5");
    QVERIFY(startStack({.server = server, .publisher = impatient}));
    const QJsonObject before = session();
    const auto stream = m_stack->call(m_stack->chat(endless));
    QVERIFY(stream->waitForEvents(1));
    const auto unanswered = m_stack->call(m_stack->chat(silent));
    QTRY_COMPARE(m_stack->backendRequests().size(), 2);

    m_stack->publisher().signal(SIGSTOP);
    QVERIFY(stream->waitForEnd(3s));
    QVERIFY(!stream->isComplete() && !stream->saysDone());
    QVERIFY(unanswered->waitForEnd(1s));
    QCOMPARE(unanswered->status(), 502);
    QCOMPARE(unanswered->errorCode(), QStringLiteral("publisher_lost"));
    QVERIFY(m_stack->waitUntilLlmIs("inactive", 1s));

    m_stack->publisher().signal(SIGCONT);
    QVERIFY(m_stack->waitUntilLlmIs("active", 5s));
    QCOMPARE(session()[QLatin1String("id")], before[QLatin1String("id")]);
    QVERIFY(session()[QLatin1String("epoch")].toInt() > before[QLatin1String("epoch")].toInt());
}

void TestLoss::keepsTheSessionOverARestartOfThePublisher()
{
    QVERIFY(startStack());
    const QJsonObject before = session();
    const QString llmId = m_stack->llm()[QLatin1String("id")].toString();
    m_stack->publisher().kill();
    QVERIFY(m_stack->waitUntilLlmIs("inactive"));
    m_stack->startPublisher();
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    QCOMPARE(session()[QLatin1String("id")], before[QLatin1String("id")]);
    QCOMPARE(session()[QLatin1String("epoch")].toInt(), before[QLatin1String("epoch")].toInt() + 1);
    QCOMPARE(m_stack->llm()[QLatin1String("id")].toString(), llmId);
    QVERIFY(m_stack->llm()[QLatin1String("inactiveSince")].isNull());
    QVERIFY(!(QFile::permissions(m_stack->stateFile()) & (QFileDevice::ReadGroup | QFileDevice::ReadOther)));
}

void TestLoss::neverCompletesAStreamOfADeadServer()
{
    QVERIFY(startStack());
    const auto stream = m_stack->call(m_stack->chat(endless));
    const auto body = m_stack->call(m_stack->modelRequest(
        "/v1/chat/completions", directive({{QStringLiteral("bytes"), 200'000}, {QStringLiteral("hangAfter"), 1}})));
    QVERIFY(stream->waitForEvents(2));
    QTRY_VERIFY(!body->body().isEmpty());
    m_stack->server().kill();
    QVERIFY(stream->waitForEnd(1s));
    QVERIFY(!stream->isComplete() && !stream->saysDone());
    QVERIFY(body->waitForEnd(1s));
    QVERIFY(!body->isComplete());
    // And nothing of it goes on behind it.
    const auto running = [this] { return m_stack->backendStats()[QLatin1String("running")].toInt(); };
    QTRY_COMPARE_WITH_TIMEOUT(running(), 0, 1000);
}

QTEST_GUILESS_MAIN(TestLoss)
#include "tst_loss.moc"
