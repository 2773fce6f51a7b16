// A publisher whose settings change while it runs: what goes on, and what is offered to the server.

#include "publisherfixture.h"

#include <QSignalSpy>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;
using channel::ReportedState;

class TestPublisherLive final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void publishesWhatIsAdded();
    void asksOnlyWhatIsNew();
    void leavesTheServerAloneWhenItSeesNoChange();
    void finishesRequestsOfWhatIsWithdrawn();
    void movesToAnotherBackend();
    void takesBackWhatWasWithdrawn();
    void followsTheOrderOfTheSettings();
    void staysOnlineWithNothingToPublish();
    void offersChangedAgents();
    void boundsTasksAnew();
    void letsNobodyStarveForWhatIsWithdrawnOrNarrowed();
    void warnsOncePerRecipe();
    void looksAfterBackendsAtTheNewInterval();
    void hibernatesOnceThereIsARecipe();
    void appliesOnlyWhatTheChannelIsNotMadeOf_data();
    void appliesOnlyWhatTheChannelIsNotMadeOf();
};

namespace {

constexpr TaskId task{1};

QStringList namesOf(const channel::Register &message)
{
    QStringList names;
    for (const channel::LlmEntry &entry : message.llms)
        names.append(entry.name);
    return names;
}

/// Waits until the request has arrived, and begins its answer. Null when it does not arrive.
const Exchange *beginAnswer(ScriptedBackend &backend)
{
    const Exchange *exchange = backend.waitForRequest();
    if (exchange)
        exchange->beginStream();
    return exchange;
}

} // namespace

void TestPublisherLive::publishesWhatIsAdded()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    const PublishedLlm *const first = &fixture.firstLlm();
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("second")));
    fixture.apply();
    const auto message = fixture.server->waitFor<channel::Register>(2);
    QVERIFY(message);
    QCOMPARE(namesOf(*message), (QStringList{QStringLiteral("vllm-local"), QStringLiteral("second")}));
    QCOMPARE(message->providerSessionId.toString(), QStringLiteral("session-1"));
    QVERIFY(message->llms.back().initialStatus == ReportedState::Active);
    QVERIFY2(!fixture.publisher->llms().back().outcome, "The server has said nothing to it yet.");
    fixture.acceptAll();
    QTRY_VERIFY(fixture.publisher->llms().back().isAccepted());
    QCOMPARE(&fixture.firstLlm(), first);
    QCOMPARE(fixture.dialer.dialed, 1);
    QVERIFY(fixture.publisher->state() == ConnectionState::Online);
}

void TestPublisherLive::asksOnlyWhatIsNew()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    const qsizetype asked = fixture.backend.questions.size();
    ScriptedBackend other;
    other.stop();
    LlmSettings sleeper = fixture.llm(QStringLiteral("sleeper"));
    sleeper.url = other.url();
    sleeper.wake = PublisherFixture::wakeRecipe();
    fixture.settings.llms.push_back(sleeper);
    fixture.apply();
    QVERIFY2(fixture.server->all<channel::Register>().size() == 1, "It is asked before it is offered.");
    const auto message = fixture.server->waitFor<channel::Register>(2);
    QVERIFY(message);
    QVERIFY(message->llms.front().initialStatus == ReportedState::Active);
    QVERIFY(message->llms.back().initialStatus == ReportedState::Hibernating);
    QCOMPARE(fixture.backend.questions.size(), asked);
}

void TestPublisherLive::leavesTheServerAloneWhenItSeesNoChange()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.settings.backend.idleTimeout = 1s;
    fixture.settings.reconnect.maximum = 5s;
    fixture.apply();
    QVERIFY(fixture.server->waitFor<channel::Heartbeat>());
    QCOMPARE(fixture.server->all<channel::Register>().size(), 1);
    QVERIFY(fixture.firstLlm().isAccepted());
}

void TestPublisherLive::finishesRequestsOfWhatIsWithdrawn()
{
    PublisherFixture fixture;
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("second")));
    QVERIFY(fixture.goOnline());
    fixture.infer(task);
    const Exchange *exchange = beginAnswer(fixture.backend);
    QVERIFY(exchange);
    QVERIFY(fixture.server->waitFor<channel::ResponseHead>());
    fixture.settings.llms.front().publish = false;
    fixture.apply();
    const auto message = fixture.server->waitFor<channel::Register>(2);
    QVERIFY(message);
    QCOMPARE(namesOf(*message), QStringList{QStringLiteral("second")});
    QCOMPARE(fixture.publisher->llms().size(), size_t(1));
    fixture.acceptAll();
    // The next change must not touch it either.
    fixture.settings.llms.back().description = QStringLiteral("alone");
    fixture.apply();
    QVERIFY(fixture.server->waitFor<channel::Register>(3));
    fixture.infer(TaskId{2});
    const auto refusal = fixture.server->waitFor<channel::TaskError>();
    QVERIFY(refusal);
    QCOMPARE(refusal->code, QStringLiteral("publisher_offline"));
    exchange->chunk("still there");
    exchange->endStream();
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
    QCOMPARE(fixture.server->body(task), QByteArray("still there"));
}

void TestPublisherLive::movesToAnotherBackend()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.infer(task);
    const Exchange *before = beginAnswer(fixture.backend);
    QVERIFY(before);
    ScriptedBackend other;
    fixture.settings.llms.front().url = other.url();
    fixture.apply();
    QTRY_COMPARE(other.questions.size(), 1);
    fixture.infer(TaskId{2});
    const Exchange *after = other.waitForRequest();
    QVERIFY(after);
    QCOMPARE(fixture.firstLlm().running, 2);
    before->chunk("old");
    before->endStream();
    after->answer("new");
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>(2));
    QCOMPARE(fixture.server->body(task), QByteArray("old"));
    QCOMPARE(fixture.server->body(TaskId{2}), QByteArray("new"));
    QVERIFY2(fixture.server->all<channel::Register>().size() == 1, "Where a backend is, is no affair of the server.");
}

void TestPublisherLive::takesBackWhatWasWithdrawn()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.infer(task);
    const Exchange *exchange = beginAnswer(fixture.backend);
    QVERIFY(exchange);
    fixture.settings.llms.front().publish = false;
    fixture.apply();
    QVERIFY(fixture.publisher->llms().empty());
    fixture.settings.llms.front().publish = true;
    fixture.apply();
    QVERIFY2(fixture.firstLlm().running == 1, "Its request is its own again.");
    exchange->endStream();
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
    QCOMPARE(fixture.firstLlm().running, 0);
}

void TestPublisherLive::followsTheOrderOfTheSettings()
{
    PublisherFixture fixture;
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("second")));
    QVERIFY(fixture.goOnline());
    std::swap(fixture.settings.llms.front(), fixture.settings.llms.back());
    fixture.settings.llms.insert(fixture.settings.llms.begin() + 1, fixture.llm(QStringLiteral("between")));
    fixture.apply();
    const QStringList expected{QStringLiteral("second"), QStringLiteral("between"), QStringLiteral("vllm-local")};
    QStringList names;
    for (const PublishedLlm &llm : fixture.publisher->llms())
        names.append(llm.settings.name);
    QCOMPARE(names, expected);
    const auto message = fixture.server->waitFor<channel::Register>(2);
    QVERIFY(message);
    QCOMPARE(namesOf(*message), expected);
}

void TestPublisherLive::staysOnlineWithNothingToPublish()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.settings.llms.front().publish = false;
    fixture.apply();
    const auto message = fixture.server->waitFor<channel::Register>(2);
    QVERIFY(message);
    QVERIFY(message->llms.isEmpty());
    QSignalSpy answers(fixture.publisher.get(), &Publisher::llmsChanged);
    fixture.acceptAll();
    QVERIFY(answers.wait());
    fixture.clock.advance(15s);
    const auto heartbeat = fixture.server->waitFor<channel::Heartbeat>();
    QVERIFY(heartbeat);
    QVERIFY(heartbeat->llms.isEmpty());
    QVERIFY(fixture.publisher->state() == ConnectionState::Online);
    QVERIFY(!fixture.server->closeReason);
}

void TestPublisherLive::offersChangedAgents()
{
    PublisherFixture fixture;
    AgentSettings writer{.name = QStringLiteral("writer"), .llm = QStringLiteral("vllm-local")};
    fixture.settings.agents = {writer};
    QVERIFY(fixture.goOnline());
    fixture.settings.agents.front().systemPrompt = QStringLiteral("Be brief.");
    AgentSettings reader{.name = QStringLiteral("reader"), .llm = QStringLiteral("vllm-local")};
    fixture.settings.agents.push_back(reader);
    fixture.apply();
    QCOMPARE(fixture.publisher->agents().size(), size_t(2));
    QVERIFY2(fixture.publisher->agents().front().outcome, "It is known still.");
    QVERIFY(!fixture.publisher->agents().back().outcome);
    const auto message = fixture.server->waitFor<channel::Register>(2);
    QVERIFY(message);
    QCOMPARE(message->agents.size(), 2);
    QVERIFY(message->agents.front().systemPrompt == QStringLiteral("Be brief."));
    // Without its Llm there is no agent.
    fixture.acceptAll();
    fixture.settings.llms.front().publish = false;
    fixture.apply();
    QVERIFY(fixture.publisher->agents().empty());
    const auto last = fixture.server->waitFor<channel::Register>(3);
    QVERIFY(last);
    QVERIFY(last->agents.isEmpty());
}

void TestPublisherLive::boundsTasksAnew()
{
    PublisherFixture fixture;
    fixture.settings.extraTasks = 0;
    fixture.settings.llms.front().maxConcurrency = 1;
    QVERIFY(fixture.goOnline());
    fixture.infer(task);
    QVERIFY(fixture.backend.waitForRequest());
    fixture.infer(TaskId{2});
    const auto refusal = fixture.server->waitFor<channel::TaskError>();
    QVERIFY(refusal);
    QCOMPARE(refusal->code, QStringLiteral("overloaded"));
    fixture.settings.llms.front().maxConcurrency = 2;
    fixture.apply();
    fixture.infer(TaskId{3});
    QVERIFY(fixture.backend.waitForRequest(2));
    QCOMPARE(fixture.server->all<channel::TaskError>().size(), 1);
}

void TestPublisherLive::letsNobodyStarveForWhatIsWithdrawnOrNarrowed()
{
    PublisherFixture fixture;
    fixture.settings.extraTasks = 0;
    fixture.settings.llms.front().maxConcurrency = 1;
    for (const char *name : {"narrowed", "stays"}) {
        fixture.settings.llms.push_back(fixture.llm(QLatin1String(name)));
        fixture.settings.llms.back().maxConcurrency = 2;
    }
    QVERIFY(fixture.goOnline());
    const auto infer = [&fixture](quint64 id, const char *name) {
        channel::Infer message = PublisherFixture::inferMessage(TaskId{id}, "/completions");
        message.llm = QLatin1String(name);
        fixture.server->send(message);
    };
    infer(1, "vllm-local");
    infer(2, "narrowed");
    infer(3, "narrowed");
    QVERIFY(fixture.backend.waitForRequest(3));
    fixture.settings.llms.erase(fixture.settings.llms.begin());
    fixture.settings.llms.front().maxConcurrency = 1;
    fixture.apply();
    infer(4, "stays");
    infer(5, "stays");
    QVERIFY(fixture.backend.waitForRequest(5));
    QVERIFY(fixture.server->all<channel::TaskError>().isEmpty());
}

void TestPublisherLive::warnsOncePerRecipe()
{
    PublisherFixture fixture;
    fixture.settings.llms.front().wake = WakeRecipe{CommandRecipe{QStringLiteral("/no/such/program"), {}}, 30s, 60s};
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("vllm-local.*/no/such/program")));
    QVERIFY(fixture.goOnline());
    QTest::failOnWarning(QRegularExpression(QStringLiteral("vllm-local")));
    fixture.settings.llms.front().description = QStringLiteral("other");
    fixture.apply();
    LlmSettings second = fixture.llm(QStringLiteral("second"));
    second.wake = fixture.settings.llms.front().wake;
    fixture.settings.llms.push_back(second);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("second.*/no/such/program")));
    fixture.apply();
}

void TestPublisherLive::looksAfterBackendsAtTheNewInterval()
{
    PublisherFixture fixture;
    fixture.settings.watchInterval = 1h;
    QVERIFY(fixture.goOnline());
    const qsizetype asked = fixture.backend.questions.size();
    fixture.settings.watchInterval = 2s;
    fixture.apply();
    fixture.clock.advance(1999ms);
    QTRY_VERIFY(fixture.backend.isQuiet());
    QCOMPARE(fixture.backend.questions.size(), asked);
    fixture.clock.advance(1ms);
    QTRY_COMPARE(fixture.backend.questions.size(), asked + 1);
}

void TestPublisherLive::hibernatesOnceThereIsARecipe()
{
    PublisherFixture fixture;
    fixture.backend.stop();
    QVERIFY(fixture.goOnline());
    QVERIFY(fixture.firstLlm().state == ReportedState::Inactive);
    fixture.settings.llms.front().wake = PublisherFixture::wakeRecipe();
    fixture.apply();
    const auto message = fixture.server->waitFor<channel::Register>(2);
    QVERIFY(message);
    QVERIFY(message->llms.front().wake);
    QVERIFY(message->llms.front().initialStatus == ReportedState::Hibernating);
    fixture.acceptAll();
    QVERIFY(fixture.wakeAndRun(task));
}

void TestPublisherLive::appliesOnlyWhatTheChannelIsNotMadeOf_data()
{
    using Change = std::function<void(PublisherSettings &)>;
    QTest::addColumn<Change>("change");
    QTest::addColumn<bool>("canApply");
    const auto row = [](const char *name, bool canApply, const Change &change) {
        QTest::newRow(name) << change << canApply;
    };
    row("nothing", true, [](PublisherSettings &) {});
    row("llms", true, [](PublisherSettings &settings) { settings.llms.clear(); });
    row("name", true, [](PublisherSettings &settings) { settings.name = QStringLiteral("other"); });
    row("server", false, [](PublisherSettings &settings) { settings.server.setPort(4328); });
    row("keyFile", false, [](PublisherSettings &settings) { settings.keyFile = QStringLiteral("/other"); });
    row("keyStore", false, [](PublisherSettings &settings) { settings.keyStore = KeyStore::Keyring; });
    row("caFile", false, [](PublisherSettings &settings) { settings.caFile = QStringLiteral("/other"); });
    row("stateFile", false, [](PublisherSettings &settings) { settings.stateFile = QStringLiteral("/other"); });
    row("channel", false, [](PublisherSettings &settings) { settings.channel.pingInterval = 1s; });
}

void TestPublisherLive::appliesOnlyWhatTheChannelIsNotMadeOf()
{
    QFETCH(const std::function<void(PublisherSettings &)>, change);
    QFETCH(const bool, canApply);
    PublisherFixture fixture;
    fixture.make();
    PublisherSettings settings = fixture.settings;
    change(settings);
    QCOMPARE(fixture.publisher->canApply(settings), canApply);
}

QTEST_GUILESS_MAIN(TestPublisherLive)
#include "tst_publisherlive.moc"
