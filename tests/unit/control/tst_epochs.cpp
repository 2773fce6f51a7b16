// Binding, on both engines: one socket speaks for a provider session, the last one, whatever the others still say and
// whatever becomes of it.

#include "controltest.h"

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using channel::CloseCode;
using channel::ReportedState;

class TestEpochs final : public ControlTest
{
    Q_OBJECT

private Q_SLOTS:
    void newSocketGetsAHigherEpochAndReplacesTheOld();
    void staleSocketIsIgnored();
    void staleSocketsTasksGoToTheNewSocket();
    void waitersGoToTheNewSocket();
    void registeredComesBeforeTheFirstTask();
    void lastOfManySocketsWins();

    void vanishedWhileItsRegisterIsStored();
    void vanishedWhileItsRegisterIsStoredOverALiveSocket();
    void vanishedDuringALaterRegister();
    void vanishedBeforeItsTurn();
    void replacedBeforeItsTurn();
};

void TestEpochs::newSocketGetsAHigherEpochAndReplacesTheOld()
{
    const auto old = m_harness->publish({entry(m_name)});
    const ProviderSessionId session = m_harness->llm(m_name).providerSessionId;
    const auto fresh = m_harness->connect();
    const auto answer = fresh->registerLlms({entry(m_name)}, session);
    QVERIFY(answer);
    QCOMPARE(answer->epoch, quint64{2});
    QCOMPARE(old->closeCode(), static_cast<int>(CloseCode::Replaced));
    QVERIFY(m_harness->control.isBound(session));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    QCOMPARE(m_harness->storedSession(session)->epoch, quint64{2});
    QVERIFY(m_harness->storedLlm(m_name) == m_harness->llm(m_name));
}

void TestEpochs::staleSocketIsIgnored()
{
    const auto old = m_harness->publish({entry(m_name)});
    const ProviderSessionId session = m_harness->llm(m_name).providerSessionId;
    const auto fresh = m_harness->connect();
    QVERIFY(fresh->registerLlms({entry(m_name)}, session));
    AnswerRecorder recorder;
    const auto task = m_harness->infer(m_name, recorder);
    const auto infer = fresh->next<channel::Infer>();
    QVERIFY(infer);
    const Llm before = m_harness->llm(m_name);

    m_clock.advance(6s);
    old->send(channel::Heartbeat{{{m_name, ReportedState::Paused, 0}}});
    old->answer(infer->task, 500, "stale");
    old->send(channel::Register{{}, {}, session, {}});
    old->close();
    deliver();
    QVERIFY(m_harness->llm(m_name) == before);
    QVERIFY(recorder.calls.isEmpty());
    QVERIFY(m_harness->control.isBound(session));
    fresh->answer(infer->task, 200, "fresh");
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.body, QByteArray("fresh"));
    QVERIFY(m_harness->storedLlm(m_name)->status == LlmStatus::Active);
}

void TestEpochs::staleSocketsTasksGoToTheNewSocket()
{
    const auto old = m_harness->publish({entry(m_name)});
    AnswerRecorder begun;
    AnswerRecorder sent;
    const auto first = m_harness->infer(m_name, begun);
    const auto second = m_harness->infer(m_name, sent);
    const auto infer = old->next<channel::Infer>();
    QVERIFY(infer);
    old->send(channel::ResponseHead{infer->task, 200, {}});
    QTRY_COMPARE(begun.calls, QStringList{QStringLiteral("head")});
    const auto fresh = m_harness->connect();
    QVERIFY(fresh->registerLlms({entry(m_name)}, m_harness->llm(m_name).providerSessionId));
    // Nobody can go on with an answer that has begun.
    QVERIFY(begun.errorCode() == ErrorCode::PublisherLost);
    QCOMPARE(m_harness->relay.running(m_harness->llm(m_name).id), 1);
    const auto again = fresh->next<channel::Infer>();
    QVERIFY(again);
    QCOMPARE(again->attempt, 2);
    fresh->answer(again->task, 200, "x");
    QTRY_VERIFY(sent.hasEnded());
}

void TestEpochs::waitersGoToTheNewSocket()
{
    channel::LlmEntry single = entry(m_name);
    single.maxConcurrency = 1;
    const auto old = m_harness->publish({single});
    AnswerRecorder running;
    AnswerRecorder waiting;
    const auto first = m_harness->infer(m_name, running);
    const auto second = m_harness->infer(m_name, waiting);
    const auto fresh = m_harness->connect();
    QVERIFY(fresh->registerLlms({single}, m_harness->llm(m_name).providerSessionId));
    for (AnswerRecorder *const recorder : {&running, &waiting}) {
        const auto infer = fresh->next<channel::Infer>();
        QVERIFY(infer);
        QCOMPARE(fresh->count<channel::Infer>(), 0);
        fresh->answer(infer->task, 200, "x");
        QTRY_VERIFY(recorder->hasEnded());
    }
}

void TestEpochs::registeredComesBeforeTheFirstTask()
{
    channel::LlmEntry single = entry(m_name);
    single.maxConcurrency = 1;
    const auto old = m_harness->publish({single});
    AnswerRecorder recorders[2];
    const auto first = m_harness->infer(m_name, recorders[0]);
    const auto second = m_harness->infer(m_name, recorders[1]);
    const auto fresh = m_harness->connect();
    fresh->send(channel::Register{{}, {}, m_harness->llm(m_name).providerSessionId, {single}});
    QTRY_COMPARE(fresh->count<channel::Infer>(), 1);
    const auto indexOf = [&fresh](size_t alternative) {
        const auto &messages = fresh->messages();
        return std::find_if(messages.begin(), messages.end(),
                            [alternative](const channel::Message &message) { return message.index() == alternative; }) -
               messages.begin();
    };
    QVERIFY(indexOf(channel::Message(channel::Registered{}).index()) <
            indexOf(channel::Message(channel::Infer{}).index()));
}

void TestEpochs::lastOfManySocketsWins()
{
    std::vector<std::unique_ptr<FakePublisher>> sockets;
    sockets.push_back(m_harness->publish({entry(m_name)}));
    const ProviderSessionId session = m_harness->llm(m_name).providerSessionId;
    for (int i = 0; i < 5; ++i) {
        sockets.push_back(m_harness->connect());
        sockets.back()->send(channel::Register{{}, {}, session, {entry(m_name)}});
    }
    const auto answer = sockets.back()->next<channel::Registered>();
    QVERIFY(answer);
    QCOMPARE(answer->epoch, quint64{6});
    for (size_t i = 0; i < 5; ++i)
        QCOMPARE(sockets[i]->closeCode(), static_cast<int>(CloseCode::Replaced));
    QVERIFY(sockets.back()->heartbeat({{m_name}}));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
}

void TestEpochs::vanishedWhileItsRegisterIsStored()
{
    const auto publisher = m_harness->connect();
    const ProviderSessionId session(QStringLiteral("vanishing"));
    {
        const WriteBlock block(*m_fixture);
        publisher->send(channel::Register{{}, {}, session, {entry(m_name), sleepingEntry(QStringLiteral("z"))}});
        deliver();
        publisher->breakOff();
        deliver();
        QVERIFY(!m_harness->registry.findLlm(m_name));
    }
    QTRY_VERIFY(m_harness->registry.findLlm(m_name));
    QVERIFY(!m_harness->control.isBound(session));
    for (const QString &name : {m_name, QStringLiteral("z")}) {
        QVERIFY(m_harness->llm(name).status == LlmStatus::Inactive);
        QVERIFY(m_harness->storedLlm(name)->status == LlmStatus::Inactive);
    }
}

void TestEpochs::vanishedWhileItsRegisterIsStoredOverALiveSocket()
{
    // Once the new epoch is committed, the old socket is a stale one, whatever has become of the new.
    const auto old = m_harness->publish({entry(m_name)});
    const ProviderSessionId session = m_harness->llm(m_name).providerSessionId;
    AnswerRecorder recorder;
    const auto task = m_harness->infer(m_name, recorder);
    const auto fresh = m_harness->connect();
    {
        const WriteBlock block(*m_fixture);
        fresh->send(channel::Register{{}, {}, session, {entry(QStringLiteral("other"))}});
        deliver();
        fresh->breakOff();
        deliver();
        QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    }
    QCOMPARE(old->closeCode(), static_cast<int>(CloseCode::Replaced));
    m_clock.advance(5s);
    QVERIFY(recorder.errorCode() == ErrorCode::PublisherLost);
    QVERIFY(!m_harness->control.isBound(session));
    for (const QString &name : {m_name, QStringLiteral("other")}) {
        QVERIFY(m_harness->llm(name).status == LlmStatus::Inactive);
        QVERIFY(m_harness->storedLlm(name)->status == LlmStatus::Inactive);
    }
}

void TestEpochs::vanishedDuringALaterRegister()
{
    const auto publisher = m_harness->publish({entry(m_name)});
    {
        const WriteBlock block(*m_fixture);
        publisher->send(channel::Register{{}, {}, {}, {entry(m_name), entry(QStringLiteral("other"))}});
        deliver();
        publisher->breakOff();
        deliver();
        QVERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    }
    QTRY_VERIFY(m_harness->registry.findLlm(QStringLiteral("other")));
    for (const QString &name : {m_name, QStringLiteral("other")}) {
        QVERIFY(m_harness->llm(name).status == LlmStatus::Inactive);
        QVERIFY(m_harness->storedLlm(name)->status == LlmStatus::Inactive);
    }
}

void TestEpochs::vanishedBeforeItsTurn()
{
    const auto holder = m_harness->publish({entry(m_name)});
    const ProviderSessionId session = m_harness->llm(m_name).providerSessionId;
    const auto busy = m_harness->connect();
    const auto fresh = m_harness->connect();
    {
        const WriteBlock block(*m_fixture);
        busy->send(channel::Register{{}, {}, {}, {entry(QStringLiteral("other"))}});
        deliver();
        fresh->send(channel::Register{{}, {}, session, {}});
        deliver();
        fresh->breakOff();
        deliver();
    }
    QVERIFY(busy->next<channel::Registered>());
    QVERIFY(holder->heartbeat({{m_name}}));
    QVERIFY(!holder->isClosed());
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    QCOMPARE(m_harness->storedSession(session)->epoch, quint64{1});
}

void TestEpochs::replacedBeforeItsTurn()
{
    // The old socket has something new to publish, but the new one was faster.
    const auto old = m_harness->publish({entry(m_name)});
    const ProviderSessionId session = m_harness->llm(m_name).providerSessionId;
    const auto fresh = m_harness->connect();
    {
        const WriteBlock block(*m_fixture);
        fresh->send(channel::Register{{}, {}, session, {entry(m_name)}});
        deliver();
        old->send(channel::Register{{}, {}, {}, {entry(QStringLiteral("other"))}});
        deliver();
    }
    QVERIFY(fresh->next<channel::Registered>());
    QCOMPARE(old->closeCode(), static_cast<int>(CloseCode::Replaced));
    QVERIFY(!m_harness->storedLlm(QStringLiteral("other")));
    QVERIFY(fresh->heartbeat({{m_name}}));
    QVERIFY(!fresh->isClosed());
    QVERIFY(m_harness->control.isBound(session));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
}

QTEST_GUILESS_MAIN(TestEpochs)
#include "tst_epochs.moc"
