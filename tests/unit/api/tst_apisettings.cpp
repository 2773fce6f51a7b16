// Settings that are replaced while the api works: the next request sees the new ones, those that came before keep
// theirs.

#include "chatroutetest.h"

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestApiSettings final : public ChatRouteTest
{
    Q_OBJECT

private Q_SLOTS:
    void nextBodyIsScannedElsewhere();
    void holdIsThatOfTheFirstWait();
    void commentsComeAsTheyDid();
    void heldChatIsHeldForAsLong();

private:
    /// A server whose clients are held for 30 s, and an Llm that sleeps.
    void makeAsleep()
    {
        make({.api = {.wakeMaxHold = 30s}});
        QVERIFY(m_publisher->registerLlms({sleepingEntry(QStringLiteral("m"))}));
    }

    std::unique_ptr<ApiCall> stream() { return m_api->post("/v1/chat/completions", R"({"model":"m","stream":true})"); }
};

void TestApiSettings::nextBodyIsScannedElsewhere()
{
    const QByteArray body = R"({"model":"m","user":")" + QByteArray(2000, 'x') + "\"}";
    const auto scannedHere = m_api->post("/v1/chat/completions", body);
    QCOMPARE(m_api->server.relay.running(llm().id), 1);
    m_publisher->answer(m_api->nextInfer(*m_publisher)->message.task, 200, "{}");
    QVERIFY(scannedHere->waitForEnd());

    m_api->router.setSettings({.scanInlineLimit = 1000});
    const auto scannedElsewhere = m_api->post("/v1/chat/completions", body);
    QCOMPARE(m_api->server.relay.running(llm().id), 0);
    m_publisher->answer(m_api->nextInfer(*m_publisher)->message.task, 200, "{}");
    QVERIFY(scannedElsewhere->waitForEnd());
    QCOMPARE(scannedElsewhere->status(), 200);
}

void TestApiSettings::holdIsThatOfTheFirstWait()
{
    makeAsleep();
    const auto before = m_api->chat("m");
    const auto wake = m_publisher->next<channel::Wake>();
    QVERIFY(wake);
    m_api->clock.advance(20s);
    m_publisher->send(channel::WakeResult{.task = wake->task, .ok = true, .durationMs = 20'000});
    const auto infer = m_api->nextInfer(*m_publisher);
    QVERIFY(infer);
    // It has fallen asleep once more, and so the request waits once more.
    m_api->router.setSettings({.wakeMaxHold = 10s});
    QVERIFY(m_publisher->heartbeat({{QStringLiteral("m"), channel::ReportedState::Hibernating, 0}}));
    m_publisher->send(channel::TaskError{infer->message.task, QStringLiteral("backend_asleep"), {}});
    QVERIFY(m_publisher->next<channel::Wake>());
    const auto after = m_api->chat("m");
    m_api->clock.advance(10s - 1ms);
    QCOMPARE(before->end(), ApiCall::End::Not);
    QCOMPARE(after->end(), ApiCall::End::Not);
    m_api->clock.advance(1ms);
    QCOMPARE(before->status(), 503);
    QCOMPARE(after->status(), 503);
}

void TestApiSettings::commentsComeAsTheyDid()
{
    makeAsleep();
    const auto before = stream();
    QVERIFY(m_publisher->next<channel::Wake>());
    m_api->router.setSettings({.wakeGrace = 1s, .wakeComment = 1s});
    const auto after = stream();
    m_api->clock.advance(1s);
    QVERIFY(after->waitForBody(": waking m, 1 s"));
    QCOMPARE(before->status(), 0);
    m_api->clock.advance(1s);
    QVERIFY(after->waitForBody(": waking m, 2 s"));
    QVERIFY(before->waitForBody(": waking m, 2 s"));
    for (int second = 3; second <= 7; ++second)
        m_api->clock.advance(1s);
    QVERIFY(before->waitForBody(": waking m, 7 s"));
    QCOMPARE(before->body().count(": waking"), 2);
    QCOMPARE(after->body().count(": waking"), 7);
}

void TestApiSettings::heldChatIsHeldForAsLong()
{
    makeAsleep();
    const auto before = post(R"({"message":"Hi"})");
    m_api->router.setSettings({.wakeMaxHold = 10s});
    QVERIFY(m_publisher->next<channel::Wake>());
    const auto after = post(R"({"message":"Hi"})");
    // It has to be stored before it waits.
    QTRY_COMPARE(m_api->server.relay.waiting(llm().id), 2);
    m_api->clock.advance(10s);
    QVERIFY(after->waitForEnd());
    QCOMPARE(after->status(), 503);
    QCOMPARE(before->end(), ApiCall::End::Not);
    m_api->clock.advance(20s);
    QVERIFY(before->waitForEnd());
    QCOMPARE(before->status(), 503);
}

QTEST_GUILESS_MAIN(TestApiSettings)
#include "tst_apisettings.moc"
