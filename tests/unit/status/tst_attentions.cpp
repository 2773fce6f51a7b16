// What needs a person, out of what a publisher tells.

#include "attentions.h"

#include <QTest>

using namespace hearth;
using namespace hearth::status;
using hearth::channel::EntryStatus;
using hearth::channel::ReportedState;
using hearth::publisher::PublishedAgent;
using hearth::publisher::PublishedLlm;
using Kind = hearth::status::Attention::Kind;

Q_DECLARE_METATYPE(std::optional<hearth::status::Attention::Kind>)

class TestAttentions final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void knowsWhichProblemsAreAPersons_data();
    void knowsWhichProblemsAreAPersons();
    void tellsEntriesThatAreRefused();
    void tellsABackendThatIsLost();
    void expectsNoBackendThatWasNeverThere();
    void expectsNoBackendOfAnotherPublisher();
    void letsWakeableBackendsSleep();
    void tellsAWakeThatFailed();
    void doesNotTellAWakeThatWasCancelled();
    void forgetsWhatIsNoLongerPublished();
    void tellsTheMostUrgentFirst();

private:
    PublishedLlm &llm(const QString &name = QStringLiteral("one"));

    void look() { m_attentions.look({.llms = m_llms, .agents = m_agents}); }

    void turn(ReportedState state)
    {
        m_llms.front().state = state;
        look();
    }

    QStringList told() const;

    const Error m_failure{ErrorCode::WakeFailed, QStringLiteral("It stays asleep.")};
    std::list<PublishedLlm> m_llms;
    std::vector<PublishedAgent> m_agents;
    Attentions m_attentions;
};

namespace {

QString text(const Attention &attention)
{
    return QString::number(static_cast<int>(attention.kind)) + u' ' + attention.subject;
}

QString text(Kind kind, const QString &subject)
{
    return text(Attention{kind, subject, {}});
}

channel::EntryOutcome outcome(const QString &name, EntryStatus status)
{
    return {name, status, QStringLiteral("Choose another name than %1.").arg(name)};
}

} // namespace

void TestAttentions::init()
{
    m_llms.clear();
    m_agents.clear();
    m_attentions = {};
}

PublishedLlm &TestAttentions::llm(const QString &name)
{
    publisher::LlmSettings settings;
    settings.name = name;
    return m_llms.emplace_back(settings, publisher::BackendSettings());
}

QStringList TestAttentions::told() const
{
    QStringList all;
    for (const Attention &attention : m_attentions.list())
        all.append(text(attention));
    return all;
}

void TestAttentions::knowsWhichProblemsAreAPersons_data()
{
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<std::optional<Kind>>("kind");

    QTest::newRow("key") << ErrorCode::InvalidApiKey << std::optional(Kind::KeyRefused);
    QTest::newRow("scope") << ErrorCode::ScopeMissing << std::optional(Kind::KeyRefused);
    QTest::newRow("replaced") << ErrorCode::Conflict << std::optional(Kind::Replaced);
    QTest::newRow("noKey") << ErrorCode::Configuration << std::optional(Kind::KeyMissing);
    QTest::newRow("server") << ErrorCode::Io << std::optional<Kind>();
}

void TestAttentions::knowsWhichProblemsAreAPersons()
{
    QFETCH(ErrorCode, code);
    QFETCH(std::optional<Kind>, kind);

    m_attentions.look({.problemCode = code, .problem = QStringLiteral("Alas."), .llms = m_llms});
    if (kind)
        QCOMPARE(m_attentions.list(), (std::vector<Attention>{{*kind, {}, QStringLiteral("Alas.")}}));
    else
        QVERIFY(told().isEmpty());
    look();
    QVERIFY(told().isEmpty());
}

void TestAttentions::tellsEntriesThatAreRefused()
{
    llm(QStringLiteral("good")).outcome = outcome(QStringLiteral("good"), EntryStatus::Accepted);
    llm(QStringLiteral("taken")).outcome = outcome(QStringLiteral("taken"), EntryStatus::Conflict);
    llm(QStringLiteral("new"));
    PublishedAgent agent;
    agent.outcome = outcome(QStringLiteral("agent"), EntryStatus::Invalid);
    m_agents.push_back(agent);
    look();
    QCOMPARE(told(), (QStringList{text(Kind::NameTaken, QStringLiteral("taken")),
                                  text(Kind::EntryRefused, QStringLiteral("agent"))}));
    QCOMPARE(m_attentions.list().front().text, QStringLiteral("Choose another name than taken."));
}

void TestAttentions::tellsABackendThatIsLost()
{
    llm();
    turn(ReportedState::Active);
    QVERIFY(told().isEmpty());
    turn(ReportedState::Inactive);
    QCOMPARE(told(), QStringList(text(Kind::BackendLost, QStringLiteral("one"))));
    turn(ReportedState::Active);
    QVERIFY(told().isEmpty());
}

void TestAttentions::expectsNoBackendThatWasNeverThere()
{
    llm();
    turn(ReportedState::Inactive);
    QVERIFY(told().isEmpty());
}

void TestAttentions::expectsNoBackendOfAnotherPublisher()
{
    llm();
    turn(ReportedState::Active);
    m_attentions.forgetBackends();
    turn(ReportedState::Inactive);
    QVERIFY(told().isEmpty());
    turn(ReportedState::Active);
    turn(ReportedState::Inactive);
    QCOMPARE(told(), QStringList(text(Kind::BackendLost, QStringLiteral("one"))));
}

void TestAttentions::letsWakeableBackendsSleep()
{
    llm().settings.wake.emplace();
    turn(ReportedState::Active);
    turn(ReportedState::Hibernating);
    turn(ReportedState::Inactive);
    QVERIFY(told().isEmpty());
}

void TestAttentions::tellsAWakeThatFailed()
{
    const QString name = QStringLiteral("one");
    const QStringList failed(text(Kind::WakeFailed, name));
    llm().settings.wake.emplace();
    look();
    m_attentions.wakeEnded(name, m_failure);
    QCOMPARE(told(), failed);
    turn(ReportedState::Hibernating);
    QCOMPARE(told(), failed);
    m_attentions.wakeEnded(name, {});
    QVERIFY(told().isEmpty());

    m_attentions.wakeEnded(name, m_failure);
    QCOMPARE(told(), failed);
    turn(ReportedState::Active);
    QVERIFY(told().isEmpty());

    // One that can no longer be woken cannot fail to wake either.
    turn(ReportedState::Hibernating);
    m_attentions.wakeEnded(name, m_failure);
    m_llms.front().settings.wake.reset();
    look();
    QVERIFY(told().isEmpty());
}

void TestAttentions::doesNotTellAWakeThatWasCancelled()
{
    llm().settings.wake.emplace();
    look();
    for (const ErrorCode code : {ErrorCode::CancelledByOwner, ErrorCode::Cancelled}) {
        m_attentions.wakeEnded(QStringLiteral("one"), Error{code, QStringLiteral("Somebody wanted it so.")});
        QVERIFY(told().isEmpty());
    }
    // What has failed before is no better for it.
    m_attentions.wakeEnded(QStringLiteral("one"), m_failure);
    m_attentions.wakeEnded(QStringLiteral("one"),
                           Error{ErrorCode::Cancelled, QStringLiteral("Somebody wanted it so.")});
    QCOMPARE(told().size(), 1);
}

void TestAttentions::forgetsWhatIsNoLongerPublished()
{
    llm();
    turn(ReportedState::Active);
    turn(ReportedState::Inactive);
    llm(QStringLiteral("two")).settings.wake.emplace();
    m_attentions.wakeEnded(QStringLiteral("two"), m_failure);
    look();
    QCOMPARE(told().size(), 2);
    m_llms.clear();
    look();
    QVERIFY(told().isEmpty());
    llm();
    turn(ReportedState::Inactive);
    QVERIFY(told().isEmpty());
}

void TestAttentions::tellsTheMostUrgentFirst()
{
    llm(QStringLiteral("a"));
    turn(ReportedState::Active);
    llm(QStringLiteral("b")).outcome = outcome(QStringLiteral("b"), EntryStatus::Conflict);
    turn(ReportedState::Inactive);
    m_attentions.look({.problemCode = ErrorCode::InvalidApiKey, .llms = m_llms});
    QCOMPARE(told(), (QStringList{text(Kind::KeyRefused, {}), text(Kind::NameTaken, QStringLiteral("b")),
                                  text(Kind::BackendLost, QStringLiteral("a"))}));
}

QTEST_GUILESS_MAIN(TestAttentions)
#include "tst_attentions.moc"
