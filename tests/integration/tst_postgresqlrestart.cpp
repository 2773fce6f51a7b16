// PostgreSQL goes away and comes back under load: streams go on, what needs the database says so, and all is well again
// within three seconds.

#include "postgrescluster.h"
#include "stacktest.h"

#include <QElapsedTimer>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestPostgresqlRestart final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void cleanupTestCase() { m_postgres.reset(); }

    void breaksNoStream_data();
    void breaksNoStream();
    void answers503AndRecovers();
    void survivesAFrozenDatabase();
    void registersAPublisherAfterTheOutage();
    void keepsRowsAndKeys();
    void explainsTheOutageOnTheCommandLine();

private:
    using Calls = std::vector<std::unique_ptr<HttpCall>>;

    Calls startStreams() const;
    /// Whether all of them go on, and none has paused for long since it began.
    static void checkStreams(const Calls &streams);
    /// Every request that a client makes meanwhile succeeds, or is told that the database is away.
    void ask();

    int readyStatus() const { return m_stack->get("/readyz")->status(); }

    /// Leaves an inactive Llm behind, to be deleted.
    void makeDoomedLlm();
    std::unique_ptr<HttpCall> deleteDoomedLlm() const;

    std::unique_ptr<PostgresCluster> m_postgres;
};

namespace {

/// From the database's return, in milliseconds.
constexpr int recovery = 3000;

const QJsonObject endless = directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 100'000}});

} // namespace

void TestPostgresqlRestart::initTestCase()
{
    const bool isRequired = qEnvironmentVariableIntValue("HEARTH_TEST_REQUIRE_POSTGRESQL") == 1;
    if (!PostgresCluster::canRun() && !isRequired)
        QSKIP("PostgreSQL is not installed.");
    QVERIFY2(PostgresCluster::canRun(), "HEARTH_TEST_REQUIRE_POSTGRESQL is set, but PostgreSQL is not installed.");
    m_postgres = std::make_unique<PostgresCluster>();
}

void TestPostgresqlRestart::init()
{
    QVERIFY(m_postgres->start());
    QVERIFY(startStack({.database = m_postgres->createDatabase(),
                        .server = {{QStringLiteral("storage.statementSeconds"), QStringLiteral("1")}},
                        .publisher = {{QStringLiteral("reconnect.maxSeconds"), QStringLiteral("1")}},
                        .maxConcurrency = 64}));
    QCOMPARE(readyStatus(), 200);
}

TestPostgresqlRestart::Calls TestPostgresqlRestart::startStreams() const
{
    Calls streams;
    for (int i = 0; i < 20; ++i)
        streams.push_back(m_stack->call(m_stack->chat(endless)));
    for (const auto &stream : streams)
        stream->waitForEvents(2);
    return streams;
}

void TestPostgresqlRestart::checkStreams(const Calls &streams)
{
    for (const auto &stream : streams) {
        QVERIFY(stream->waitForEvents(stream->events().size() + 5, 2s));
        QVERIFY(!stream->hasEnded());
        std::chrono::milliseconds last = stream->events().first().at;
        for (const StreamEvent &event : stream->events()) {
            QVERIFY2(event.at - last < 1s, "a stream was held up");
            last = event.at;
        }
    }
}

void TestPostgresqlRestart::ask()
{
    for (const char *target : {"/v1/models", "/api/v1/llms", "/api/v1/llms/test-llm"}) {
        const auto call = m_stack->get(target);
        QVERIFY2(call->status() == 200 || call->errorCode() == QLatin1String("storage_unavailable"),
                 call->body().constData());
    }
    const auto chat = m_stack->call(m_stack->chat());
    QVERIFY(chat->waitForEnd());
    QVERIFY2(chat->saysDone() || chat->errorCode() == QLatin1String("storage_unavailable"), chat->body().constData());
}

void TestPostgresqlRestart::makeDoomedLlm()
{
    const auto publisher =
        m_stack->launchPublisher(QStringLiteral("doomed"), m_stack->key("publisher"), m_stack->llmEntry("doomed"));
    const auto status = [this] { return m_stack->llm("doomed")[QLatin1String("status")].toString(); };
    QTRY_COMPARE(status(), QStringLiteral("active"));
    publisher->kill();
    QTRY_COMPARE(status(), QStringLiteral("inactive"));
}

std::unique_ptr<HttpCall> TestPostgresqlRestart::deleteDoomedLlm() const
{
    auto call = m_stack->call({.method = "DELETE",
                               .target = "/api/v1/llms/doomed",
                               .fields = {{"Authorization", "Bearer " + m_stack->key("admin")}}});
    call->waitForEnd();
    return call;
}

void TestPostgresqlRestart::breaksNoStream_data()
{
    QTest::addColumn<int>("times");
    QTest::addColumn<int>("downtime");
    QTest::newRow("one restart") << 1 << 0;
    QTest::newRow("three restarts") << 3 << 0;
    QTest::newRow("away for two seconds") << 1 << 2000;
}

void TestPostgresqlRestart::breaksNoStream()
{
    QFETCH(int, times);
    QFETCH(int, downtime);
    const Calls streams = startStreams();
    for (int i = 0; i < times; ++i) {
        QVERIFY(m_postgres->stopAtOnce());
        QElapsedTimer since;
        for (since.start(); since.elapsed() < downtime;)
            ask();
        QVERIFY(m_postgres->start());
        for (since.start(); since.elapsed() < 500;)
            ask();
    }
    QTRY_COMPARE_WITH_TIMEOUT(readyStatus(), 200, recovery);
    checkStreams(streams);
    ask();
    // The publisher has noticed nothing.
    QCOMPARE(m_stack->sessions().first()[QLatin1String("epoch")].toInt(), 1);
    QCOMPARE(m_stack->llm()[QLatin1String("running")].toInt(), static_cast<int>(streams.size()));
}

void TestPostgresqlRestart::answers503AndRecovers()
{
    makeDoomedLlm();
    QVERIFY(m_postgres->stopAtOnce());
    const auto refused = deleteDoomedLlm();
    QCOMPARE(refused->status(), 503);
    QCOMPARE(refused->errorCode(), QStringLiteral("storage_unavailable"));
    QVERIFY(refused->field("retry-after").toInt() >= 1);
    QVERIFY(refused->endedAt() < 3s);
    QTRY_COMPARE_WITH_TIMEOUT(readyStatus(), 503, 1000);
    QCOMPARE(m_stack->get("/readyz")->json()[QLatin1String("storage")].toString(),
             QStringLiteral("storage_unavailable"));
    QCOMPARE(m_stack->get("/livez")->status(), 200);
    QCOMPARE(m_stack->llm("doomed")[QLatin1String("status")].toString(), QStringLiteral("inactive"));

    QVERIFY(m_postgres->start());
    QElapsedTimer since;
    since.start();
    QTRY_COMPARE_WITH_TIMEOUT(readyStatus(), 200, recovery);
    QCOMPARE(deleteDoomedLlm()->status(), 204);
    QVERIFY(since.elapsed() < recovery);
}

void TestPostgresqlRestart::survivesAFrozenDatabase()
{
    makeDoomedLlm();
    const Calls streams = startStreams();
    m_postgres->freeze();
    const auto refused = deleteDoomedLlm();
    QCOMPARE(refused->status(), 503);
    QCOMPARE(refused->errorCode(), QStringLiteral("storage_unavailable"));
    // One second for the statement, and the grace of half a second.
    QVERIFY(refused->endedAt() < 3s);
    ask();
    m_postgres->thaw();
    QTRY_COMPARE_WITH_TIMEOUT(readyStatus(), 200, recovery);
    const auto deleted = [this] { return deleteDoomedLlm()->status(); };
    QTRY_VERIFY_WITH_TIMEOUT(deleted() == 204 || deleted() == 404, recovery);
    checkStreams(streams);
}

void TestPostgresqlRestart::registersAPublisherAfterTheOutage()
{
    QVERIFY(m_postgres->stopAtOnce());
    const auto late =
        m_stack->launchPublisher(QStringLiteral("late"), m_stack->key("publisher"), m_stack->llmEntry("late-llm"));
    QVERIFY(late->waitForLog("database is not available"));
    QVERIFY(late->isRunning());
    QCOMPARE(m_stack->get("/api/v1/llms/late-llm")->status(), 404);
    QVERIFY(m_postgres->start());
    const auto status = [this] { return m_stack->llm("late-llm")[QLatin1String("status")].toString(); };
    // Its own wait of a second at most comes on top.
    QTRY_COMPARE_WITH_TIMEOUT(status(), QStringLiteral("active"), recovery + 1000);
    const auto chat = m_stack->call(m_stack->chat({{QStringLiteral("model"), QStringLiteral("late-llm")}}));
    QVERIFY(chat->waitForEnd() && chat->saysDone());
}

void TestPostgresqlRestart::keepsRowsAndKeys()
{
    const QJsonObject session = m_stack->sessions().first().toObject();
    const QString id = m_stack->llm()[QLatin1String("id")].toString();
    QVERIFY(m_postgres->stopAtOnce());
    QTRY_COMPARE(readyStatus(), 503);
    QVERIFY(m_postgres->start());
    // Keys that are made or revoked right after the outage count soon.
    const QByteArray key = m_stack->createKey("after", {QStringLiteral("--scope"), QStringLiteral("infer")});
    QCOMPARE(m_stack->hearthd({QStringLiteral("key"), QStringLiteral("revoke"), QStringLiteral("client")}).exitCode, 0);
    const auto statusWith = [this](const char *name) { return m_stack->get("/v1/models", name)->status(); };
    QTRY_COMPARE_WITH_TIMEOUT(statusWith("after"), 200, recovery);
    QTRY_COMPARE_WITH_TIMEOUT(statusWith("client"), 401, recovery);

    m_stack->server().kill();
    QVERIFY(m_stack->startServer());
    QVERIFY(m_stack->waitUntilLlmIs("active", 5s));
    QCOMPARE(m_stack->llm()[QLatin1String("id")].toString(), id);
    QCOMPARE(m_stack->sessions().first()[QLatin1String("id")], session[QLatin1String("id")]);
}

void TestPostgresqlRestart::explainsTheOutageOnTheCommandLine()
{
    QVERIFY(m_postgres->stopAtOnce());
    for (const QStringList &arguments : {QStringList{QStringLiteral("key"), QStringLiteral("list")},
                                         QStringList{QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0")}}) {
        const CommandResult refused = m_stack->hearthd(arguments);
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(refused.errors.contains("127.0.0.1"), refused.errors.constData());
        QVERIFY2(!refused.errors.contains(PostgresCluster::password), refused.errors.constData());
    }
}

QTEST_GUILESS_MAIN(TestPostgresqlRestart)
#include "tst_postgresqlrestart.moc"
