// One connection: what it takes to open, transactions, errors, and what becomes of it when the server lets it down.

#include "database.h"
#include "storagetest.h"
#include "transaction.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QTest>

#include <atomic>
#include <thread>

using namespace hearth;
using namespace hearth::storage;
using namespace Qt::StringLiterals;
using namespace hearth::testsupport;

namespace {

Result<qint64> take(Database &database, const QString &name)
{
    return database.execute("name_take"_L1, {{"name", name}, {"takenBy", "llm"_L1}});
}

DatabaseUrl sqliteUrl(const QString &path)
{
    return DatabaseUrl(SqliteFile{path});
}

} // namespace

class TestDatabase final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void initTestCase_data() { DatabaseFixture::addEngines(); }

    void init();

    void cleanup() { m_fixture.reset(); }

    void writeNeedsTransaction();
    void commitStores();
    void transactionWithoutCommitRollsBack();
    void savepointUndoesItsPart();
    void transactionGoesOnAfterFailureInSavepoint();
    void commitAfterFailureStoresNothing();
    void textsThatCannotBeStored_data();
    void textsThatCannotBeStored();
    void unknownStatement();
    void waitForLockIsLimited();
    void statementIsLimited();
    void lostConnection();
    void lostInTransaction();
    void cutConnection();
    void unreachableServer();
    void sqliteMakesFolderAndPrivateFile();
    void sqliteFolderImpossible();
    void sqliteFileDamaged();
    void noDatabaseNamed();

private:
    qint64 names() const { return m_fixture->query(QStringLiteral("SELECT COUNT(*) FROM names")).toLongLong(); }

    std::optional<DatabaseFixture> m_fixture;
};

#define SKIP_UNLESS(wanted)                                                                                            \
    do {                                                                                                               \
        QFETCH_GLOBAL(Engine, engine);                                                                                 \
        if (engine != wanted)                                                                                          \
            QSKIP("Not on this engine");                                                                               \
    } while (false)

void TestDatabase::init()
{
    QFETCH_GLOBAL(Engine, engine);
    m_fixture.emplace(engine);
    QVERIFY2(m_fixture->problem().isEmpty(), qPrintable(m_fixture->problem()));
    failOnDriverWarnings();
}

void TestDatabase::writeNeedsTransaction()
{
    const auto database = m_fixture->open();
    const Result<qint64> taken = take(*database, QStringLiteral("a"));
    QVERIFY(!taken);
    QVERIFY(taken.error().code == ErrorCode::Internal);
}

void TestDatabase::commitStores()
{
    const auto database = m_fixture->open();
    Result<Transaction> transaction = Transaction::begin(*database);
    QVERIFY(transaction);
    const Result<qint64> taken = take(*database, QStringLiteral("a"));
    QVERIFY(taken);
    QCOMPARE(*taken, 1);
    QCOMPARE(names(), 0);
    QVERIFY(transaction->commit());
    QCOMPARE(names(), 1);
}

void TestDatabase::transactionWithoutCommitRollsBack()
{
    const auto database = m_fixture->open();
    {
        const Result<Transaction> transaction = Transaction::begin(*database);
        QVERIFY(transaction);
        QVERIFY(take(*database, QStringLiteral("a")));
    }
    QCOMPARE(names(), 0);
    QVERIFY(Transaction::begin(*database));
}

void TestDatabase::savepointUndoesItsPart()
{
    const auto database = m_fixture->open();
    Result<Transaction> transaction = Transaction::begin(*database);
    QVERIFY(transaction);
    QVERIFY(take(*database, QStringLiteral("a")));
    {
        Result<Savepoint> kept = Savepoint::begin(*database);
        QVERIFY(kept);
        QVERIFY(take(*database, QStringLiteral("b")));
        {
            const Result<Savepoint> dropped = Savepoint::begin(*database);
            QVERIFY(dropped);
            QVERIFY(take(*database, QStringLiteral("c")));
        }
        QVERIFY(kept->commit());
    }
    QVERIFY(transaction->commit());
    QCOMPARE(names(), 2);
}

void TestDatabase::transactionGoesOnAfterFailureInSavepoint()
{
    const auto database = m_fixture->open();
    Result<Transaction> transaction = Transaction::begin(*database);
    QVERIFY(transaction);
    QVERIFY(take(*database, QStringLiteral("a")));
    const Result<qint64> again = atomically(*database, [&] { return take(*database, QStringLiteral("a")); });
    QVERIFY(!again);
    QVERIFY(again.error().code == ErrorCode::Conflict);
    QVERIFY(take(*database, QStringLiteral("b")));
    QVERIFY(transaction->commit());
    QCOMPARE(names(), 2);
}

void TestDatabase::commitAfterFailureStoresNothing()
{
    SKIP_UNLESS(Engine::PostgreSql);
    const auto database = m_fixture->open();
    {
        Result<Transaction> transaction = Transaction::begin(*database);
        QVERIFY(transaction);
        QVERIFY(take(*database, QStringLiteral("a")));
        QVERIFY(!take(*database, QStringLiteral("a")));
        QVERIFY(!transaction->commit());
    }
    QCOMPARE(names(), 0);
    QVERIFY(Transaction::begin(*database));
}

void TestDatabase::textsThatCannotBeStored_data()
{
    QTest::addColumn<QString>("text");

    QTest::newRow("U+0000") << QStringLiteral("a") + QChar(u'\0') + QStringLiteral("b");
    QTest::newRow("half a surrogate pair") << QString(QChar(0xd83d));
}

void TestDatabase::textsThatCannotBeStored()
{
    QFETCH(QString, text);
    const auto database = m_fixture->open();
    Result<Transaction> transaction = Transaction::begin(*database);
    QVERIFY(transaction);
    const Result<qint64> taken = take(*database, text);
    QVERIFY(!taken);
    QVERIFY(taken.error().code == ErrorCode::InvalidRequest);
    QCOMPARE(taken.error().param, QStringLiteral("name"));
    // The connection and the transaction are none the worse for it.
    QVERIFY(take(*database, QStringLiteral("b")));
    QVERIFY(transaction->commit());
    QCOMPARE(names(), 1);
}

void TestDatabase::unknownStatement()
{
    const auto database = m_fixture->open();
    const auto rows = database->select("no_such_statement"_L1, {}, [](const SqlRow &) { return 0; });
    QVERIFY(!rows);
    QVERIFY(rows.error().code == ErrorCode::Internal);
}

void TestDatabase::waitForLockIsLimited()
{
    const auto holder = m_fixture->open();
    const auto waiter = Database::open({.url = m_fixture->url(), .statementTimeout = std::chrono::milliseconds(200)});
    QVERIFY(waiter);
    const Result<Transaction> held = Transaction::begin(*holder);
    QVERIFY(held);
    QVERIFY(take(*holder, QStringLiteral("a")));

    QElapsedTimer timer;
    timer.start();
    const Result<void> blocked = [&]() -> Result<void> {
        const Result<Transaction> transaction = Transaction::begin(**waiter);
        if (!transaction)
            return transaction.error();
        const Result<qint64> taken = take(**waiter, QStringLiteral("a"));
        return taken ? Result<void>() : Result<void>(taken.error());
    }();
    QVERIFY(!blocked);
    QVERIFY(blocked.error().code == ErrorCode::StorageUnavailable);
    QCOMPARE(blocked.error().retryAfter, std::chrono::seconds(1));
    QVERIFY(timer.elapsed() >= 150);
    QVERIFY(timer.elapsed() < 3000);
    QVERIFY(!(*waiter)->isLost());
}

void TestDatabase::statementIsLimited()
{
    SKIP_UNLESS(Engine::PostgreSql);
    const auto database = Database::open({.url = m_fixture->url(), .statementTimeout = std::chrono::milliseconds(200)});
    QVERIFY(database);
    const Result<void> slept = (*database)->executeText(QStringLiteral("SELECT pg_sleep(30)"));
    QVERIFY(!slept);
    QVERIFY(slept.error().code == ErrorCode::StorageUnavailable);
    QVERIFY(!(*database)->isLost());
    QVERIFY((*database)->executeText(QStringLiteral("SELECT 1")));
}

void TestDatabase::lostConnection()
{
    SKIP_UNLESS(Engine::PostgreSql);
    const auto database = m_fixture->open();
    const auto version = [&] { return database->select("api_key_version"_L1, {}, [](const SqlRow &) { return 0; }); };
    QVERIFY(version());
    m_fixture->terminateBackends();

    const auto failed = version();
    QVERIFY(!failed);
    QVERIFY(failed.error().code == ErrorCode::StorageUnavailable);
    QVERIFY(database->isLost());
    QVERIFY(!version());

    QVERIFY(database->reopen());
    QVERIFY(!database->isLost());
    QCOMPARE(database->generation(), 2);
    // The statement that the old connection had prepared.
    QVERIFY(version());
}

void TestDatabase::lostInTransaction()
{
    SKIP_UNLESS(Engine::PostgreSql);
    const auto database = m_fixture->open();
    {
        Result<Transaction> transaction = Transaction::begin(*database);
        QVERIFY(transaction);
        QVERIFY(take(*database, QStringLiteral("a")));
        m_fixture->terminateBackends();
        const Result<void> committed = transaction->commit();
        QVERIFY(!committed);
        QVERIFY(committed.error().code == ErrorCode::StorageUnavailable);
    }
    QVERIFY(database->isLost());
    QVERIFY(database->reopen());
    QCOMPARE(names(), 0);
}

void TestDatabase::cutConnection()
{
    SKIP_UNLESS(Engine::PostgreSql);
    const auto watch = std::make_shared<StatementWatch>();
    const auto database = Database::open({.url = m_fixture->url(), .statementTimeout = std::chrono::minutes(1)}, watch);
    QVERIFY(database);
    QVERIFY(!watch->cutIfRunningFor(Duration::zero()));
    std::atomic<bool> wasCut = false;
    std::atomic<bool> isOver = false;
    std::thread cutter([&] {
        while (!wasCut && !isOver)
            wasCut = watch->cutIfRunningFor(std::chrono::milliseconds(100));
    });
    QElapsedTimer timer;
    timer.start();
    const Result<void> slept = (*database)->executeText(QStringLiteral("SELECT pg_sleep(20)"));
    isOver = true;
    cutter.join();
    QVERIFY(!slept);
    QVERIFY(wasCut);
    QVERIFY(timer.elapsed() < 5000);
    QVERIFY((*database)->isLost());
    QVERIFY((*database)->reopen());
    QVERIFY((*database)->executeText(QStringLiteral("SELECT 1")));
}

void TestDatabase::unreachableServer()
{
    SKIP_UNLESS(Engine::PostgreSql);
    PostgreSqlServer nowhere;
    nowhere.host = QStringLiteral("127.0.0.1");
    nowhere.port = 1;
    nowhere.password = QStringLiteral("secret");
    nowhere.name = QStringLiteral("hearth");
    const auto database = Database::open({.url = DatabaseUrl(nowhere)});
    QVERIFY(!database);
    QVERIFY(database.error().code == ErrorCode::StorageUnavailable);
    QVERIFY(database.error().message.contains(QStringLiteral("127.0.0.1:1/hearth")));
    QVERIFY(!database.error().message.contains(QStringLiteral("secret")));
}

void TestDatabase::sqliteMakesFolderAndPrivateFile()
{
    SKIP_UNLESS(Engine::Sqlite);
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("new/deep/hearth.db"));
    const auto database = Database::open({.url = sqliteUrl(path)});
    QVERIFY2(database.ok(), database ? "" : qPrintable(database.error().message));
    const auto ownerOnly =
        QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadUser | QFileDevice::WriteUser;
    QCOMPARE(QFileInfo(path).permissions(), ownerOnly);
    // The write-ahead log shows the rows too.
    {
        Result<Transaction> transaction = Transaction::begin(**database);
        QVERIFY(transaction);
        QVERIFY((*database)->executeText(QStringLiteral("CREATE TABLE t (x)")));
        QVERIFY(transaction->commit());
    }
    QCOMPARE(QFileInfo(path + QStringLiteral("-wal")).permissions(), ownerOnly);
    QCOMPARE(QFileInfo(folder.filePath(QStringLiteral("new/deep"))).permissions() & ~ownerOnly,
             QFileDevice::ExeOwner | QFileDevice::ExeUser);
}

void TestDatabase::sqliteFolderImpossible()
{
    SKIP_UNLESS(Engine::Sqlite);
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto database = Database::open({.url = sqliteUrl(folder.filePath(QStringLiteral("file/hearth.db")))});
    QVERIFY(!database);
    QVERIFY(database.error().code == ErrorCode::Io);
    QVERIFY2(database.error().message.contains(folder.path()), qPrintable(database.error().message));
}

void TestDatabase::sqliteFileDamaged()
{
    SKIP_UNLESS(Engine::Sqlite);
    const QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("hearth.db")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.write(QByteArray(10'000, 'x')) == 10'000);
    file.close();
    const auto database = Database::open({.url = sqliteUrl(file.fileName())});
    QVERIFY(!database);
    QVERIFY(database.error().code == ErrorCode::Io);
    QVERIFY2(database.error().message.contains(QStringLiteral("hearth.db")), qPrintable(database.error().message));
}

void TestDatabase::noDatabaseNamed()
{
    const auto database = Database::open({.url = {}});
    QVERIFY(!database);
    QVERIFY(database.error().code == ErrorCode::Configuration);
}

QTEST_GUILESS_MAIN(TestDatabase)
#include "tst_database.moc"
