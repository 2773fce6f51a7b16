// Storage while PostgreSQL lets it down: ended connections, a database that is gone for a while, one that hangs.

#include "providersessiontable.h"
#include "rows.h"
#include "storagetest.h"
#include "transaction.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTimer>

#include <csignal>

using namespace hearth;
using namespace hearth::storage;
using namespace hearth::testsupport;

namespace {

/// Recovery after the database is back.
constexpr int soon = 3000;

/// Stops the processes until it is destroyed.
class Frozen
{
public:
    explicit Frozen(QList<qint64> processes)
        : m_processes(std::move(processes))
    {
        for (const qint64 process : m_processes)
            m_worked = ::kill(static_cast<pid_t>(process), SIGSTOP) == 0 && m_worked;
    }

    ~Frozen()
    {
        for (const qint64 process : m_processes)
            ::kill(static_cast<pid_t>(process), SIGCONT);
    }

    Frozen(const Frozen &) = delete;
    Frozen &operator=(const Frozen &) = delete;

    bool worked() const { return m_worked && !m_processes.isEmpty(); }

private:
    const QList<qint64> m_processes;
    bool m_worked = true;
};

/// The longest time for which the event loop of this thread did not turn.
class LoopLag
{
public:
    LoopLag()
    {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer,
                         [this] { m_longest = std::max(m_longest, m_since.restart()); });
        m_since.start();
        m_timer.start(5);
    }

    qint64 longest() const { return m_longest; }

private:
    QTimer m_timer;
    QElapsedTimer m_since;
    qint64 m_longest = 0;
};

} // namespace

class TestStorageOutage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void connectionLostWhileIdleIsNotNoticed();
    void connectionLostDuringWork();
    void databaseGoneForAWhile();
    void recordsSurviveTheOutage();
    void slowStatementTakesNoOtherDown();
    void hungStatement();
    void hungWhileIdle();
    void hungAtTheEnd();
    void endWhileDatabaseIsGone();

private:
    qint64 names() const { return m_fixture->query(QStringLiteral("SELECT COUNT(*) FROM names")).toLongLong(); }

    std::optional<DatabaseFixture> m_fixture;
    std::unique_ptr<Storage> m_storage;
};

void TestStorageOutage::initTestCase()
{
    if (!DatabaseFixture::canTest(Engine::PostgreSql))
        QSKIP("HEARTH_TEST_POSTGRESQL is not set");
}

void TestStorageOutage::init()
{
    m_fixture.emplace(Engine::PostgreSql);
    QVERIFY2(m_fixture->problem().isEmpty(), qPrintable(m_fixture->problem()));
    failOnDriverWarnings();
    m_storage = std::make_unique<Storage>(quickSettings(*m_fixture));
    QVERIFY(m_storage->open());
    const Answer first(*m_storage, takingName(QStringLiteral("first")));
    QTRY_VERIFY(first.isOk());
}

void TestStorageOutage::cleanup()
{
    m_storage.reset();
    m_fixture.reset();
}

void TestStorageOutage::connectionLostWhileIdleIsNotNoticed()
{
    QSignalSpy availability(m_storage.get(), &Storage::availabilityChanged);
    for (int i = 0; i < 5; ++i) {
        m_fixture->terminateBackends();
        const Answer next(*m_storage, takingName(QString::number(i)));
        QTRY_VERIFY(next.isThere());
        QVERIFY(next.isOk());
    }
    QCOMPARE(availability.size(), 0);
    QCOMPARE(names(), 6);
}

void TestStorageOutage::connectionLostDuringWork()
{
    QSignalSpy availability(m_storage.get(), &Storage::availabilityChanged);
    int runs = 0;
    const Answer before(*m_storage, takingName(QStringLiteral("before")));
    const Answer lost(*m_storage, [&runs](Database &database) {
        ++runs;
        return database.executeText(QStringLiteral("SELECT pg_terminate_backend(pg_backend_pid())"));
    });
    QTRY_VERIFY(lost.isThere());
    // The commit was never sent, so neither is stored, and neither was tried again.
    QVERIFY(lost.failedWith(ErrorCode::StorageUnavailable));
    QVERIFY(before.failedWith(ErrorCode::StorageUnavailable));
    QVERIFY(lost.error().retryAfter == std::chrono::seconds(1));
    QCOMPARE(runs, 1);

    QTRY_COMPARE_WITH_TIMEOUT(availability.size(), 2, soon);
    QCOMPARE(availability.at(0).first().toBool(), false);
    QCOMPARE(availability.at(1).first().toBool(), true);
    // The statement was prepared on the connection that is gone.
    const Answer after(*m_storage, takingName(QStringLiteral("after")));
    QTRY_VERIFY(after.isOk());
    QCOMPARE(names(), 2);
}

void TestStorageOutage::databaseGoneForAWhile()
{
    QSignalSpy availability(m_storage.get(), &Storage::availabilityChanged);
    m_fixture->setAcceptsConnections(false);
    m_fixture->terminateBackends();
    QTRY_VERIFY_WITH_TIMEOUT(!m_storage->available(), soon);

    QElapsedTimer timer;
    timer.start();
    const Answer refused(*m_storage, takingName(QStringLiteral("a")));
    QTRY_VERIFY(refused.failedWith(ErrorCode::StorageUnavailable));
    QVERIFY(timer.elapsed() < 500);

    m_fixture->setAcceptsConnections(true);
    QTRY_VERIFY_WITH_TIMEOUT(m_storage->available(), soon);
    const Answer after(*m_storage, takingName(QStringLiteral("b")));
    QTRY_VERIFY(after.isOk());
    QCOMPARE(availability.size(), 2);
    QCOMPARE(names(), 2);
}

void TestStorageOutage::recordsSurviveTheOutage()
{
    const ProviderSessionId id(QStringLiteral("s"));
    const Answer made(*m_storage, [](Database &database) {
        return ProviderSessionTable(database).insert(makeSession(QStringLiteral("s")));
    });
    QTRY_VERIFY(made.isOk());
    m_fixture->setAcceptsConnections(false);
    m_fixture->terminateBackends();
    m_storage->recordHeartbeat({.session = id, .epoch = 1, .at = moment(100)});
    QTRY_VERIFY_WITH_TIMEOUT(!m_storage->available(), soon);
    m_storage->recordHeartbeat({.session = id, .epoch = 1, .at = moment(200)});
    m_fixture->setAcceptsConnections(true);
    const auto heartbeat = [&] {
        return ProviderSessionTable(*m_fixture->open())
            .find(id)
            .value()
            .value_or(domain::ProviderSession())
            .lastHeartbeatAt;
    };
    QTRY_COMPARE_WITH_TIMEOUT(heartbeat(), moment(200), soon);
}

void TestStorageOutage::slowStatementTakesNoOtherDown()
{
    QSignalSpy availability(m_storage.get(), &Storage::availabilityChanged);
    const Answer slow(*m_storage,
                      [](Database &database) { return database.executeText(QStringLiteral("SELECT pg_sleep(30)")); });
    const Answer behind(*m_storage, takingName(QStringLiteral("behind")));
    QTRY_VERIFY(slow.failedWith(ErrorCode::StorageUnavailable));
    QTRY_VERIFY(behind.isOk());
    QCOMPARE(availability.size(), 0);
}

void TestStorageOutage::hungStatement()
{
    const StorageSettings settings = quickSettings(*m_fixture);
    std::optional<Frozen> frozen(m_fixture->backends());
    if (!frozen->worked())
        QSKIP("The database's processes cannot be stopped from here");
    const LoopLag lag;
    QElapsedTimer timer;
    timer.start();
    const Answer hung(*m_storage, takingName(QStringLiteral("hung")));
    const auto limit = settings.statementTimeout + std::chrono::seconds(1);
    QTRY_VERIFY_WITH_TIMEOUT(hung.isThere(), static_cast<int>(limit.count()));
    QVERIFY(hung.failedWith(ErrorCode::StorageUnavailable));
    QVERIFY2(timer.elapsed() >= settings.statementTimeout.count(), qPrintable(QString::number(timer.elapsed())));

    // The old backend still hangs; a new connection does not need it.
    std::optional<Answer> after;
    QElapsedTimer recovery;
    recovery.start();
    while (recovery.elapsed() < soon && !(after && after->isOk())) {
        after.emplace(*m_storage, takingName(QStringLiteral("after")));
        QTRY_VERIFY(after->isThere());
    }
    QVERIFY(after->isOk());
    QVERIFY2(lag.longest() < 250, qPrintable(QString::number(lag.longest())));

    frozen.reset();
    QTRY_COMPARE(m_fixture->backends().size(), 1);
    QCOMPARE(m_fixture->query(QStringLiteral("SELECT COUNT(*) FROM names WHERE name = 'hung'")).toInt(), 0);
}

void TestStorageOutage::hungWhileIdle()
{
    const Frozen frozen(m_fixture->backends());
    if (!frozen.worked())
        QSKIP("The database's processes cannot be stopped from here");
    // The check of the silent connection hangs, is cut, and opens another.
    QTRY_COMPARE_WITH_TIMEOUT(m_fixture->backends().size(), 2, soon);
    const Answer after(*m_storage, takingName(QStringLiteral("after")));
    QTRY_VERIFY(after.isOk());
}

void TestStorageOutage::hungAtTheEnd()
{
    const Frozen frozen(m_fixture->backends());
    if (!frozen.worked())
        QSKIP("The database's processes cannot be stopped from here");
    const Answer ignored(*m_storage, takingName(QStringLiteral("a")));
    QElapsedTimer timer;
    timer.start();
    m_storage.reset();
    QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
}

void TestStorageOutage::endWhileDatabaseIsGone()
{
    m_fixture->setAcceptsConnections(false);
    m_fixture->terminateBackends();
    QTRY_VERIFY_WITH_TIMEOUT(!m_storage->available(), soon);
    QElapsedTimer timer;
    timer.start();
    m_storage.reset();
    QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
    m_fixture->setAcceptsConnections(true);
}

QTEST_GUILESS_MAIN(TestStorageOutage)
#include "tst_storageoutage.moc"
