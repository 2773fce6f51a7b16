// The table of API keys: what goes in comes out, names are unique, and every change raises the version.

#include "apikeytable.h"
#include "databasefixture.h"
#include "rows.h"
#include "transaction.h"

#include <QTest>

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::storage;
using namespace hearth::testsupport;

class TestApiKeyTable final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void initTestCase_data() { DatabaseFixture::addEngines(); }

    void init();
    void cleanup();

    void roundTrip();
    void finds();
    void nameIsUnique();
    void keyIsUnique();
    void hashIsRequired();
    void updateAndRemove();
    void unknownScopeIsADefect();
    void everyChangeRaisesTheVersion();
    void changeNeedsTransaction();

private:
    std::optional<DatabaseFixture> m_fixture;
    std::unique_ptr<Database> m_database;
    std::optional<Transaction> m_transaction;
};

void TestApiKeyTable::init()
{
    QFETCH_GLOBAL(Engine, engine);
    m_fixture.emplace(engine);
    QVERIFY2(m_fixture->problem().isEmpty(), qPrintable(m_fixture->problem()));
    m_database = m_fixture->open();
    m_transaction.emplace(Transaction::begin(*m_database).value());
}

void TestApiKeyTable::cleanup()
{
    m_transaction.reset();
    m_database.reset();
    m_fixture.reset();
}

void TestApiKeyTable::roundTrip()
{
    ApiKeyTable table(*m_database);
    ApiKey full = makeKey(QStringLiteral("full"));
    full.owner = awkward();
    full.scopes = {Scope::Infer, Scope::Publish, Scope::Admin};
    full.models = {QStringLiteral("vllm-*"), awkward()};
    full.priority = Priority::High;
    full.limits = {.maxConcurrent = 1, .requestsPerMinute = 2, .tokensPerMinute = 1'000'000'000};
    full.expiresAt = moment(10);
    full.revokedAt = moment(20);
    const ApiKey plain = makeKey(QStringLiteral("plain"));
    QVERIFY(table.insert(plain));
    QVERIFY(table.insert(full));
    const auto all = table.all();
    QVERIFY(all);
    QVERIFY(*all == (QList<ApiKey>{full, plain}));
}

void TestApiKeyTable::finds()
{
    ApiKeyTable table(*m_database);
    const ApiKey first = makeKey(QStringLiteral("laptop-1"));
    const ApiKey second = makeKey(QStringLiteral("laptop-2"));
    QVERIFY(table.insert(first));
    QVERIFY(table.insert(second));
    QVERIFY((*table.findByName(first.name)).value_or(ApiKey()) == first);
    QVERIFY(!table.findByName(QStringLiteral("nobody"))->has_value());
    QCOMPARE(table.findByPrefix(first.prefix)->size(), 2);
    QCOMPARE(table.findByPrefix(QStringLiteral("hk_")).value().size(), 0);
    QCOMPARE(table.findByPrefix(QStringLiteral("%")).value().size(), 0);
}

void TestApiKeyTable::nameIsUnique()
{
    ApiKeyTable table(*m_database);
    ApiKey key = makeKey(QStringLiteral("laptop"));
    QVERIFY(table.insert(key));
    key.id = ApiKeyId::create();
    key.hash = QByteArray(32, 'x');
    const Result<void> again = table.insert(key);
    QVERIFY(!again);
    QVERIFY(again.error().code == ErrorCode::Conflict);
    QVERIFY(again.error().message.contains(QStringLiteral("'laptop'")));
}

void TestApiKeyTable::keyIsUnique()
{
    ApiKeyTable table(*m_database);
    ApiKey key = makeKey(QStringLiteral("laptop"));
    QVERIFY(table.insert(key));
    key.id = ApiKeyId::create();
    key.name = QStringLiteral("other");
    QVERIFY(table.insert(key).error().code == ErrorCode::Conflict);
}

void TestApiKeyTable::hashIsRequired()
{
    ApiKeyTable table(*m_database);
    ApiKey key = makeKey(QStringLiteral("laptop"));
    key.hash.clear();
    QVERIFY(table.insert(key).error().code == ErrorCode::InvalidRequest);
    QVERIFY(table.update(key).error().code == ErrorCode::InvalidRequest);
}

void TestApiKeyTable::updateAndRemove()
{
    ApiKeyTable table(*m_database);
    ApiKey key = makeKey(QStringLiteral("laptop"));
    QVERIFY(table.update(key).error().code == ErrorCode::NotFound);
    QVERIFY(table.insert(key));
    key.name = QStringLiteral("desktop");
    key.scopes = {Scope::Admin};
    key.models = {QStringLiteral("*")};
    key.priority = Priority::Low;
    key.limits.requestsPerMinute = 60;
    key.revokedAt = moment(5);
    QVERIFY(table.update(key));
    QVERIFY(*table.all() == QList<ApiKey>{key});
    QVERIFY(table.remove(key.id));
    QVERIFY(table.remove(key.id).error().code == ErrorCode::NotFound);
}

void TestApiKeyTable::unknownScopeIsADefect()
{
    ApiKeyTable table(*m_database);
    QVERIFY(table.insert(makeKey(QStringLiteral("laptop"))));
    QVERIFY(m_database->executeText(QStringLiteral("UPDATE api_keys SET scopes = '[\"root\"]'")));
    QVERIFY(table.all().error().code == ErrorCode::Internal);
}

void TestApiKeyTable::everyChangeRaisesTheVersion()
{
    ApiKeyTable table(*m_database);
    const ApiKey key = makeKey(QStringLiteral("laptop"));
    const qint64 atFirst = *table.version();
    QVERIFY(table.insert(key));
    const qint64 afterInsert = *table.version();
    QVERIFY(afterInsert > atFirst);
    QVERIFY(table.update(key));
    const qint64 afterUpdate = *table.version();
    QVERIFY(afterUpdate > afterInsert);
    QVERIFY(!table.insert(key));
    QCOMPARE(*table.version(), afterUpdate);
    QVERIFY(table.remove(key.id));
    QVERIFY(*table.version() > afterUpdate);
}

void TestApiKeyTable::changeNeedsTransaction()
{
    m_transaction.reset();
    const Result<void> inserted = ApiKeyTable(*m_database).insert(makeKey(QStringLiteral("laptop")));
    QVERIFY(!inserted);
    QVERIFY(inserted.error().code == ErrorCode::Internal);
}

QTEST_GUILESS_MAIN(TestApiKeyTable)
#include "tst_apikeytable.moc"
