// Registration as a publisher sees it, on both engines: who may publish which name, and what the rows are afterwards,
// live and stored. What is wrong with single entries is in tst_registrationplan.

#include "controltest.h"
#include "domainrows.h"

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using channel::EntryStatus;
using channel::LlmEntry;
using channel::Registered;
using channel::ReportedState;

namespace {

EntryStatus statusOf(const std::optional<Registered> &answer, qsizetype index = 0)
{
    return answer->llms.at(index).status;
}

} // namespace

class TestRegistration final : public ControlTest
{
    Q_OBJECT

private Q_SLOTS:
    void insertsAnUnknownName();
    void refusesToPublishOverAPublicRow();
    void refusesAForeignLiveSession_data();
    void refusesAForeignLiveSession();
    void adoptsALapsedSessionOfTheSameOwner();
    void refusesALapsedSessionOfAnotherOwner();
    void adoptsAcrossOwnersWhereThatIsOpen();
    void refusesTheNameOfAnAgent();
    void refusesNamesThatTheKeyMayNotPublish();
    void oneBadEntryAmongGoodOnes();
    void textThatNoDatabaseStores();
    void withdrawnEntriesBecomeInactive();
    void withdrawnEntriesComeBack();
    void keptLlmsGoOnUndisturbed();
    void twoPublishersFightForAName();
};

void TestRegistration::insertsAnUnknownName()
{
    const auto publisher = m_harness->connect(QStringLiteral("alice"));
    const auto answer = publisher->registerLlms({entry(m_name)});
    QVERIFY(answer);
    QVERIFY(statusOf(answer) == EntryStatus::Accepted);
    QVERIFY(!answer->providerSessionId.isEmpty());
    QCOMPARE(answer->epoch, quint64{1});

    const Llm llm = m_harness->llm(m_name);
    QVERIFY(llm.kind == LlmKind::Virtual);
    QVERIFY(llm.status == LlmStatus::Active);
    QCOMPARE(llm.owner, QStringLiteral("alice"));
    QVERIFY(llm.providerSessionId == answer->providerSessionId);
    QCOMPARE(llm.type, QStringLiteral("openai"));
    QCOMPARE(llm.model, m_name);
    QCOMPARE(llm.tier, QStringLiteral("fast"));
    QCOMPARE(llm.maxConcurrency, 4);
    QCOMPARE(llm.version, 1);
    QVERIFY(m_harness->storedLlm(m_name) == llm);
    const auto session = m_harness->storedSession(answer->providerSessionId);
    QVERIFY(session);
    QCOMPARE(session->owner, QStringLiteral("alice"));
    QCOMPARE(session->publisher, QStringLiteral("gpu-box"));
    QCOMPARE(session->epoch, quint64{1});
}

void TestRegistration::refusesToPublishOverAPublicRow()
{
    const Llm open = publicLlm(m_name, m_clock.wallNow());
    m_harness->add(open);
    const auto answer = m_harness->connect()->registerLlms({entry(m_name)});
    QVERIFY(answer);
    QVERIFY(statusOf(answer) == EntryStatus::Conflict);
    QVERIFY2(answer->llms.first().message.startsWith(QStringLiteral("Cannot publish over public Llm: m")),
             qPrintable(answer->llms.first().message));
    QVERIFY(m_harness->llm(m_name) == open);
    QVERIFY(m_harness->storedLlm(m_name) == open);
}

void TestRegistration::refusesAForeignLiveSession_data()
{
    QTest::addColumn<ReportedState>("state");
    QTest::addColumn<QString>("other");

    for (const char *owner : {"alice", "bob"}) {
        QTest::addRow("active, %s", owner) << ReportedState::Active << QString::fromLatin1(owner);
        QTest::addRow("hibernating, %s", owner) << ReportedState::Hibernating << QString::fromLatin1(owner);
        QTest::addRow("paused, %s", owner) << ReportedState::Paused << QString::fromLatin1(owner);
    }
}

void TestRegistration::refusesAForeignLiveSession()
{
    QFETCH(ReportedState, state);
    QFETCH(QString, other);
    LlmEntry listed = sleepingEntry(m_name);
    listed.initialStatus = state;
    const auto holder = m_harness->publish({listed});
    const Llm held = m_harness->llm(m_name);

    const auto challenger = m_harness->connect(publishKey(other, QStringLiteral("second-key")));
    const auto answer = challenger->registerLlms({entry(m_name)});
    QVERIFY(answer);
    QVERIFY(statusOf(answer) == EntryStatus::Conflict);
    if (other == QLatin1String("alice")) {
        QVERIFY2(answer->llms.first().message.contains(QStringLiteral("already active under a different session")),
                 qPrintable(answer->llms.first().message));
    }
    QVERIFY(m_harness->llm(m_name) == held);
    QVERIFY(m_harness->storedLlm(m_name) == held);
    QVERIFY(!holder->isClosed());
}

void TestRegistration::adoptsALapsedSessionOfTheSameOwner()
{
    auto gone = m_harness->publish({entry(m_name)});
    const Llm before = m_harness->llm(m_name);
    gone.reset();
    QTRY_VERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);

    const auto heir = m_harness->connect();
    const auto answer = heir->registerLlms({entry(m_name)});
    QVERIFY(answer);
    QVERIFY(statusOf(answer) == EntryStatus::Accepted);
    const Llm after = m_harness->llm(m_name);
    QVERIFY(after.id == before.id);
    QVERIFY(after.status == LlmStatus::Active);
    QVERIFY(after.providerSessionId == answer->providerSessionId);
    QVERIFY(after.providerSessionId != before.providerSessionId);
    QVERIFY(m_harness->storedLlm(m_name) == after);
}

void TestRegistration::refusesALapsedSessionOfAnotherOwner()
{
    auto gone = m_harness->publish({entry(m_name)}, QStringLiteral("alice"));
    gone.reset();
    QTRY_VERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    const Llm before = m_harness->llm(m_name);
    const auto answer = m_harness->connect(QStringLiteral("bob"))->registerLlms({entry(m_name)});
    QVERIFY(answer);
    QVERIFY(statusOf(answer) == EntryStatus::Conflict);
    QVERIFY(!answer->llms.first().message.isEmpty());
    QVERIFY(m_harness->llm(m_name) == before);
}

void TestRegistration::adoptsAcrossOwnersWhereThatIsOpen()
{
    control::ControlSettings settings;
    settings.lifecycle.adoptAcrossOwners = true;
    makeHarness(settings);
    auto gone = m_harness->publish({entry(m_name)}, QStringLiteral("alice"));
    gone.reset();
    QTRY_VERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    const auto heir = m_harness->connect(QStringLiteral("bob"));
    const auto answer = heir->registerLlms({entry(m_name)});
    QVERIFY(answer);
    QVERIFY(statusOf(answer) == EntryStatus::Accepted);
    QCOMPARE(m_harness->llm(m_name).owner, QStringLiteral("bob"));
    // Live rows stay out of reach all the same.
    const auto third = m_harness->connect(QStringLiteral("carol"))->registerLlms({entry(m_name)});
    QVERIFY(third);
    QVERIFY(statusOf(third) == EntryStatus::Conflict);
}

void TestRegistration::refusesTheNameOfAnAgent()
{
    const Llm open = publicLlm(QStringLiteral("open"), m_clock.wallNow());
    m_harness->add(open);
    m_harness->add(publicAgent(m_name, open, m_clock.wallNow()));
    const auto answer = m_harness->connect()->registerLlms({entry(m_name), entry(QStringLiteral("good"))});
    QVERIFY(answer);
    QVERIFY(statusOf(answer, 0) == EntryStatus::Conflict);
    QVERIFY(statusOf(answer, 1) == EntryStatus::Accepted);
}

void TestRegistration::refusesNamesThatTheKeyMayNotPublish()
{
    ApiKey key = publishKey(QStringLiteral("alice"));
    key.models = {QStringLiteral("team-*")};
    const auto answer =
        m_harness->connect(key)->registerLlms({entry(QStringLiteral("team-a")), entry(QStringLiteral("private"))});
    QVERIFY(answer);
    QVERIFY(statusOf(answer, 0) == EntryStatus::Accepted);
    QVERIFY(statusOf(answer, 1) == EntryStatus::Invalid);
    QVERIFY(!m_harness->registry.findLlm(QStringLiteral("private")));
}

void TestRegistration::oneBadEntryAmongGoodOnes()
{
    m_harness->add(publicLlm(QStringLiteral("open"), m_clock.wallNow()));
    LlmEntry wrong = entry(QStringLiteral("wrong"));
    wrong.maxConcurrency = 0;
    const auto answer = m_harness->connect()->registerLlms(
        {entry(QStringLiteral("good-1")), entry(QStringLiteral("not a name")), wrong, entry(QStringLiteral("open")),
         entry(QStringLiteral("good-1")), entry(QStringLiteral("good-2"))});
    QVERIFY(answer);
    const QList<EntryStatus> expected{EntryStatus::Accepted, EntryStatus::Invalid, EntryStatus::Invalid,
                                      EntryStatus::Conflict, EntryStatus::Invalid, EntryStatus::Accepted};
    QCOMPARE(answer->llms.size(), expected.size());
    for (qsizetype i = 0; i < expected.size(); ++i) {
        QVERIFY(statusOf(answer, i) == expected[i]);
        QCOMPARE(answer->llms[i].message.isEmpty(), expected[i] == EntryStatus::Accepted);
    }
    QVERIFY(m_harness->storedLlm(QStringLiteral("good-1")));
    QVERIFY(m_harness->storedLlm(QStringLiteral("good-2")));
    QVERIFY(!m_harness->storedLlm(QStringLiteral("wrong")));
}

void TestRegistration::textThatNoDatabaseStores()
{
    LlmEntry bad = entry(QStringLiteral("bad"));
    bad.description = QString(QChar(u'\0'));
    LlmEntry fine = entry(QStringLiteral("fine"));
    fine.extraConfig = QJsonObject{{QStringLiteral("zero"), QString(QChar(u'\0'))}};
    const auto answer = m_harness->connect()->registerLlms({bad, fine});
    QVERIFY(answer);
    QVERIFY(statusOf(answer, 0) == EntryStatus::Invalid);
    QVERIFY(statusOf(answer, 1) == EntryStatus::Accepted);
    QVERIFY(m_harness->storedLlm(QStringLiteral("fine"))->extraConfig == *fine.extraConfig);
}

void TestRegistration::withdrawnEntriesBecomeInactive()
{
    const QString gone = QStringLiteral("gone");
    const auto publisher = m_harness->publish({entry(m_name), sleepingEntry(gone)});
    m_clock.advance(1s);
    const auto answer = publisher->registerLlms({entry(m_name)});
    QVERIFY(answer);
    QCOMPARE(answer->llms.size(), 1);
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    const Llm withdrawn = m_harness->llm(gone);
    QVERIFY(withdrawn.status == LlmStatus::Inactive);
    QVERIFY(withdrawn.inactiveSince == m_clock.wallNow());
    QVERIFY(m_harness->storedLlm(gone) == withdrawn);
}

void TestRegistration::withdrawnEntriesComeBack()
{
    const auto publisher = m_harness->publish({entry(m_name)});
    const LlmId id = m_harness->llm(m_name).id;
    QVERIFY(publisher->registerLlms({}));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    QVERIFY(publisher->registerLlms({entry(m_name)}));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    QVERIFY(m_harness->llm(m_name).id == id);
}

void TestRegistration::keptLlmsGoOnUndisturbed()
{
    const auto publisher = m_harness->publish({entry(m_name), entry(QStringLiteral("other"))});
    AnswerRecorder kept;
    AnswerRecorder withdrawn;
    const auto keptTask = m_harness->infer(m_name, kept);
    const auto withdrawnTask = m_harness->infer(QStringLiteral("other"), withdrawn);
    const auto first = publisher->next<channel::Infer>();
    const auto second = publisher->next<channel::Infer>();
    QVERIFY(first && second);
    publisher->send(channel::ResponseHead{first->task, 200, {}});
    const Llm before = m_harness->llm(m_name);

    const auto answer = publisher->registerLlms({entry(m_name)});
    QVERIFY(answer);
    QCOMPARE(answer->epoch, quint64{1});
    QVERIFY(m_harness->llm(m_name) == before);
    QVERIFY(!kept.error);
    publisher->sendBody(first->task, "x");
    publisher->send(channel::ResponseEnd{first->task});
    // What runs on a withdrawn Llm may end as well.
    publisher->answer(second->task, 200, "y");
    QTRY_VERIFY(kept.hasEnded());
    QTRY_VERIFY(withdrawn.hasEnded());
    QCOMPARE(kept.body, QByteArray("x"));
    // But it gets nothing new.
    const auto late = m_harness->infer(QStringLiteral("other"), withdrawn);
    QVERIFY(!late);
    QVERIFY(late.error().code == ErrorCode::PublisherOffline);
}

void TestRegistration::twoPublishersFightForAName()
{
    auto first = m_harness->publish({entry(m_name)});
    const auto second = m_harness->connect();
    QVERIFY(statusOf(second->registerLlms({entry(m_name)})) == EntryStatus::Conflict);
    const ProviderSessionId holder = m_harness->llm(m_name).providerSessionId;
    // However often it is offered again.
    for (int i = 0; i < 3; ++i) {
        m_clock.advance(30s);
        QVERIFY(first->heartbeat({{m_name}}));
        QVERIFY(statusOf(second->registerLlms({entry(m_name)})) == EntryStatus::Conflict);
        QVERIFY(second->heartbeat({{m_name}}));
        QVERIFY(m_harness->llm(m_name).providerSessionId == holder);
        QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    }
    first.reset();
    QTRY_VERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    QVERIFY(statusOf(second->registerLlms({entry(m_name)})) == EntryStatus::Accepted);
    const auto third = m_harness->connect();
    QVERIFY(statusOf(third->registerLlms({entry(m_name)}, holder)) == EntryStatus::Conflict);
}

QTEST_GUILESS_MAIN(TestRegistration)
#include "tst_registration.moc"
