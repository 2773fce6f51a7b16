// The ledger when the database is away, busy, or refuses what it gets: nothing is counted twice, and as little is lost
// as can be, never in silence.

#include "transaction.h"
#include "usageledgertest.h"

#include <QRegularExpression>

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::relay;
using namespace hearth::testsupport;
using namespace hearth::usage;
using namespace std::chrono_literals;

class TestUsageLosses final : public UsageLedgerTest
{
    Q_OBJECT

private Q_SLOTS:
    void databaseThatIsAway();
    void commitThatWasNotHeardOf();
    void fillsUpWhileTheDatabaseIsThere();
    void isBoundedWhileTheDatabaseIsAway();
    void givesUpNoMoreThanIsRefused();
    void saysWhatIsLostAtTheEnd();
};

void TestUsageLosses::databaseThatIsAway()
{
    m_ledger.reset();
    m_storage = std::make_unique<storage::Storage>(storage::StorageSettings{.url = m_fixture->url()});
    makeLedger();
    count(QStringLiteral("k"), QStringLiteral("m"));
    for (int i = 0; i < 3; ++i) {
        m_clock.advance(m_settings.flushInterval);
        QVERIFY(errorOf(m_all) == ErrorCode::StorageUnavailable);
        count(QStringLiteral("k"), QStringLiteral("m"));
    }
    QVERIFY(m_storage->open());
    QCOMPARE(find(m_all)->first().counts.succeeded, 4);
    m_clock.advance(m_settings.flushInterval);
    QTRY_COMPARE(stored(), 1);
    QCOMPARE(find(m_all)->first().counts.succeeded, 4);
    m_clock.advance(m_settings.flushInterval);
    QTRY_COMPARE(stored(), 4);
}

void TestUsageLosses::commitThatWasNotHeardOf()
{
    m_ledger.reset();
    m_storage = std::make_unique<storage::Storage>(
        storage::StorageSettings{.url = m_fixture->url(), .statementTimeout = 500ms, .keyPollInterval = 1h});
    QVERIFY(m_storage->open());
    makeLedger();
    count(QStringLiteral("k"), QStringLiteral("m"));
    m_clock.advance(m_settings.flushInterval);
    QTRY_COMPARE(stored(), 1);
    // Answers come in the order of the questions: after this one, the ledger has heard that its batch is stored.
    QCOMPARE(find(m_all)->first().counts.succeeded, 1);

    // The next batch meets a database that is busy, and is there afterwards all the same.
    const auto database = m_fixture->open();
    auto transaction = storage::Transaction::begin(*database);
    QVERIFY(transaction);
    QVERIFY(database->executeText(QStringLiteral("UPDATE usage_days SET succeeded = succeeded + 1")));
    QVERIFY(database->executeText(QStringLiteral("UPDATE usage_batch SET number = number + 1")));
    count(QStringLiteral("k"), QStringLiteral("m"));
    m_clock.advance(m_settings.flushInterval);
    QVERIFY(errorOf(m_all) == ErrorCode::StorageUnavailable);
    QVERIFY(transaction->commit());
    QTRY_VERIFY(find(m_all));
    QCOMPARE(find(m_all)->first().counts.succeeded, 2);
    m_clock.advance(m_settings.flushInterval);
    QCOMPARE(find(m_all)->first().counts.succeeded, 2);
    QCOMPARE(stored(), 2);
}

void TestUsageLosses::fillsUpWhileTheDatabaseIsThere()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
    m_settings.maxPending = 2;
    makeLedger();
    for (int i = 0; i < 50; ++i)
        count(QStringLiteral("k"), QString::number(i));
    // The interval has not passed.
    QTRY_VERIFY(stored() > 2);
    QCOMPARE(find(m_all)->size(), 50);
    m_clock.advance(m_settings.flushInterval);
    QTRY_COMPARE(stored(), 50);
}

void TestUsageLosses::isBoundedWhileTheDatabaseIsAway()
{
    m_ledger.reset();
    m_storage = std::make_unique<storage::Storage>(storage::StorageSettings{.url = m_fixture->url()});
    m_settings.maxPending = 2;
    makeLedger();
    count(QStringLiteral("k"), QStringLiteral("a"));
    m_clock.advance(m_settings.flushInterval);
    QVERIFY(!find(m_all));
    count(QStringLiteral("k"), QStringLiteral("a"));
    count(QStringLiteral("k"), QStringLiteral("b"));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("some usage is not counted")));
    for (int i = 0; i < 3; ++i)
        count(QStringLiteral("k"), QStringLiteral("c"));
    count(QStringLiteral("k"), QStringLiteral("a"));
    QVERIFY(m_storage->open());
    QCOMPARE(find(m_all)->size(), 2);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("usage of 3 requests was not counted")));
    m_clock.advance(m_settings.flushInterval);
    QTRY_COMPARE(stored(), 4);
    count(QStringLiteral("k"), QStringLiteral("c"));
    QCOMPARE(find(m_all)->size(), 3);
}

void TestUsageLosses::givesUpNoMoreThanIsRefused()
{
    for (const char llm : {'a', 'b', 'c', 'd', 'e'})
        count(QStringLiteral("k"), QString(QLatin1Char(llm)));
    // No database stores it.
    const QString broken(1, QChar(0));
    count(QStringLiteral("k"), broken);
    count(QStringLiteral("k"), broken);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("usage of 2 requests was given up")));
    m_clock.advance(m_settings.flushInterval);
    QTRY_COMPARE(stored(), 5);
    QTRY_COMPARE(find(m_all)->size(), 5);
    count(QStringLiteral("k"), QStringLiteral("a"));
    m_clock.advance(m_settings.flushInterval);
    QTRY_COMPARE(stored(), 6);
}

void TestUsageLosses::saysWhatIsLostAtTheEnd()
{
    m_ledger.reset();
    m_storage = std::make_unique<storage::Storage>(storage::StorageSettings{.url = m_fixture->url()});
    m_settings.batchRows = 1;
    makeLedger();
    for (const char llm : {'a', 'b', 'b'})
        count(QStringLiteral("k"), QString(QLatin1Char(llm)));
    m_clock.advance(m_settings.flushInterval);
    QVERIFY(!find(m_all));
    count(QStringLiteral("k"), QStringLiteral("c"));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("usage of 4 requests could not be stored")));
    m_ledger.reset();
    m_storage.reset();
    QCOMPARE(stored(), 0);
}

QTEST_GUILESS_MAIN(TestUsageLosses)
#include "tst_usagelosses.moc"
