// What clients see when an Llm cannot serve after all: nothing, where another one can, or the same one comes back.

#include "pooltest.h"

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestFailoverE2e final : public PoolTest
{
    Q_OBJECT

private Q_SLOTS:
    void aLostPublishersRequestGoesElsewhere();
    void aBackendThatIsAwayIsLeftOut();
    void refusalsAreTriedElsewhere_data();
    void refusalsAreTriedElsewhere();
    void theLastRefusalIsHandedOn();
    void whatTheClientIsToBlameForIsNotTriedAgain();
    void aSingleLlmThatComesBackIsAskedAgain_data();
    void aSingleLlmThatComesBackIsAskedAgain();
    void aSingleLlmThatStaysAwayIsNotWaitedForForever();

private:
    static QString hangs() { return QStringLiteral("--hang"); }

    std::unique_ptr<HttpCall> answered(const HttpRequest &request) const
    {
        auto call = m_stack->call(request);
        call->waitForEnd();
        return call;
    }
};

void TestFailoverE2e::aLostPublishersRequestGoesElsewhere()
{
    // Of two that are equally idle, either may be chosen first. The good one is slow, so it has no room for all.
    QVERIFY(startBoxes({{.llm = "bad", .maxConcurrency = 4, .backendFlags = {hangs()}},
                        {.llm = "good", .maxConcurrency = 1, .backendFlags = {QStringLiteral("--delay=500")}}}));
    std::vector<std::unique_ptr<HttpCall>> calls;
    for (int i = 0; i < 4; ++i)
        calls.push_back(m_stack->call(i % 2 == 0 ? ask() : askStreamed()));
    QTRY_VERIFY(!boxOf("bad").requests().isEmpty());
    boxOf("bad").publisher().kill();
    for (const auto &call : calls) {
        QVERIFY(call->waitForEnd() && call->isComplete());
        QCOMPARE(call->status(), 200);
        QCOMPARE(call->field("x-hearth-llm"), QByteArray("good"));
    }
    QCOMPARE(usage("succeeded"), 4);
    QCOMPARE(usage("failed"), 0);
}

void TestFailoverE2e::aBackendThatIsAwayIsLeftOut()
{
    // Its publisher would look for it only in an hour.
    QVERIFY(startBoxes(equalBoxes(2)));
    box(0).backend().kill();
    for (int i = 0; i < 20; ++i) {
        const auto call = answered(ask());
        QCOMPARE(call->status(), 200);
        QCOMPARE(call->field("x-hearth-llm"), QByteArray("box-2"));
    }
}

void TestFailoverE2e::refusalsAreTriedElsewhere_data()
{
    QTest::addColumn<QString>("status");
    for (const char *status : {"429", "502", "503"})
        QTest::newRow(status) << QString::fromLatin1(status);
}

void TestFailoverE2e::refusalsAreTriedElsewhere()
{
    QFETCH(QString, status);
    QVERIFY(startBoxes({{.llm = "bad", .backendFlags = {QStringLiteral("--status"), status}}, {.llm = "good"}},
                       {{QStringLiteral("pool.affinity"), QStringLiteral("false")}}));
    for (int i = 0; i < 10; ++i) {
        const auto call = answered(i % 2 == 0 ? ask() : askStreamed());
        QCOMPARE(call->status(), 200);
        QCOMPARE(call->field("x-hearth-llm"), QByteArray("good"));
    }
    // It was tried, and then left out for a while.
    const qsizetype tried = boxOf("bad").requests().size();
    QVERIFY2(tried >= 1 && tried <= 4, qPrintable(QString::number(tried)));
    for (const QJsonValue &candidate : route()[QLatin1String("candidates")].toArray()) {
        const bool isBad = candidate[QLatin1String("llm")] == QLatin1String("bad");
        QCOMPARE(candidate[QLatin1String("breaker")].toString(),
                 isBad ? QStringLiteral("open") : QStringLiteral("closed"));
    }
}

void TestFailoverE2e::theLastRefusalIsHandedOn()
{
    QVERIFY(startBoxes(equalBoxes(2)));
    const auto call = answered(ask(directive({{QStringLiteral("status"), 503}, {QStringLiteral("retryAfter"), 7}})));
    QCOMPARE(call->status(), 503);
    QCOMPARE(call->field("retry-after"), QByteArray("7"));
    QVERIFY(call->body().contains("This failure was asked for."));
    QCOMPARE(begun().size(), 2);
    QCOMPARE(usage("rejected"), 1);
}

void TestFailoverE2e::whatTheClientIsToBlameForIsNotTriedAgain()
{
    QVERIFY(startBoxes(equalBoxes(2)));
    for (const int status : {400, 404, 422, 500})
        QCOMPARE(answered(ask(directive({{QStringLiteral("status"), status}})))->status(), status);
    QCOMPARE(begun().size(), 4);
}

void TestFailoverE2e::aSingleLlmThatComesBackIsAskedAgain_data()
{
    QTest::addColumn<bool>("isStream");
    QTest::newRow("whole") << false;
    QTest::newRow("streamed") << true;
}

void TestFailoverE2e::aSingleLlmThatComesBackIsAskedAgain()
{
    QFETCH(bool, isStream);
    QVERIFY(startBoxes({{.llm = "box", .pool = "\"\"", .maxConcurrency = 1}},
                       {{QStringLiteral("failover.reconnectGraceSeconds"), QStringLiteral("15")}}));
    QJsonObject members = directive({{QStringLiteral("delay"), 300}});
    members[QLatin1String("model")] = QStringLiteral("box");
    const HttpRequest request = isStream ? askStreamed(members) : ask(members);
    const auto first = m_stack->call(request);
    const auto waits = m_stack->call(request);
    QTRY_COMPARE(begun().size(), 1);
    QTRY_COMPARE(waiting("box"), 1);
    box(0).publisher().kill();
    box(0).startPublisher();
    for (const HttpCall *call : {first.get(), waits.get()}) {
        QVERIFY(call->waitForEnd());
        QCOMPARE(call->status(), 200);
        QVERIFY(call->isComplete());
        QCOMPARE(call->saysDone(), isStream);
    }
    // Begun twice, answered once.
    QCOMPARE(begun().size(), 3);
    QCOMPARE(usage("requests"), 2);
    QCOMPARE(usage("succeeded"), 2);
}

void TestFailoverE2e::aSingleLlmThatStaysAwayIsNotWaitedForForever()
{
    QVERIFY(startBoxes({{.llm = "box", .pool = "\"\""}},
                       {{QStringLiteral("failover.reconnectGraceSeconds"), QStringLiteral("0.5")}}));
    QJsonObject members = directive({{QStringLiteral("hang"), true}});
    members[QLatin1String("model")] = QStringLiteral("box");
    const auto call = m_stack->call(ask(members));
    QTRY_COMPARE(begun().size(), 1);
    const std::chrono::milliseconds lost = call->elapsed();
    box(0).publisher().kill();
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 502);
    QCOMPARE(call->errorCode(), QStringLiteral("publisher_lost"));
    QVERIFY(call->endedAt() - lost >= 450ms);
    QCOMPARE(usage("failed"), 1);
}

QTEST_GUILESS_MAIN(TestFailoverE2e)
#include "tst_failover_e2e.moc"
