// The limits of single API keys: what goes beyond them is refused with 429 and a time to come back, others notice
// nothing.

#include "pooltest.h"

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestKeyLimitsE2e final : public PoolTest
{
    Q_OBJECT

private Q_SLOTS:
    void requestsAtTheSameTime();
    void requestsPerMinute();
    void tokensPerMinute();
    void anUpdateAppliesToARunningServer();

private:
    bool startWithKey(const QStringList &limits) { return startBoxes({{.llm = "box"}}) && makeLimited(limits); }

    bool makeLimited(const QStringList &limits)
    {
        const QStringList scope{QStringLiteral("--scope"), QStringLiteral("infer")};
        return !m_stack->createKey("limited", scope + limits).isEmpty() &&
               QTest::qWaitFor([this] { return m_stack->get("/v1/models", "limited")->status() == 200; });
    }

    std::unique_ptr<HttpCall> answered(const QByteArray &key = "limited", const QJsonObject &members = {}) const
    {
        auto call = m_stack->call(ask(members, key));
        call->waitForEnd();
        return call;
    }

    static bool isRateLimited(const HttpCall &call)
    {
        const int seconds = call.field("retry-after").toInt();
        return call.status() == 429 && call.errorCode() == QLatin1String("rate_limited") && seconds >= 1 &&
               seconds <= 59;
    }
};

void TestKeyLimitsE2e::requestsAtTheSameTime()
{
    QVERIFY(startWithKey({QStringLiteral("--max-concurrent"), QStringLiteral("1")}));
    auto running = m_stack->call(ask(directive({{QStringLiteral("hang"), true}}), "limited"));
    QTRY_COMPARE(begun().size(), 1);
    QVERIFY(isRateLimited(*answered()));
    QCOMPARE(answered("client")->status(), 200);
    running.reset();
    QTRY_COMPARE(answered()->status(), 200);
    QVERIFY(metric("hearth_refusals_total{code=\"rate_limited\"}") >= 1);
    QVERIFY(usage("refused", "limited") >= 1);
}

void TestKeyLimitsE2e::requestsPerMinute()
{
    QVERIFY(startWithKey({QStringLiteral("--requests-per-minute"), QStringLiteral("3")}));
    for (int i = 0; i < 3; ++i)
        QCOMPARE(answered()->status(), 200);
    QVERIFY(isRateLimited(*answered()));
    QCOMPARE(answered("client")->status(), 200);
    // What was refused has reached nobody.
    QCOMPARE(begun().size(), 4);
}

void TestKeyLimitsE2e::tokensPerMinute()
{
    QVERIFY(startWithKey({QStringLiteral("--tokens-per-minute"), QStringLiteral("20")}));
    // What it costs is known afterwards.
    QCOMPARE(answered("limited", directive({{QStringLiteral("tokens"), 30}}))->status(), 200);
    QVERIFY(isRateLimited(*answered()));
    QCOMPARE(answered("client")->status(), 200);
}

void TestKeyLimitsE2e::anUpdateAppliesToARunningServer()
{
    QVERIFY(startWithKey({QStringLiteral("--requests-per-minute"), QStringLiteral("1")}));
    QCOMPARE(answered()->status(), 200);
    QVERIFY(isRateLimited(*answered()));
    const QStringList update{QStringLiteral("key"), QStringLiteral("update"), QStringLiteral("limited"),
                             QStringLiteral("--requests-per-minute"), QStringLiteral("0")};
    QCOMPARE(m_stack->hearthd(update).exitCode, 0);
    QTRY_COMPARE(answered()->status(), 200);
}

QTEST_GUILESS_MAIN(TestKeyLimitsE2e)
#include "tst_keylimits_e2e.moc"
