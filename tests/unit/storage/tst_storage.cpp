// Storage as its callers see it while the database is well: group commit, failures, start and end.

#include "providersessiontable.h"
#include "rows.h"
#include "storagetest.h"
#include "transaction.h"

#include <QSignalSpy>
#include <QThread>

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::storage;
using namespace hearth::testsupport;

class TestStorage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void initTestCase_data() { DatabaseFixture::addEngines(); }

    void init();
    void cleanup();

    void deliversTheValue();
    void workRunsOnItsOwnThread();
    void doneIsNeverCalledFromSubmit();
    void doneStaysOnTheMainThread();
    void deliversAfterTheCommit();
    void fullBatchDoesNotWait();
    void failingWorkTakesNoOtherDown();
    void unavailabilityTellsNoDetails();
    void workThatHidesAFailureIsNotStored();
    void destroyedContextIsNotCalled();
    void tooMuchWorkIsRefused();
    void workBeforeOpenFails();
    void openFails();
    void lockedDatabaseIsBusyNotLost();
    void destructorStoresWhatWaits();
    void destructorKeepsItsLimitBesideALock_data();
    void destructorKeepsItsLimitBesideALock();

private:
    void open(StorageSettings settings);
    void store(const std::function<Result<void>(Database &)> &write) const;

    qint64 names() const { return m_fixture->query(QStringLiteral("SELECT COUNT(*) FROM names")).toLongLong(); }

    std::optional<DatabaseFixture> m_fixture;
    std::unique_ptr<Storage> m_storage;
};

void TestStorage::init()
{
    QFETCH_GLOBAL(Engine, engine);
    m_fixture.emplace(engine);
    QVERIFY2(m_fixture->problem().isEmpty(), qPrintable(m_fixture->problem()));
    failOnDriverWarnings();
    open(quickSettings(*m_fixture));
}

void TestStorage::cleanup()
{
    m_storage.reset();
    m_fixture.reset();
}

void TestStorage::open(StorageSettings settings)
{
    m_storage = std::make_unique<Storage>(std::move(settings));
    const Result<void> opened = m_storage->open();
    QVERIFY2(opened.ok(), opened ? "" : qPrintable(opened.error().message));
}

/// Writes as another program would.
void TestStorage::store(const std::function<Result<void>(Database &)> &write) const
{
    const auto database = m_fixture->open();
    Result<Transaction> transaction = Transaction::begin(*database);
    QVERIFY(transaction);
    const Result<void> written = write(*database);
    QVERIFY2(written.ok(), written ? "" : qPrintable(written.error().message));
    QVERIFY(transaction->commit());
}

void TestStorage::deliversTheValue()
{
    std::optional<Result<QString>> answer;
    m_storage->submit<QString>(
        this, [](Database &) -> Result<QString> { return QStringLiteral("value"); },
        [&answer](Result<QString> result) { answer = std::move(result); });
    QTRY_VERIFY(answer);
    QVERIFY(answer->ok());
    QCOMPARE(**answer, QStringLiteral("value"));
}

void TestStorage::workRunsOnItsOwnThread()
{
    std::atomic<QThread *> ranOn = nullptr;
    const Answer answer(*m_storage, [&ranOn](Database &) -> Result<void> {
        ranOn = QThread::currentThread();
        return {};
    });
    QTRY_VERIFY(answer.isOk());
    QVERIFY(ranOn != QThread::currentThread());
}

void TestStorage::doneIsNeverCalledFromSubmit()
{
    m_storage.reset();
    m_storage = std::make_unique<Storage>(quickSettings(*m_fixture));
    const Answer refused(*m_storage, takingName(QStringLiteral("a")));
    QVERIFY(!refused.isThere());
    QTRY_VERIFY(refused.failedWith(ErrorCode::StorageUnavailable));
}

void TestStorage::doneStaysOnTheMainThread()
{
    struct Probe
    {
        ~Probe() { *destroyedOn = QThread::currentThread(); }

        std::atomic<QThread *> *destroyedOn;
    };

    std::atomic<QThread *> destroyedOn = nullptr;
    m_storage->submit<void>(
        this, [](Database &) { return Result<void>(); },
        [probe = std::make_shared<Probe>(Probe{&destroyedOn})](const Result<void> &) { Q_UNUSED(probe) });
    destroyedOn = nullptr;
    QTRY_VERIFY(destroyedOn != nullptr);
    QCOMPARE(destroyedOn.load(), QThread::currentThread());
}

void TestStorage::deliversAfterTheCommit()
{
    StorageSettings settings = quickSettings(*m_fixture);
    settings.groupCommitDelay = std::chrono::milliseconds(100);
    open(settings);
    static constexpr int count = 50;
    QList<qint64> visibleAtDelivery;
    for (int i = 0; i < count; ++i) {
        m_storage->submit<void>(this, takingName(QString::number(i)), [&](const Result<void> &result) {
            QVERIFY(result);
            // Another connection sees what has been committed, and nothing else.
            visibleAtDelivery.append(names());
        });
    }
    QTRY_COMPARE(visibleAtDelivery.size(), count);
    // All of them were stored when the first was delivered: one commit for all.
    QCOMPARE(visibleAtDelivery, QList<qint64>(count, count));
}

void TestStorage::fullBatchDoesNotWait()
{
    StorageSettings settings = quickSettings(*m_fixture);
    settings.groupCommitDelay = std::chrono::minutes(1);
    settings.groupCommitSize = 3;
    // Nobody is to be told that waiting a minute took too long.
    settings.statementTimeout = std::chrono::minutes(2);
    open(settings);
    const Answer first(*m_storage, takingName(QStringLiteral("a")));
    const Answer second(*m_storage, takingName(QStringLiteral("b")));
    const Answer third(*m_storage, takingName(QStringLiteral("c")));
    QTRY_VERIFY(first.isOk() && second.isOk() && third.isOk());
}

void TestStorage::failingWorkTakesNoOtherDown()
{
    const Answer before(*m_storage, takingName(QStringLiteral("a")));
    const Answer conflict(*m_storage, takingName(QStringLiteral("a")));
    const Answer partial(*m_storage, [](Database &database) -> Result<void> {
        if (const Result<void> taken = takingName(QStringLiteral("half"))(database); !taken)
            return taken;
        return Error{.code = ErrorCode::InvalidRequest, .message = QStringLiteral("No.")};
    });
    const Answer after(*m_storage, takingName(QStringLiteral("b")));
    QTRY_VERIFY(after.isThere());
    QVERIFY(before.isOk());
    QVERIFY(conflict.failedWith(ErrorCode::Conflict));
    QVERIFY(partial.failedWith(ErrorCode::InvalidRequest));
    QVERIFY(after.isOk());
    QCOMPARE(names(), 2);
}

void TestStorage::unavailabilityTellsNoDetails()
{
    std::optional<Result<void>> answer;
    m_storage->submit<void>(
        this,
        [](Database &) -> Result<void> {
            return Error{ErrorCode::StorageUnavailable, QStringLiteral("postgresql://hearth@db.internal is gone")};
        },
        [&answer](Result<void> result) { answer = std::move(result); });
    QTRY_VERIFY(answer);
    QVERIFY(answer->error().code == ErrorCode::StorageUnavailable);
    QVERIFY(!answer->error().message.contains(QStringLiteral("db.internal")));
}

void TestStorage::workThatHidesAFailureIsNotStored()
{
    QFETCH_GLOBAL(Engine, engine);
    if (engine != Engine::PostgreSql)
        QSKIP("A failed statement ends a transaction only on PostgreSQL");
    const Answer hiding(*m_storage, [](Database &database) -> Result<void> {
        if (!database.executeText(QStringLiteral("SELECT 1 / 0")))
            return {};
        return Error{.code = ErrorCode::Internal, .message = QStringLiteral("The division succeeded.")};
    });
    const Answer after(*m_storage, takingName(QStringLiteral("b")));
    QTRY_VERIFY(after.isThere());
    QVERIFY(hiding.failedWith(ErrorCode::Internal));
    QVERIFY(after.isOk());
}

void TestStorage::destroyedContextIsNotCalled()
{
    bool called = false;
    auto context = std::make_unique<QObject>();
    m_storage->submit<void>(context.get(), takingName(QStringLiteral("a")),
                            [&](const Result<void> &) { called = true; });
    context.reset();
    const Answer after(*m_storage, takingName(QStringLiteral("b")));
    QTRY_VERIFY(after.isOk());
    QVERIFY(!called);
    QCOMPARE(names(), 2);
}

void TestStorage::tooMuchWorkIsRefused()
{
    StorageSettings settings = quickSettings(*m_fixture);
    settings.maxPending = 2;
    open(settings);
    const Answer first(*m_storage, takingName(QStringLiteral("a")));
    const Answer second(*m_storage, takingName(QStringLiteral("b")));
    const Answer third(*m_storage, takingName(QStringLiteral("c")));
    QTRY_VERIFY(third.failedWith(ErrorCode::StorageUnavailable));
    QVERIFY(third.error().retryAfter == std::chrono::seconds(1));
    QTRY_VERIFY(first.isOk() && second.isOk());
    const Answer fourth(*m_storage, takingName(QStringLiteral("d")));
    QTRY_VERIFY(fourth.isOk());
}

void TestStorage::workBeforeOpenFails()
{
    m_storage = std::make_unique<Storage>(quickSettings(*m_fixture));
    QVERIFY(!m_storage->available());
    const Answer early(*m_storage, takingName(QStringLiteral("a")));
    QVERIFY(m_storage->open());
    QVERIFY(m_storage->available());
    QTRY_VERIFY(early.failedWith(ErrorCode::StorageUnavailable));
}

void TestStorage::openFails()
{
    Storage nowhere({.url = DatabaseUrl(SqliteFile{QStringLiteral("/dev/null/hearth.db")})});
    const Result<void> opened = nowhere.open();
    QVERIFY(!opened);
    QVERIFY(opened.error().code == ErrorCode::Io);
    QVERIFY(!nowhere.available());
    // It may be tried again.
    QVERIFY(!nowhere.open());
}

void TestStorage::lockedDatabaseIsBusyNotLost()
{
    QSignalSpy availability(m_storage.get(), &Storage::availabilityChanged);
    const Answer before(*m_storage, takingName(QStringLiteral("before")));
    QTRY_VERIFY(before.isOk());
    {
        const auto holder = m_fixture->open();
        const Result<Transaction> held = Transaction::begin(*holder);
        QVERIFY(held);
        QVERIFY(takingName(QStringLiteral("a"))(*holder));
        const Answer blocked(*m_storage, takingName(QStringLiteral("a")));
        QTRY_VERIFY_WITH_TIMEOUT(blocked.failedWith(ErrorCode::StorageUnavailable), 2000);
    }
    const Answer after(*m_storage, takingName(QStringLiteral("a")));
    QTRY_VERIFY(after.isOk());
    QCOMPARE(availability.size(), 0);
}

void TestStorage::destructorStoresWhatWaits()
{
    StorageSettings settings = quickSettings(*m_fixture);
    settings.groupCommitDelay = std::chrono::minutes(1);
    settings.lifecycleInterval = std::chrono::minutes(1);
    settings.groupCommitSize = 7;
    open(settings);
    const ProviderSessionId id(QStringLiteral("s"));
    store([&](Database &database) { return ProviderSessionTable(database).insert(makeSession(QStringLiteral("s"))); });
    m_storage->recordHeartbeat({.session = id, .epoch = 1, .at = moment(100)});
    for (int i = 0; i < 20; ++i)
        const Answer ignored(*m_storage, takingName(QString::number(i)));
    m_storage.reset();
    QCOMPARE(names(), 20);
    QCOMPARE((*ProviderSessionTable(*m_fixture->open()).find(id))->lastHeartbeatAt, moment(100));
}

void TestStorage::destructorKeepsItsLimitBesideALock_data()
{
    QTest::addColumn<int>("groupCommitSize");
    QTest::newRow("a commit for each") << 1;
    QTest::newRow("one commit for all") << StorageSettings().groupCommitSize;
}

void TestStorage::destructorKeepsItsLimitBesideALock()
{
    StorageSettings settings = quickSettings(*m_fixture);
    QFETCH(int, groupCommitSize);
    settings.groupCommitSize = groupCommitSize;
    open(settings);
    const auto holder = m_fixture->open();
    const Result<Transaction> held = Transaction::begin(*holder);
    QVERIFY(held);
    QVERIFY(takingName(QStringLiteral("a"))(*holder));
    m_storage->recordHeartbeat({.session = ProviderSessionId(QStringLiteral("s")), .epoch = 1, .at = moment(100)});
    // One after the other they would need more time than there is.
    for (int i = 0; i < 20; ++i)
        const Answer ignored(*m_storage, takingName(QStringLiteral("a")));
    const SystemClock clock;
    const MonotonicTime begin = clock.now();
    m_storage.reset();
    const Duration taken = clock.now() - begin;
    QVERIFY2(taken >= settings.statementTimeout, "the lock was no hindrance");
    QVERIFY2(taken <= settings.closeLimit(), qPrintable(QString::number(taken.count())));
}

QTEST_GUILESS_MAIN(TestStorage)
#include "tst_storage.moc"
