// The server's end of a control channel, on both engines: its first words, messages out of turn, a database that is
// away, keys that change, and the farewell.

#include "controltest.h"

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using channel::CloseCode;

class TestControlSession final : public ControlTest
{
    Q_OBJECT

private Q_SLOTS:
    void saysHelloFirst();
    void closesWithoutARegisterInTime();
    void secondRegisterBeforeTheAnswer();
    void messageThatOnlyServersSend();
    void nothingIsBoundBeforeTheRegister();

    void storageAwayDuringTheFirstRegister();
    void storageAwayDuringALaterRegister();

    void keyThatIsNotValidAnyMore_data();
    void keyThatIsNotValidAnyMore();
    void keyThatExpires();
    void limitsOfAKeyDisturbNoPublisher();
    void changedKeyMustConnectAgain();
    void goodbyeAndClose();
};

void TestControlSession::saysHelloFirst()
{
    control::ControlSettings settings;
    settings.lifecycle.heartbeatInterval = 2500ms;
    makeHarness(settings);
    const auto publisher = m_harness->connect();
    const auto hello = publisher->next<channel::Hello>();
    QVERIFY(hello);
    QCOMPARE(hello->heartbeatSeconds, 3);
}

void TestControlSession::closesWithoutARegisterInTime()
{
    const auto silent = m_harness->connect();
    const auto bound = m_harness->publish({entry(m_name)});
    m_clock.advance(10s - 1ms);
    deliver();
    QVERIFY(!silent->isClosed());
    m_clock.advance(1ms);
    QCOMPARE(silent->closeCode(), static_cast<int>(CloseCode::PolicyViolation));
    QVERIFY(!bound->isClosed());
}

void TestControlSession::secondRegisterBeforeTheAnswer()
{
    const auto publisher = m_harness->connect();
    publisher->send(channel::Register{{}, {}, {}, {entry(m_name)}});
    publisher->send(channel::Register{{}, {}, {}, {entry(m_name)}});
    QCOMPARE(publisher->closeCode(), static_cast<int>(CloseCode::PolicyViolation));
    m_harness->storedLlm(m_name);
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
}

void TestControlSession::messageThatOnlyServersSend()
{
    const auto publisher = m_harness->publish({entry(m_name)});
    publisher->send(channel::Goodbye{});
    QCOMPARE(publisher->closeCode(), static_cast<int>(CloseCode::PolicyViolation));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
}

void TestControlSession::nothingIsBoundBeforeTheRegister()
{
    const auto publisher = m_harness->connect();
    QVERIFY(publisher->heartbeat({{m_name}}));
    publisher->answer(TaskId{1}, 200, "x");
    QVERIFY(publisher->heartbeat());
    QVERIFY(!publisher->isClosed());
    QVERIFY(m_harness->registry.sessions().empty());
}

void TestControlSession::storageAwayDuringTheFirstRegister()
{
    makeHarness({}, 100ms);
    const auto publisher = m_harness->connect();
    {
        const WriteBlock block(*m_fixture);
        publisher->send(channel::Register{{}, {}, {}, {entry(m_name)}});
        QCOMPARE(publisher->closeCode(), static_cast<int>(CloseCode::TryAgainLater));
    }
    const auto notice = publisher->next<channel::ErrorNotice>();
    QVERIFY(notice);
    QCOMPARE(notice->code, QStringLiteral("storage_unavailable"));
    QVERIFY(!m_harness->registry.findLlm(m_name));
    QVERIFY(m_harness->registry.sessions().empty());
    // And when it is back, all is well.
    QTRY_VERIFY(m_harness->storage.available());
    const auto again = m_harness->connect();
    QVERIFY(again->registerLlms({entry(m_name)}));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
}

void TestControlSession::storageAwayDuringALaterRegister()
{
    makeHarness({}, 100ms);
    const auto publisher = m_harness->publish({entry(m_name)});
    AnswerRecorder recorder;
    const auto task = m_harness->infer(m_name, recorder);
    const auto infer = publisher->next<channel::Infer>();
    QVERIFY(infer);
    {
        const WriteBlock block(*m_fixture);
        publisher->send(channel::Register{{}, {}, {}, {entry(QStringLiteral("other"))}});
        QVERIFY(publisher->next<channel::ErrorNotice>());
    }
    // What is published stays so, what runs goes on, and it may be offered again.
    QVERIFY(!publisher->isClosed());
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    publisher->answer(infer->task, 200, "x");
    QTRY_VERIFY(recorder.hasEnded());
    QTRY_VERIFY(m_harness->storage.available());
    QVERIFY(publisher->registerLlms({entry(QStringLiteral("other"))}));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
}

void TestControlSession::keyThatIsNotValidAnyMore_data()
{
    QTest::addColumn<bool>("revoked");
    QTest::newRow("revoked") << true;
    QTest::newRow("without the scope to publish") << false;
}

void TestControlSession::keyThatIsNotValidAnyMore()
{
    QFETCH(bool, revoked);
    ApiKey key = publishKey(QStringLiteral("alice"));
    const auto publisher = m_harness->connect(key);
    QVERIFY(publisher->registerLlms({entry(m_name)}));
    const auto other = m_harness->publish({entry(QStringLiteral("other"))}, QStringLiteral("bob"));
    if (revoked)
        key.revokedAt = m_clock.wallNow();
    else
        key.scopes = {Scope::Infer};
    m_harness->setKey(key);
    m_harness->control.checkKeys();
    QCOMPARE(publisher->closeCode(), static_cast<int>(CloseCode::KeyRefused));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    QVERIFY(!other->isClosed());
}

void TestControlSession::keyThatExpires()
{
    ApiKey key = publishKey(QStringLiteral("alice"));
    key.expiresAt = m_clock.wallNow() + 60s;
    const auto publisher = m_harness->connect(key);
    QVERIFY(publisher->registerLlms({entry(m_name)}));
    m_clock.advance(59s);
    deliver();
    QVERIFY(!publisher->isClosed());
    m_clock.advance(1s);
    QCOMPARE(publisher->closeCode(), static_cast<int>(CloseCode::KeyRefused));
}

void TestControlSession::limitsOfAKeyDisturbNoPublisher()
{
    domain::ApiKey key = publishKey(QStringLiteral("alice"));
    const auto publisher = m_harness->connect(key);
    QVERIFY(publisher->registerLlms({entry(m_name)}));
    key.priority = domain::Priority::High;
    key.limits.maxConcurrent = 1;
    m_harness->setKey(key);
    m_harness->control.checkKeys();
    deliver();
    QVERIFY(publisher->heartbeat());
    QVERIFY(m_harness->llm(m_name).status == domain::LlmStatus::Active);
}

void TestControlSession::changedKeyMustConnectAgain()
{
    ApiKey key = publishKey(QStringLiteral("alice"));
    const auto publisher = m_harness->connect(key);
    QVERIFY(publisher->registerLlms({entry(m_name)}));
    m_harness->control.checkKeys();
    deliver();
    QVERIFY(!publisher->isClosed());
    key.models = {QStringLiteral("other")};
    m_harness->setKey(key);
    m_harness->control.checkKeys();
    QCOMPARE(publisher->closeCode(), static_cast<int>(CloseCode::GoingAway));
}

void TestControlSession::goodbyeAndClose()
{
    const auto publisher = m_harness->publish({entry(m_name)});
    AnswerRecorder recorder;
    const auto task = m_harness->infer(m_name, recorder);
    m_harness->control.sayGoodbye();
    QVERIFY(publisher->next<channel::Goodbye>());
    const auto infer = publisher->next<channel::Infer>();
    QVERIFY(infer);
    publisher->answer(infer->task, 200, "x");
    QTRY_VERIFY(recorder.hasEnded());
    m_harness->control.closeAll();
    QCOMPARE(publisher->closeCode(), static_cast<int>(CloseCode::GoingAway));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
}

QTEST_GUILESS_MAIN(TestControlSession)
#include "tst_controlsession.moc"
