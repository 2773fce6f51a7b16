// Heartbeat and disconnect, on both engines: what a publisher's life and its end do to its rows, and to nobody else's.

#include "controltest.h"
#include "domainrows.h"

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using channel::ReportedState;

class TestHeartbeat final : public ControlTest
{
    Q_OBJECT

private Q_SLOTS:
    void bumpsAllRowsOfTheSession();
    void setsTheReportedState_data();
    void setsTheReportedState();
    void revivesASweptRow();
    void anyFrameCountsAsLife();
    void reportsOnForeignRowsAreIgnored();
    void reportsOnWithdrawnRowsAreIgnored();
    void rowAdoptedMeanwhileIsForeign();
    void countsAgainstTheMonotonicClock();
    void waitersAreServedOrRefused();
    void disconnectFlipsOnlyItsOwnRows();
    void disconnectFlipsHibernatingRowsAndAgents();
    void disconnectFailsItsTasksOnly();
};

void TestHeartbeat::bumpsAllRowsOfTheSession()
{
    const QString asleep = QStringLiteral("asleep");
    const auto publisher = m_harness->publish({entry(m_name), sleepingEntry(asleep)});
    const auto other = m_harness->publish({entry(QStringLiteral("other"))});
    const WallTime before = m_clock.wallNow();
    m_clock.advance(15s);
    QVERIFY(publisher->heartbeat({{m_name}}));
    for (const QString &name : {m_name, asleep}) {
        QVERIFY(m_harness->llm(name).lastHeartbeatAt == m_clock.wallNow());
        QCOMPARE(m_harness->llm(name).version, 1);
        QVERIFY(m_harness->storedLlm(name) == m_harness->llm(name));
    }
    QVERIFY(m_harness->llm(QStringLiteral("other")).lastHeartbeatAt == before);
    const ProviderSessionId session = m_harness->llm(m_name).providerSessionId;
    QVERIFY(m_harness->storedSession(session)->lastHeartbeatAt == m_clock.wallNow());
}

void TestHeartbeat::setsTheReportedState_data()
{
    QTest::addColumn<ReportedState>("state");
    QTest::addColumn<LlmStatus>("status");

    QTest::newRow("hibernating") << ReportedState::Hibernating << LlmStatus::Hibernating;
    QTest::newRow("inactive") << ReportedState::Inactive << LlmStatus::Inactive;
    QTest::newRow("paused") << ReportedState::Paused << LlmStatus::Inactive;
    QTest::newRow("draining") << ReportedState::Draining << LlmStatus::Inactive;
}

void TestHeartbeat::setsTheReportedState()
{
    QFETCH(ReportedState, state);
    QFETCH(LlmStatus, status);
    const auto publisher = m_harness->publish({entry(m_name)});
    QVERIFY(publisher->heartbeat({{m_name, state, 0}}));
    QVERIFY(m_harness->llm(m_name).status == status);
    QCOMPARE(m_harness->llm(m_name).statusReason.has_value(), status == LlmStatus::Inactive);
    QVERIFY(m_harness->storedLlm(m_name) == m_harness->llm(m_name));
    QVERIFY(publisher->heartbeat({{m_name, ReportedState::Active, 0}}));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    QVERIFY(m_harness->storedLlm(m_name) == m_harness->llm(m_name));
    QCOMPARE(m_harness->llm(m_name).version, 1);
}

void TestHeartbeat::revivesASweptRow()
{
    const auto publisher = m_harness->publish({entry(m_name)});
    m_clock.advance(2min);
    m_harness->sweep();
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    QVERIFY(publisher->heartbeat({{m_name}}));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    QVERIFY(!m_harness->llm(m_name).inactiveSince);
    QVERIFY(m_harness->storedLlm(m_name) == m_harness->llm(m_name));
}

void TestHeartbeat::anyFrameCountsAsLife()
{
    const auto publisher = m_harness->publish({entry(m_name)});
    AnswerRecorder recorder;
    const auto task = m_harness->infer(m_name, recorder);
    const auto infer = publisher->next<channel::Infer>();
    QVERIFY(infer);
    publisher->send(channel::ResponseHead{infer->task, 200, {}});
    for (int i = 0; i < 4; ++i) {
        m_clock.advance(80s);
        publisher->sendBody(infer->task, "x");
        QTRY_COMPARE(recorder.body.size(), i + 1);
    }
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    QVERIFY(m_harness->llm(m_name).lastHeartbeatAt == m_clock.wallNow());
}

void TestHeartbeat::reportsOnForeignRowsAreIgnored()
{
    const auto publisher = m_harness->publish({entry(m_name)});
    const auto other = m_harness->publish({entry(QStringLiteral("other"))});
    QVERIFY(other->heartbeat({{m_name, ReportedState::Paused, 0}, {QStringLiteral("nobody")}}));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    QVERIFY(!m_harness->registry.findLlm(QStringLiteral("nobody")));
}

void TestHeartbeat::reportsOnWithdrawnRowsAreIgnored()
{
    // Withdrawn on purpose, or because the key may not publish it any more: a heartbeat does not bring it back.
    const auto publisher = m_harness->publish({entry(m_name), entry(QStringLiteral("kept"))});
    QVERIFY(publisher->registerLlms({entry(QStringLiteral("kept"))}));
    const Llm withdrawn = m_harness->llm(m_name);
    QVERIFY(publisher->heartbeat({{m_name}, {QStringLiteral("kept")}}));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    QVERIFY(m_harness->llm(m_name).inactiveSince == withdrawn.inactiveSince);
}

void TestHeartbeat::rowAdoptedMeanwhileIsForeign()
{
    const auto silent = m_harness->publish({entry(m_name)});
    m_clock.advance(2min);
    m_harness->sweep();
    const auto heir = m_harness->publish({entry(m_name)});
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    const ProviderSessionId session = m_harness->llm(m_name).providerSessionId;
    QVERIFY(silent->heartbeat({{m_name, ReportedState::Paused, 0}}));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    QVERIFY(m_harness->llm(m_name).providerSessionId == session);
    QVERIFY(m_harness->storedLlm(m_name) == m_harness->llm(m_name));
}

void TestHeartbeat::countsAgainstTheMonotonicClock()
{
    const auto publisher = m_harness->publish({entry(m_name)});
    for (int i = 0; i < 4; ++i) {
        // Whoever sets the date back by what has passed makes all stamps look alike.
        m_clock.advance(60s);
        m_clock.jumpWall(-60s);
        QVERIFY(publisher->heartbeat({{m_name}}));
        m_harness->sweep();
        QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    }
}

void TestHeartbeat::waitersAreServedOrRefused()
{
    channel::LlmEntry single = entry(m_name);
    single.maxConcurrency = 1;
    const auto publisher = m_harness->publish({single});
    AnswerRecorder running;
    AnswerRecorder waiting;
    const auto first = m_harness->infer(m_name, running);
    const auto second = m_harness->infer(m_name, waiting);
    QVERIFY(publisher->heartbeat({{m_name, ReportedState::Draining, 1}}));
    QVERIFY(waiting.errorCode() == ErrorCode::PublisherOffline);
    QVERIFY(running.calls.isEmpty());
}

void TestHeartbeat::disconnectFlipsOnlyItsOwnRows()
{
    const QString other = QStringLiteral("other");
    auto publisher = m_harness->publish({entry(m_name)});
    const auto neighbour = m_harness->publish({entry(other)});
    m_harness->add(publicLlm(QStringLiteral("open"), m_clock.wallNow()));
    m_clock.advance(1s);
    publisher->breakOff();
    QTRY_VERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    QVERIFY(m_harness->llm(m_name).statusReason == StatusReason::Offline);
    QVERIFY(m_harness->llm(m_name).inactiveSince == m_clock.wallNow());
    QCOMPARE(m_harness->llm(m_name).version, 1);
    QVERIFY(m_harness->storedLlm(m_name) == m_harness->llm(m_name));
    for (const QString &name : {other, QStringLiteral("open")}) {
        QVERIFY(m_harness->llm(name).status == LlmStatus::Active);
        QVERIFY(m_harness->storedLlm(name)->status == LlmStatus::Active);
    }
    AnswerRecorder recorder;
    const auto refused = m_harness->infer(m_name, recorder);
    QVERIFY(!refused);
    QCOMPARE(refused.error().message, QStringLiteral("Llm 'm' is inactive; publisher offline"));
}

void TestHeartbeat::disconnectFlipsHibernatingRowsAndAgents()
{
    auto publisher = m_harness->publish({sleepingEntry(m_name)});
    const Llm llm = m_harness->llm(m_name);
    m_harness->add(liveAgent(QStringLiteral("a"), llm, llm.providerSessionId.toString(), m_clock.wallNow()));
    publisher->close();
    QTRY_VERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    QVERIFY(m_harness->registry.findAgent(QStringLiteral("a"))->status == LlmStatus::Inactive);
    QVERIFY(m_harness->storedLlm(m_name)->status == LlmStatus::Inactive);
    QVERIFY(m_harness->storedAgent(QStringLiteral("a"))->status == LlmStatus::Inactive);
}

void TestHeartbeat::disconnectFailsItsTasksOnly()
{
    const QString other = QStringLiteral("other");
    auto publisher = m_harness->publish({entry(m_name)});
    const auto neighbour = m_harness->publish({entry(other)});
    AnswerRecorder before;
    AnswerRecorder middle;
    AnswerRecorder elsewhere;
    const auto first = m_harness->infer(m_name, before);
    const auto second = m_harness->infer(m_name, middle);
    const auto third = m_harness->infer(other, elsewhere);
    QVERIFY(publisher->next<channel::Infer>());
    const auto started = publisher->next<channel::Infer>();
    const auto running = neighbour->next<channel::Infer>();
    QVERIFY(started && running);
    publisher->send(channel::ResponseHead{started->task, 200, {}});
    publisher->sendBody(started->task, "half an answ");
    QTRY_VERIFY(!middle.body.isEmpty());

    publisher->breakOff();
    QTRY_VERIFY(middle.error);
    QVERIFY(middle.errorCode() == ErrorCode::PublisherLost);
    QVERIFY(!middle.hasEnded());
    QCOMPARE(before.calls, QStringList{QStringLiteral("delayed")});
    m_clock.advance(5s);
    QVERIFY(before.errorCode() == ErrorCode::PublisherLost);
    neighbour->answer(running->task, 200, "x");
    QTRY_VERIFY(elsewhere.hasEnded());
}

QTEST_GUILESS_MAIN(TestHeartbeat)
#include "tst_heartbeat.moc"
