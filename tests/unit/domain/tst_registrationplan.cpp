// Registration as a pure function: what is wrong with an entry, and what becomes of the rows. The rules as a publisher
// sees them, with a database behind them, are in tst_registration.

#include "domainrows.h"
#include "registrationplan.h"
#include "rowchecks.h"

#include <QTest>

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using channel::EntryStatus;
using channel::LlmEntry;
using channel::ReportedState;

namespace {

Principal principalOf(const QString &owner, const QStringList &models = {})
{
    auto key = std::make_shared<ApiKey>();
    key->owner = owner;
    key->scopes = {Scope::Publish};
    key->models = models;
    return Principal(key);
}

QString text(const char *latin1)
{
    return QString::fromLatin1(latin1);
}

} // namespace

class TestRegistrationPlan final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void names_data();
    void names();
    void invalidEntries_data();
    void invalidEntries();
    void goodEntryFillsTheRow();
    void leftOutFieldsKeepTheirValues();
    void whatCountsAsAnEdit_data();
    void whatCountsAsAnEdit();
    void outcomesKeepTheOrder();
    void listedTwiceCountsOnce();
    void invalidEntryOfAPublishedLlmWithdrawsIt();
    void restingLlmOfALiveSessionIsNotAdopted_data();
    void restingLlmOfALiveSessionIsNotAdopted();
    void withdrawnLlmOfALiveSessionIsAdopted();
    void laterRegistersKeepTheEpoch();
    void sessionFieldsAreBounded();
    void tooManyEntries();

private:
    Result<RegistrationPlan> plan(const QList<LlmEntry> &llms, bool firstOfSocket = true)
    {
        return planRegistration(*m_registry, {text("box"), text("1"), m_session, llms}, principalOf(text("alice")),
                                {.now = m_clock->wallNow(),
                                 .firstOfSocket = firstOfSocket,
                                 .isBound = [this](const ProviderSessionId &) { return m_othersBound; }});
    }

    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<Registry> m_registry;
    const ProviderSessionId m_session{QStringLiteral("mine")};
    bool m_othersBound = false;
};

void TestRegistrationPlan::init()
{
    m_registry.reset();
    m_clock = std::make_unique<FakeClock>();
    m_registry = std::make_unique<Registry>(*m_clock);
    m_registry->put(providerSession(m_session, text("alice"), 7));
    m_othersBound = false;
}

void TestRegistrationPlan::names_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("valid");

    for (const char *name : {"a", "0", "vllm-local", "Qwen/Qwen2.5-7B@main", "a:b_c.d-e", "A--", "9///"})
        QTest::newRow(name) << text(name) << true;
    QTest::newRow("128 characters") << QString(128, u'a') << true;

    QTest::newRow("empty") << QString() << false;
    QTest::newRow("129 characters") << QString(129, u'a') << false;
    for (const char *name : {"-a", ".a", "/a", "@a", "_a", ":a", " a", "a ", "a b", "a\tb", "a\nb", "a\"b", "a\\b",
                             "a*", "a?b", "a#b", "a%b", "a,b", "a\x7f"})
        QTest::newRow(name) << text(name) << false;
    QTest::newRow("umlaut") << QStringLiteral("\u00e4") << false;
    QTest::newRow("arabic digit") << QStringLiteral("\u0661") << false;
    QTest::newRow("zero character") << QStringLiteral("a") + QChar(u'\0') << false;
}

void TestRegistrationPlan::names()
{
    QFETCH(QString, name);
    QFETCH(bool, valid);
    QCOMPARE(isValidName(name), valid);
    const auto planned = plan({{.name = name}});
    QVERIFY(planned);
    QVERIFY(planned->llms.outcomes.first().status == (valid ? EntryStatus::Accepted : EntryStatus::Invalid));
    QCOMPARE(planned->llms.outcomes.first().message.isEmpty(), valid);
}

void TestRegistrationPlan::invalidEntries_data()
{
    QTest::addColumn<LlmEntry>("entry");

    const auto row = [](const char *name, const LlmEntry &entry) { QTest::newRow(name) << entry; };
    const QString m = text("m");
    const QString zero(QChar(u'\0'));
    row("type", {.name = m, .type = text("ollama")});
    row("tier", {.name = m, .tier = text("slow")});
    row("empty model", {.name = m, .model = QString()});
    row("long model", {.name = m, .model = QString(513, u'a')});
    row("zero character in the model", {.name = m, .model = zero});
    row("zero character in the description", {.name = m, .description = zero});
    row("half a surrogate pair in the description", {.name = m, .description = QString(QChar(0xd800))});
    row("long description", {.name = m, .description = QString(4097, u'a')});
    row("maxConcurrency 0", {.name = m, .maxConcurrency = 0});
    row("maxConcurrency negative", {.name = m, .maxConcurrency = -1});
    row("maxConcurrency huge", {.name = m, .maxConcurrency = 10'001});
    row("hibernating without a recipe", {.name = m, .initialStatus = ReportedState::Hibernating});
    row("recipe without time", {.name = m, .wake = channel::RecipeInfo{.recipeTimeoutSeconds = 0}});
    row("recipe without a wait", {.name = m, .wake = channel::RecipeInfo{.maxWaitSeconds = 0}});
    row("recipe with an endless wait", {.name = m, .wake = channel::RecipeInfo{.maxWaitSeconds = 86'401}});
}

void TestRegistrationPlan::invalidEntries()
{
    QFETCH(LlmEntry, entry);
    const auto planned = plan({entry, {.name = text("good")}});
    QVERIFY(planned);
    QVERIFY(planned->llms.outcomes.first().status == EntryStatus::Invalid);
    QVERIFY(!planned->llms.outcomes.first().message.isEmpty());
    QVERIFY(planned->llms.outcomes.last().status == EntryStatus::Accepted);
    QCOMPARE(planned->llms.written.size(), 1);
    QCOMPARE(planned->llms.written.first().name, text("good"));
}

void TestRegistrationPlan::goodEntryFillsTheRow()
{
    const LlmEntry entry{.name = text("m"),
                         .type = text("anthropic"),
                         .model = text("claude"),
                         .tier = text("heavy"),
                         .description = text("words"),
                         .extraConfig = QJsonObject{{text("k"), 1}},
                         .maxConcurrency = 9,
                         .initialStatus = ReportedState::Hibernating,
                         .wake = channel::RecipeInfo{channel::RecipeKind::Command, 11, 22}};
    const auto planned = plan({entry});
    QVERIFY(planned);
    QCOMPARE(planned->llms.written.size(), 1);
    const Llm &llm = planned->llms.written.first();
    QVERIFY(!llm.id.isEmpty());
    QVERIFY(llm.kind == LlmKind::Virtual);
    QVERIFY(llm.status == LlmStatus::Hibernating);
    QVERIFY(!llm.statusReason && !llm.inactiveSince);
    QCOMPARE(llm.owner, text("alice"));
    QVERIFY(llm.providerSessionId == m_session);
    QCOMPARE(llm.type, text("anthropic"));
    QCOMPARE(llm.model, text("claude"));
    QCOMPARE(llm.tier, text("heavy"));
    QCOMPARE(llm.description, text("words"));
    QCOMPARE(llm.extraConfig, *entry.extraConfig);
    QCOMPARE(llm.maxConcurrency, 9);
    QVERIFY(llm.wake == (WakeInfo{WakeKind::Command, std::chrono::seconds(11), std::chrono::seconds(22)}));
    for (const WallTime stamp : {llm.createdAt, llm.updatedAt, llm.lastHeartbeatAt.value_or(WallTime())})
        QVERIFY(stamp == m_clock->wallNow());
}

void TestRegistrationPlan::leftOutFieldsKeepTheirValues()
{
    Llm before = liveLlm(text("m"), text("mine"), m_clock->wallNow());
    before.type = text("anthropic");
    before.model = text("claude");
    before.pool = text("claude");
    before.streamUsage = false;
    before.tier = text("heavy");
    before.description = text("words");
    before.extraConfig = {{text("k"), 1}};
    before.maxConcurrency = 9;
    m_registry->put(before);
    const auto planned = plan({{.name = text("m"), .tier = text("fast")}});
    QVERIFY(planned);
    Llm expected = before;
    expected.tier = text("fast");
    QCOMPARE(planned->llms.written.size(), 1);
    QVERIFY(planned->llms.written.first() == expected);
}

void TestRegistrationPlan::whatCountsAsAnEdit_data()
{
    QTest::addColumn<LlmEntry>("entry");
    QTest::addColumn<bool>("edited");

    const auto row = [](const char *name, const LlmEntry &entry, bool edited) {
        QTest::newRow(name) << entry << edited;
    };
    const QString m = text("m");
    row("nothing new", {.name = m}, false);
    row("same values", {.name = m, .type = text("openai"), .model = text("m"), .maxConcurrency = 4}, false);
    row("another state", {.name = m, .initialStatus = ReportedState::Paused}, false);
    row("model", {.name = m, .model = text("other")}, true);
    row("description", {.name = m, .description = text("other")}, true);
    row("extraConfig", {.name = m, .extraConfig = QJsonObject{{text("k"), 1}}}, true);
    row("maxConcurrency", {.name = m, .maxConcurrency = 5}, true);
    row("pool", {.name = m, .pool = text("other")}, true);
    row("streamUsage", {.name = m, .streamUsage = false}, true);
    row("recipe", {.name = m, .wake = channel::RecipeInfo{}}, true);
}

void TestRegistrationPlan::whatCountsAsAnEdit()
{
    QFETCH(LlmEntry, entry);
    QFETCH(bool, edited);
    Llm before = liveLlm(text("m"), text("mine"), m_clock->wallNow() - std::chrono::hours(1));
    before.pool = before.model;
    m_registry->put(before);
    const auto planned = plan({entry});
    QVERIFY(planned);
    QCOMPARE(planned->llms.written.size(), edited ? 1 : 0);
    QCOMPARE(planned->llms.touched.size(), edited ? 0 : 1);
    const Llm &after = edited ? planned->llms.written.first() : planned->llms.touched.first();
    QVERIFY(after.id == before.id);
    QVERIFY(after.createdAt == before.createdAt);
    QVERIFY(after.updatedAt == (edited ? m_clock->wallNow() : before.updatedAt));
    QVERIFY(after.lastHeartbeatAt == m_clock->wallNow());
}

void TestRegistrationPlan::outcomesKeepTheOrder()
{
    m_registry->put(publicLlm(text("open"), m_clock->wallNow()));
    const auto planned = plan({{.name = text("b")}, {.name = text("-")}, {.name = text("open")}, {.name = text("a")}});
    QVERIFY(planned);
    QCOMPARE(planned->llms.outcomes.size(), 4);
    QCOMPARE(planned->llms.outcomes[0].name, text("b"));
    QVERIFY(planned->llms.outcomes[1].status == EntryStatus::Invalid);
    QVERIFY(planned->llms.outcomes[2].status == EntryStatus::Conflict);
    QCOMPARE(planned->llms.outcomes[3].name, text("a"));
}

void TestRegistrationPlan::listedTwiceCountsOnce()
{
    const auto planned =
        plan({{.name = text("m"), .model = text("first")}, {.name = text("m"), .model = text("second")}});
    QVERIFY(planned);
    QVERIFY(planned->llms.outcomes[0].status == EntryStatus::Accepted);
    QVERIFY(planned->llms.outcomes[1].status == EntryStatus::Invalid);
    QCOMPARE(planned->llms.written.size(), 1);
    QCOMPARE(planned->llms.written.first().model, text("first"));
}

void TestRegistrationPlan::invalidEntryOfAPublishedLlmWithdrawsIt()
{
    m_registry->put(liveLlm(text("m"), text("mine"), m_clock->wallNow()));
    const auto planned = plan({{.name = text("m"), .maxConcurrency = 0}});
    QVERIFY(planned);
    QCOMPARE(planned->llms.touched.size(), 1);
    QVERIFY(planned->llms.touched.first().status == LlmStatus::Inactive);
}

void TestRegistrationPlan::restingLlmOfALiveSessionIsNotAdopted_data()
{
    QTest::addColumn<StatusReason>("reason");
    QTest::newRow("paused") << StatusReason::Paused;
    QTest::newRow("draining") << StatusReason::Draining;
    QTest::newRow("backend down") << StatusReason::BackendDown;
}

void TestRegistrationPlan::restingLlmOfALiveSessionIsNotAdopted()
{
    QFETCH(StatusReason, reason);
    Llm llm = liveLlm(text("m"), text("theirs"), m_clock->wallNow());
    deactivate(llm, reason, m_clock->wallNow());
    m_registry->put(llm);
    m_othersBound = true;
    auto planned = plan({{.name = text("m")}});
    QVERIFY(planned);
    QVERIFY(planned->llms.outcomes.first().status == EntryStatus::Conflict);
    m_othersBound = false;
    planned = plan({{.name = text("m")}});
    QVERIFY(planned);
    QVERIFY(planned->llms.outcomes.first().status == EntryStatus::Accepted);
}

void TestRegistrationPlan::withdrawnLlmOfALiveSessionIsAdopted()
{
    Llm llm = liveLlm(text("m"), text("theirs"), m_clock->wallNow());
    deactivate(llm, StatusReason::Offline, m_clock->wallNow());
    m_registry->put(llm);
    m_othersBound = true;
    const auto planned = plan({{.name = text("m")}});
    QVERIFY(planned);
    QVERIFY(planned->llms.outcomes.first().status == EntryStatus::Accepted);
    QVERIFY(planned->llms.written.first().providerSessionId == m_session);
    QVERIFY(planned->llms.written.first().id == llm.id);
}

void TestRegistrationPlan::laterRegistersKeepTheEpoch()
{
    QCOMPARE(plan({}, true)->session.epoch, quint64{8});
    QCOMPARE(plan({}, false)->session.epoch, quint64{7});
}

void TestRegistrationPlan::sessionFieldsAreBounded()
{
    // The last character that fits is one of two halves; half a character could not be stored.
    const QString name = QString(199, u'a') + QString::fromUcs4(U"\U0001f525") + text("rest");
    const auto planned = planRegistration(*m_registry, {name, QString(500, u'1'), m_session, {}},
                                          principalOf(text("alice")), {.now = m_clock->wallNow(), .isBound = {}});
    QVERIFY(planned);
    QCOMPARE(planned->session.publisher, QString(199, u'a'));
    QCOMPARE(planned->session.publisherVersion, QString(100, u'1'));
}

void TestRegistrationPlan::tooManyEntries()
{
    QList<LlmEntry> entries;
    for (int i = 0; i < 1000; ++i)
        entries.append({.name = QString::number(i)});
    QVERIFY(plan(entries));
    entries.append({.name = text("one-more")});
    const auto planned = plan(entries);
    QVERIFY(!planned);
    QVERIFY(planned.error().code == ErrorCode::InvalidRequest);
}

QTEST_GUILESS_MAIN(TestRegistrationPlan)
#include "tst_registrationplan.moc"
