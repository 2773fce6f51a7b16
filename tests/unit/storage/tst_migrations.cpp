// The schema: from nothing, step by step with data, by two programs at once, and never backwards.

#include "agenttable.h"
#include "apikeytable.h"
#include "databasefixture.h"
#include "llmtable.h"
#include "migrations.h"
#include "transaction.h"

#include <QDir>
#include <QTest>

#include <atomic>
#include <thread>

using namespace hearth;
using namespace hearth::storage;
using hearth::testsupport::DatabaseFixture;

namespace {

/// A folder of migrations that the test writes itself.
class Steps
{
public:
    void add(const QString &name, const QByteArray &sql) const
    {
        QDir(m_folder.path()).mkpath(QFileInfo(name).path());
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(sql) != sql.size())
            qFatal("%s cannot be written", qPrintable(name));
    }

    /// Copies the first `count` steps of the program itself.
    void addOwn(int count) const
    {
        const QDir own(QStringLiteral(":/sql/migrations"));
        for (const QString &name : own.entryList({QStringLiteral("*.sql")}, QDir::Files, QDir::Name).first(count)) {
            QFile file(own.filePath(name));
            if (!file.open(QIODevice::ReadOnly))
                qFatal("%s cannot be read", qPrintable(name));
            add(name, file.readAll());
        }
    }

    Migrations migrations() const { return Migrations(m_folder.path()); }

private:
    QTemporaryDir m_folder;
};

const QByteArray firstStep = "CREATE TABLE people (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL);\n"
                             "INSERT INTO people (id, name) VALUES (1, 'Ada; Lovelace');";

/// The agent that rowsGetPoolsAndLimits() writes, as it is to come out.
domain::Agent migratedAgent()
{
    domain::Agent agent;
    agent.id = AgentId(QStringLiteral("2"));
    agent.name = QStringLiteral("a");
    agent.kind = domain::LlmKind::Virtual;
    agent.status = domain::LlmStatus::Inactive;
    agent.owner = QStringLiteral("alice");
    agent.providerSessionId = ProviderSessionId(QStringLiteral("s"));
    agent.pinnedTo = LlmId(QStringLiteral("1"));
    agent.description = QStringLiteral("words");
    agent.systemPrompt = QStringLiteral("be");
    agent.defaultParams = {{QStringLiteral("top_p"), 1}};
    agent.extras = {{QStringLiteral("k"), 2}};
    agent.project = QStringLiteral("project");
    agent.createdAt = WallTime(Duration(10));
    agent.updatedAt = WallTime(Duration(20));
    agent.lastHeartbeatAt = WallTime(Duration(30));
    agent.inactiveSince = WallTime(Duration(40));
    agent.version = 3;
    return agent;
}

} // namespace

class TestMigrations final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void initTestCase_data() { DatabaseFixture::addEngines(); }

    void init();

    void cleanup() { m_fixture.reset(); }

    void numbersHaveNoGaps();
    void gapIsRefused();
    void doubleNumberIsRefused();
    void fromNothing();
    void dataSurvives();
    void agentsGetAProject();
    void rowsGetPoolsAndLimits();
    void usageBeginsAtNothing();
    void engineOverride();
    void failingStepLeavesNothing();
    void newerVersionIsRefused();
    void severalProgramsAtOnce();
    void stepMayTakeLong();

private:
    /// Runs the statements in one transaction.
    static void execute(Database &database, const QByteArrayList &statements);

    std::optional<DatabaseFixture> m_fixture;
};

void TestMigrations::execute(Database &database, const QByteArrayList &statements)
{
    Result<Transaction> transaction = Transaction::begin(database);
    QVERIFY(transaction);
    for (const QByteArray &statement : statements) {
        const Result<void> done = database.executeText(QString::fromUtf8(statement));
        QVERIFY2(done.ok(), done ? "" : qPrintable(done.error().message));
    }
    QVERIFY(transaction->commit());
}

void TestMigrations::init()
{
    QFETCH_GLOBAL(Engine, engine);
    m_fixture.emplace(engine);
    QVERIFY2(m_fixture->problem().isEmpty(), qPrintable(m_fixture->problem()));
}

void TestMigrations::numbersHaveNoGaps()
{
    QFETCH_GLOBAL(Engine, engine);
    const Result<int> newest = Migrations().newest(engine);
    QVERIFY2(newest.ok(), newest ? "" : qPrintable(newest.error().message));
    QVERIFY(*newest >= 1);
}

void TestMigrations::gapIsRefused()
{
    const Steps steps;
    steps.add(QStringLiteral("0001_people.sql"), firstStep);
    steps.add(QStringLiteral("0003_later.sql"), "SELECT 1");
    const auto database = m_fixture->open(false);
    const Result<int> applied = steps.migrations().apply(*database);
    QVERIFY(!applied);
    QVERIFY(applied.error().code == ErrorCode::Internal);
}

void TestMigrations::doubleNumberIsRefused()
{
    const Steps steps;
    steps.add(QStringLiteral("0001_people.sql"), firstStep);
    steps.add(QStringLiteral("0001_others.sql"), firstStep);
    QVERIFY(!steps.migrations().newest(Engine::Sqlite));
}

void TestMigrations::fromNothing()
{
    QFETCH_GLOBAL(Engine, engine);
    const auto database = m_fixture->open(false);
    const Result<int> applied = Migrations().apply(*database);
    QVERIFY2(applied.ok(), applied ? "" : qPrintable(applied.error().message));
    QCOMPARE(*applied, *Migrations().newest(engine));
    QCOMPARE(m_fixture->query(QStringLiteral("SELECT COUNT(*) FROM llms")).toInt(), 0);

    const Result<int> again = Migrations().apply(*database);
    QVERIFY(again);
    QCOMPARE(*again, 0);
}

void TestMigrations::dataSurvives()
{
    const Steps steps;
    steps.add(QStringLiteral("0001_people.sql"), firstStep);
    const auto database = m_fixture->open(false);
    QCOMPARE(steps.migrations().apply(*database).ok(), true);
    {
        Result<Transaction> transaction = Transaction::begin(*database);
        QVERIFY(transaction);
        QVERIFY(database->executeText(QStringLiteral("INSERT INTO people (id, name) VALUES (2, 'Grace')")));
        QVERIFY(transaction->commit());
    }
    steps.add(QStringLiteral("0002_age.sql"), "ALTER TABLE people ADD COLUMN age INTEGER NOT NULL DEFAULT 36;\n"
                                              "UPDATE people SET age = 85 WHERE name = 'Grace';");
    const Result<int> applied = steps.migrations().apply(*database);
    QVERIFY(applied);
    QCOMPARE(*applied, 1);
    QCOMPARE(m_fixture->query(QStringLiteral("SELECT age FROM people WHERE name = 'Ada; Lovelace'")).toInt(), 36);
    QCOMPARE(m_fixture->query(QStringLiteral("SELECT age FROM people WHERE name = 'Grace'")).toInt(), 85);
    QCOMPARE(m_fixture->query(QStringLiteral("SELECT name FROM schema_migrations WHERE number = 2")).toString(),
             QStringLiteral("0002_age.sql"));
}

void TestMigrations::agentsGetAProject()
{
    const Steps steps;
    steps.addOwn(1);
    const auto database = m_fixture->open(false);
    QVERIFY(steps.migrations().apply(*database));
    execute(*database, {"INSERT INTO names (name, taken_by) VALUES ('m', 'llm')",
                        "INSERT INTO names (name, taken_by) VALUES ('a', 'agent')",
                        "INSERT INTO llms (id, name, kind, status, owner, type, model, tier, description, "
                        "extra_config, max_concurrency, created_at, updated_at, version) VALUES "
                        "('1', 'm', 'public', 'active', 'alice', 'openai', 'm', 'fast', '', '{}', 4, 0, 0, 1)",
                        "INSERT INTO agents (id, name, kind, status, owner, llm_id, description, "
                        "system_prompt, default_params, extras, created_at, updated_at, version) VALUES "
                        "('2', 'a', 'public', 'active', 'alice', '1', 'words', 'p', '{}', '{}', 0, 0, 3)"});
    QVERIFY(Migrations().apply(*database));
    const Result<QList<domain::Agent>> agents = AgentTable(*database).all();
    QVERIFY2(agents.ok(), agents ? "" : qPrintable(agents.error().message));
    QCOMPARE(agents->size(), 1);
    QCOMPARE(agents->first().project, QString());
    QCOMPARE(agents->first().description, QStringLiteral("words"));
    QCOMPARE(agents->first().version, 3);
    const Result<QList<domain::Llm>> llms = LlmTable(*database).all();
    QVERIFY2(llms.ok(), llms ? "" : qPrintable(llms.error().message));
    QCOMPARE(llms->size(), 1);
    QCOMPARE(llms->first().url, QString());
    QCOMPARE(llms->first().sealedApiKey, QByteArray());
}

void TestMigrations::rowsGetPoolsAndLimits()
{
    const Steps steps;
    steps.addOwn(4);
    const auto database = m_fixture->open(false);
    QVERIFY(steps.migrations().apply(*database));
    execute(*database,
            {"INSERT INTO provider_sessions VALUES ('s', 'alice', 'box', '1', 1, 0, 0)",
             "INSERT INTO names (name, taken_by) VALUES ('m', 'llm')",
             "INSERT INTO names (name, taken_by) VALUES ('a', 'agent')",
             "INSERT INTO llms (id, name, kind, status, owner, type, model, tier, description, extra_config, "
             "max_concurrency, created_at, updated_at, version) VALUES "
             "('1', 'm', 'public', 'active', 'alice', 'openai', 'm', 'fast', '', '{}', 4, 0, 0, 1)",
             "INSERT INTO agents (id, name, kind, status, owner, provider_session_id, llm_id, description, "
             "system_prompt, default_params, extras, project, created_at, updated_at, last_heartbeat_at, "
             "inactive_since, version) VALUES ('2', 'a', 'virtual', 'inactive', 'alice', 's', '1', 'words', 'be', "
             "'{\"top_p\":1}', '{\"k\":2}', 'project', 10, 20, 30, 40, 3)",
             "INSERT INTO api_keys (id, name, owner, hash, prefix, scopes, models, created_at) VALUES "
             "('3', 'k', 'alice', '" +
                 QByteArray(64, 'a') + "', 'hk_', '[\"infer\"]', '[]', 0)"});
    QVERIFY(Migrations().apply(*database));

    const auto llm = LlmTable(*database).find(LlmId(QStringLiteral("1")));
    QVERIFY(llm && *llm);
    QCOMPARE((*llm)->pool, QString());
    QVERIFY((*llm)->streamUsage);
    const auto key = ApiKeyTable(*database).findByName(QStringLiteral("k"));
    QVERIFY(key && *key);
    QVERIFY((*key)->priority == domain::Priority::Normal);
    QVERIFY((*key)->limits == domain::KeyLimits());

    const domain::Agent expected = migratedAgent();
    const auto agent = AgentTable(*database).find(expected.id);
    QVERIFY(agent && *agent);
    QVERIFY(**agent == expected);

    // What refers to others still does, in the table that was made anew as well.
    {
        Result<Transaction> transaction = Transaction::begin(*database);
        QVERIFY(transaction);
        QVERIFY(!database->executeText(QStringLiteral("UPDATE agents SET llm_id = 'unknown'")));
    }
    execute(*database, {"DELETE FROM names WHERE name = 'a'"});
    QCOMPARE(m_fixture->query(QStringLiteral("SELECT COUNT(*) FROM agents")).toInt(), 0);
}

void TestMigrations::usageBeginsAtNothing()
{
    const Steps steps;
    steps.addOwn(5);
    const auto database = m_fixture->open(false);
    QVERIFY(steps.migrations().apply(*database));
    QVERIFY(Migrations().apply(*database));
    QCOMPARE(m_fixture->query(QStringLiteral("SELECT COUNT(*) FROM usage_days")).toInt(), 0);
    QCOMPARE(m_fixture->query(QStringLiteral("SELECT COUNT(*) FROM usage_batch")).toInt(), 0);
}

void TestMigrations::engineOverride()
{
    QFETCH_GLOBAL(Engine, engine);
    const Steps steps;
    steps.add(QStringLiteral("0001_people.sql"), firstStep);
    steps.add(QStringLiteral("0002_mark.sql"), "UPDATE people SET name = 'shared'");
    steps.add(QStringLiteral("postgresql/0002_mark.sql"), "UPDATE people SET name = 'own'");
    const auto database = m_fixture->open(false);
    QVERIFY(steps.migrations().apply(*database));
    QCOMPARE(m_fixture->query(QStringLiteral("SELECT name FROM people")).toString(),
             engine == Engine::PostgreSql ? QStringLiteral("own") : QStringLiteral("shared"));
}

void TestMigrations::failingStepLeavesNothing()
{
    const Steps steps;
    steps.add(QStringLiteral("0001_people.sql"), firstStep);
    steps.add(QStringLiteral("0002_broken.sql"),
              "CREATE TABLE half (id INTEGER);\nINSERT INTO no_such_table VALUES (1);");
    const auto database = m_fixture->open(false);
    QVERIFY(!steps.migrations().apply(*database));
    QCOMPARE(m_fixture->query(QStringLiteral("SELECT MAX(number) FROM schema_migrations")).toInt(), 1);

    steps.add(QStringLiteral("0002_broken.sql"), "CREATE TABLE half (id INTEGER);");
    const Result<int> applied = steps.migrations().apply(*database);
    QVERIFY(applied);
    QCOMPARE(*applied, 1);
}

void TestMigrations::newerVersionIsRefused()
{
    const auto database = m_fixture->open();
    {
        Result<Transaction> transaction = Transaction::begin(*database);
        QVERIFY(transaction);
        QVERIFY(database->executeText(
            QStringLiteral("INSERT INTO schema_migrations (number, name, applied_at) VALUES (9999, 'x', 0)")));
        QVERIFY(transaction->commit());
    }
    const Result<int> applied = Migrations().apply(*database);
    QVERIFY(!applied);
    QVERIFY(applied.error().code == ErrorCode::Configuration);
    QVERIFY2(applied.error().message.contains(QStringLiteral("9999")), qPrintable(applied.error().message));
}

void TestMigrations::severalProgramsAtOnce()
{
    QFETCH_GLOBAL(Engine, engine);
    std::atomic<int> applied = 0;
    std::atomic<int> failures = 0;
    std::vector<std::thread> programs;
    for (int i = 0; i < 4; ++i) {
        programs.emplace_back([&] {
            const auto database = m_fixture->open(false);
            const Result<int> done = Migrations().apply(*database);
            done ? applied += *done : failures += 1;
        });
    }
    for (std::thread &program : programs)
        program.join();
    QCOMPARE(failures.load(), 0);
    QCOMPARE(applied.load(), *Migrations().newest(engine));
}

void TestMigrations::stepMayTakeLong()
{
    QFETCH_GLOBAL(Engine, engine);
    if (engine != Engine::PostgreSql)
        QSKIP("SQLite does not limit statements");
    const Steps steps;
    steps.add(QStringLiteral("0001_slow.sql"), "SELECT pg_sleep(0.5)");
    const auto database = Database::open({.url = m_fixture->url(), .statementTimeout = std::chrono::milliseconds(200)});
    QVERIFY(database);
    QVERIFY(steps.migrations().apply(**database));
    // The limit holds again afterwards.
    QVERIFY(!(*database)->executeText(QStringLiteral("SELECT pg_sleep(0.5)")));
}

QTEST_GUILESS_MAIN(TestMigrations)
#include "tst_migrations.moc"
