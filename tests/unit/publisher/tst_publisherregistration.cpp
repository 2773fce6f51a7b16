// What a Publisher tells its server: what it publishes and how that is.

#include "publisherfixture.h"

#include <QJsonObject>
#include <QSignalSpy>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;
using channel::ReportedState;

class TestPublisherRegistration final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void registersEverythingThatIsPublished();
    void tellsOfARecipeOnlyThatThereIsOne_data();
    void tellsOfARecipeOnlyThatThereIsOne();
    void wakeMayHaveToWaitForASleep();
    void registersTheStateOfTheBackend_data();
    void registersTheStateOfTheBackend();
    void waitsForASilentBackendNoLongerThanAllowed();
    void offersConflictsAgain();
    void leavesInvalidEntriesAlone();
    void sendsHeartbeats();
    void reportsOnlyWhatWasAccepted();
    void repeatsNewsThatAnOfferMayOverwrite();
    void reportsABackendThatGoesAndComesBack_data();
    void reportsABackendThatGoesAndComesBack();
    void asksOnceForLlmsOfOneBackend();
    void leavesBusyBackendsAlone();
    void asksWithTheBackendsKey();
    void looksAtOnceWhenATaskFindsTheBackendGone();

private:
    static WakeRecipe commandRecipe()
    {
        return {CommandRecipe{QStringLiteral("/usr/local/bin/start-vllm"), {QStringLiteral("--secret")}}, 120s, 120s};
    }

    /// Whether the last heartbeat reports this state of the first Llm.
    static bool reports(const PublisherFixture &fixture, ReportedState state)
    {
        return QTest::qWaitFor(
            [&] {
                const auto heartbeats = fixture.server->all<channel::Heartbeat>();
                return !heartbeats.isEmpty() && heartbeats.last().llms.first().state == state;
            },
            5000);
    }
};

void TestPublisherRegistration::registersEverythingThatIsPublished()
{
    PublisherFixture fixture;
    LlmSettings &llm = fixture.settings.llms.front();
    llm.tier = QStringLiteral("heavy");
    llm.description = QStringLiteral("Qwen on the box under my desk");
    llm.extraConfig = {{QStringLiteral("contextLength"), 32768}};
    llm.maxConcurrency = 7;
    llm.pool = QStringLiteral("shared");
    llm.streamUsage = false;
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("other")));
    fixture.settings.llms.back().type = BackendType::Anthropic;
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("hidden")));
    fixture.settings.llms.back().publish = false;
    QCoreApplication::setApplicationVersion(QStringLiteral("1.2.3"));

    fixture.connect();
    const auto message = fixture.server->waitFor<channel::Register>();
    QVERIFY(message);
    QCOMPARE(message->publisher, QStringLiteral("gpu-box"));
    QCOMPARE(message->version, QStringLiteral("1.2.3"));
    QCOMPARE(message->llms.size(), 2);
    const channel::LlmEntry expected{.name = QStringLiteral("vllm-local"),
                                     .type = QStringLiteral("openai"),
                                     .model = QStringLiteral("test-model"),
                                     .pool = QStringLiteral("shared"),
                                     .streamUsage = false,
                                     .tier = QStringLiteral("heavy"),
                                     .description = QStringLiteral("Qwen on the box under my desk"),
                                     .extraConfig = QJsonObject{{QStringLiteral("contextLength"), 32768}},
                                     .maxConcurrency = 7,
                                     .initialStatus = ReportedState::Active,
                                     .wake = std::nullopt};
    QVERIFY(message->llms.first() == expected);
    QCOMPARE(message->llms.last().name, QStringLiteral("other"));
    QCOMPARE(message->llms.last().type, QStringLiteral("anthropic"));
    QVERIFY(!message->llms.last().pool);
}

void TestPublisherRegistration::tellsOfARecipeOnlyThatThereIsOne_data()
{
    QTest::addColumn<bool>("isHttp");

    QTest::newRow("http") << true;
    QTest::newRow("command") << false;
}

void TestPublisherRegistration::tellsOfARecipeOnlyThatThereIsOne()
{
    QFETCH(bool, isHttp);

    PublisherFixture fixture;
    WakeRecipe recipe = commandRecipe();
    if (isHttp)
        recipe.action = HttpRecipe{.url = "http://10.0.0.50/wake?secret", .fields = {{"Authorization", "secret"}}};
    recipe.recipeTimeout = 29'001ms;
    fixture.settings.llms.front().wake = recipe;
    fixture.connect();
    const auto message = fixture.server->waitFor<channel::Register>();
    QVERIFY(message);
    const channel::RecipeInfo expected{isHttp ? channel::RecipeKind::Http : channel::RecipeKind::Command, 30, 120};
    QVERIFY(message->llms.first().wake == expected);
    const QByteArray text = channel::encode(*message);
    QVERIFY(!text.contains("secret"));
    QVERIFY(!text.contains("start-vllm"));
    QVERIFY(!text.contains("10.0.0.50"));
    QVERIFY(!text.contains(fixture.backend.url()));
}

void TestPublisherRegistration::wakeMayHaveToWaitForASleep()
{
    PublisherFixture fixture;
    LlmSettings &llm = fixture.settings.llms.front();
    llm.wake = commandRecipe();
    llm.wake->recipeTimeout = 30s;
    llm.sleep = SleepRecipe{.action = CommandRecipe{QStringLiteral("/bin/stop"), {}}, .recipeTimeout = 20s};
    fixture.connect();
    const auto message = fixture.server->waitFor<channel::Register>();
    QVERIFY(message);
    QCOMPARE(message->llms.first().wake->recipeTimeoutSeconds, 50);
}

void TestPublisherRegistration::registersTheStateOfTheBackend_data()
{
    QTest::addColumn<int>("availability");
    QTest::addColumn<bool>("hasRecipe");
    QTest::addColumn<int>("state");

    QTest::newRow("available") << 200 << false << static_cast<int>(ReportedState::Active);
    QTest::newRow("availableWithRecipe") << 204 << true << static_cast<int>(ReportedState::Active);
    QTest::newRow("loading") << 503 << false << static_cast<int>(ReportedState::Inactive);
    QTest::newRow("redirecting") << 302 << false << static_cast<int>(ReportedState::Inactive);
    QTest::newRow("loadingWithRecipe") << 503 << true << static_cast<int>(ReportedState::Hibernating);
    QTest::newRow("gone") << -1 << false << static_cast<int>(ReportedState::Inactive);
    QTest::newRow("goneWithRecipe") << -1 << true << static_cast<int>(ReportedState::Hibernating);
}

void TestPublisherRegistration::registersTheStateOfTheBackend()
{
    QFETCH(int, availability);
    QFETCH(bool, hasRecipe);
    QFETCH(int, state);

    PublisherFixture fixture;
    if (hasRecipe)
        fixture.settings.llms.front().wake = commandRecipe();
    if (availability < 0)
        fixture.backend.stop();
    fixture.backend.availability = availability;
    if (availability == 204)
        fixture.backend.modelList.clear();
    fixture.connect();
    const auto message = fixture.server->waitFor<channel::Register>();
    QVERIFY(message);
    QCOMPARE(static_cast<int>(message->llms.first().initialStatus), state);
}

void TestPublisherRegistration::waitsForASilentBackendNoLongerThanAllowed()
{
    PublisherFixture fixture;
    fixture.backend.availability = 0;
    fixture.connect();
    QTRY_COMPARE(fixture.backend.questions.size(), 1);
    fixture.clock.advance(2999ms);
    QCoreApplication::processEvents();
    QVERIFY(fixture.server->all<channel::Register>().isEmpty());
    fixture.clock.advance(1ms);
    const auto message = fixture.server->waitFor<channel::Register>();
    QVERIFY(message);
    QVERIFY(message->llms.first().initialStatus == ReportedState::Inactive);
}

void TestPublisherRegistration::offersConflictsAgain()
{
    PublisherFixture fixture;
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("taken")));
    fixture.connect();
    QVERIFY(fixture.server->waitFor<channel::Register>());
    const ProviderSessionId session(QStringLiteral("session-1"));
    const channel::EntryOutcome accepted{QStringLiteral("vllm-local"), channel::EntryStatus::Accepted, {}};
    const channel::EntryOutcome conflict{QStringLiteral("taken"), channel::EntryStatus::Conflict,
                                         QStringLiteral("In use.")};
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("taken is not published: In use. .*30 s")));
    fixture.server->send(channel::Registered{session, 1, {accepted, conflict}});
    QTRY_VERIFY(fixture.publisher->state() == ConnectionState::Online);
    QVERIFY(fixture.publisher->llms().back().outcome == conflict);

    QSignalSpy answers(fixture.publisher.get(), &Publisher::llmsChanged);
    for (qsizetype offers = 1; offers < 4; ++offers) {
        fixture.clock.advance(29'999ms);
        QCoreApplication::processEvents();
        QCOMPARE(fixture.server->all<channel::Register>().size(), offers);
        fixture.clock.advance(1ms);
        const auto again = fixture.server->waitFor<channel::Register>(offers + 1);
        QVERIFY(again);
        QCOMPARE(again->providerSessionId, session);
        QCOMPARE(again->llms.size(), 2);
        if (offers < 3)
            fixture.server->send(channel::Registered{session, 1, {accepted, conflict}});
        else
            fixture.acceptAll();
        QVERIFY(answers.wait());
        QCOMPARE(fixture.publisher->llms().back().isAccepted(), offers == 3);
    }
    fixture.clock.advance(5min);
    QCoreApplication::processEvents();
    QCOMPARE(fixture.server->all<channel::Register>().size(), 4);
    QVERIFY(fixture.publisher->state() == ConnectionState::Online);
}

void TestPublisherRegistration::leavesInvalidEntriesAlone()
{
    PublisherFixture fixture;
    fixture.connect();
    QVERIFY(fixture.server->waitFor<channel::Register>());
    fixture.server->send(channel::Registered{
        ProviderSessionId(QStringLiteral("s")),
        1,
        {{QStringLiteral("vllm-local"), channel::EntryStatus::Invalid, QStringLiteral("Bad tier.")}}});
    QTRY_VERIFY(fixture.publisher->state() == ConnectionState::Online);
    fixture.clock.advance(5min);
    QCoreApplication::processEvents();
    QCOMPARE(fixture.server->all<channel::Register>().size(), 1);
}

void TestPublisherRegistration::sendsHeartbeats()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.infer(TaskId{1});
    QVERIFY(fixture.backend.waitForRequest());
    fixture.clock.advance(14'999ms);
    QCoreApplication::processEvents();
    QVERIFY(fixture.server->all<channel::Heartbeat>().isEmpty());
    fixture.clock.advance(1ms);
    const auto first = fixture.server->waitFor<channel::Heartbeat>();
    QVERIFY(first);
    const channel::LlmReport expected{QStringLiteral("vllm-local"), ReportedState::Active, 1};
    QVERIFY(first->llms == QList{expected});
    for (int i = 0; i < 4; ++i)
        fixture.clock.advance(15s);
    QVERIFY(fixture.server->waitFor<channel::Heartbeat>(5));
}

void TestPublisherRegistration::reportsOnlyWhatWasAccepted()
{
    PublisherFixture fixture;
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("taken")));
    fixture.connect();
    QVERIFY(fixture.server->waitFor<channel::Register>());
    fixture.server->send(
        channel::Registered{ProviderSessionId(QStringLiteral("s")),
                            1,
                            {{QStringLiteral("vllm-local"), channel::EntryStatus::Accepted, {}},
                             {QStringLiteral("taken"), channel::EntryStatus::Conflict, QStringLiteral("In use.")}}});
    QTRY_VERIFY(fixture.publisher->state() == ConnectionState::Online);
    fixture.clock.advance(15s);
    const auto heartbeat = fixture.server->waitFor<channel::Heartbeat>();
    QVERIFY(heartbeat);
    QCOMPARE(heartbeat->llms.size(), 1);
    QCOMPARE(heartbeat->llms.first().name, QStringLiteral("vllm-local"));
}

void TestPublisherRegistration::repeatsNewsThatAnOfferMayOverwrite()
{
    PublisherFixture fixture;
    fixture.settings.llms.front().wake = commandRecipe();
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("taken")));
    fixture.settings.watchInterval = 30s;
    fixture.connect();
    QVERIFY(fixture.server->waitFor<channel::Register>());
    const channel::Registered answer{
        ProviderSessionId(QStringLiteral("s")),
        1,
        {{QStringLiteral("vllm-local"), channel::EntryStatus::Accepted, {}},
         {QStringLiteral("taken"), channel::EntryStatus::Conflict, QStringLiteral("In use.")}}};
    fixture.server->send(answer);
    QTRY_VERIFY(fixture.publisher->state() == ConnectionState::Online);
    fixture.clock.advance(29s);
    fixture.backend.stop();
    fixture.clock.advance(1s);
    QVERIFY(fixture.server->waitFor<channel::Register>(2));
    // The second offer says that the backend is up; before it is answered, that has changed.
    QVERIFY(reports(fixture, ReportedState::Hibernating));
    const qsizetype before = fixture.server->all<channel::Heartbeat>().size();
    fixture.server->send(answer);
    QVERIFY(fixture.server->waitFor<channel::Heartbeat>(before + 1));
    QVERIFY(reports(fixture, ReportedState::Hibernating));
}

void TestPublisherRegistration::reportsABackendThatGoesAndComesBack_data()
{
    QTest::addColumn<bool>("hasRecipe");

    QTest::newRow("without recipe") << false;
    QTest::newRow("with recipe") << true;
}

void TestPublisherRegistration::reportsABackendThatGoesAndComesBack()
{
    QFETCH(bool, hasRecipe);
    const ReportedState gone = hasRecipe ? ReportedState::Hibernating : ReportedState::Inactive;

    PublisherFixture fixture;
    if (hasRecipe)
        fixture.settings.llms.front().wake = commandRecipe();
    QVERIFY(fixture.goOnline());
    QSignalSpy changes(fixture.publisher.get(), &Publisher::llmsChanged);
    fixture.backend.stop();
    fixture.clock.advance(10s);
    QVERIFY(reports(fixture, gone));
    QVERIFY(fixture.publisher->llms().front().state == gone);
    QVERIFY(!changes.isEmpty());
    fixture.backend.start();
    fixture.clock.advance(10s);
    QVERIFY(reports(fixture, ReportedState::Active));
}

void TestPublisherRegistration::asksOnceForLlmsOfOneBackend()
{
    PublisherFixture fixture;
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("sibling")));
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("other probe")));
    fixture.settings.llms.back().probePath = "/health";
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("other key")));
    fixture.settings.llms.back().apiKey = "sk";
    fixture.connect();
    QVERIFY(fixture.server->waitFor<channel::Register>());
    QCOMPARE(fixture.backend.questions.size(), 3);
}

void TestPublisherRegistration::leavesBusyBackendsAlone()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.infer(TaskId{1});
    Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    fixture.clock.advance(60s);
    fixture.infer(TaskId{2});
    QVERIFY(fixture.backend.waitForRequest(2));
    QCOMPARE(fixture.backend.questions.size(), 1);
    exchange->answer("{}");
    fixture.backend.exchanges().back()->answer("{}");
    QTRY_COMPARE(fixture.publisher->llms().front().running, 0);
    fixture.clock.advance(10s);
    QTRY_COMPARE(fixture.backend.questions.size(), 2);
}

void TestPublisherRegistration::asksWithTheBackendsKey()
{
    PublisherFixture fixture;
    fixture.settings.llms.front().apiKey = "sk-backend";
    fixture.settings.llms.front().probePath = "/health";
    fixture.connect();
    QVERIFY(fixture.server->waitFor<channel::Register>());
    const QByteArray question = fixture.backend.questions.first();
    QVERIFY2(question.startsWith("GET /v1/health HTTP/1.1\r\n"), question.constData());
    QVERIFY(question.contains("\r\nAuthorization: Bearer sk-backend\r\n"));
}

void TestPublisherRegistration::looksAtOnceWhenATaskFindsTheBackendGone()
{
    PublisherFixture fixture;
    fixture.settings.llms.front().wake = commandRecipe();
    QVERIFY(fixture.goOnline());
    fixture.backend.stop();
    fixture.infer(TaskId{1});
    QVERIFY(fixture.server->waitFor<channel::TaskError>());
    QVERIFY(reports(fixture, ReportedState::Hibernating));
}

QTEST_GUILESS_MAIN(TestPublisherRegistration)
#include "tst_publisherregistration.moc"
