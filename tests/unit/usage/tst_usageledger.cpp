// The ledger: what it counts, when it stores, what it finds, and what it deletes.

#include "usageledgertest.h"

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::relay;
using namespace hearth::testsupport;
using namespace hearth::usage;
using namespace std::chrono_literals;

class TestUsageLedger final : public UsageLedgerTest
{
    Q_OBJECT

private Q_SLOTS:
    void countsEachOutcome_data();
    void countsEachOutcome();
    void countsByDayKeyAndLlm();
    void keyThatChangesHands();
    void storesInBatches();
    void storesAfterTheInterval();
    void storesAtTheEnd();
    void storesTheRestBehindABatch();
    void countsOnceWhileABatchIsUnderWay();
    void oldUsageIsDeleted_data();
    void oldUsageIsDeleted();
    void asksForNoMoreRows();
    void otherBatchesWhileItWorks();
    void anotherLimitWhileItWorks();
};

void TestUsageLedger::countsEachOutcome_data()
{
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<UsageCounts>("counts");

    const auto row = [](const char *name, Outcome outcome, UsageCounts counts) {
        counts.inputTokens = 3;
        counts.outputTokens = 4;
        QTest::newRow(name) << outcome << counts;
    };
    row("succeeded", Outcome::Succeeded, {.succeeded = 1});
    row("rejected", Outcome::Rejected, {.rejected = 1});
    row("failed", Outcome::Failed, {.failed = 1});
    row("refused", Outcome::Refused, {.refused = 1});
    row("truncated", Outcome::Truncated, {.truncated = 1});
    row("cancelled", Outcome::Cancelled, {.cancelled = 1});
}

void TestUsageLedger::countsEachOutcome()
{
    QFETCH(Outcome, outcome);
    QFETCH(UsageCounts, counts);
    m_ledger->requestEnded(record(QStringLiteral("k"), QStringLiteral("m"), outcome));
    const Result<QList<UsageRow>> rows = find(m_all);
    QVERIFY(rows);
    QCOMPARE(rows->size(), 1);
    QVERIFY(rows->first().counts == counts);
    QCOMPARE(rows->first().counts.requests(), 1);
    QCOMPARE(rows->first().keyName, QStringLiteral("k"));
    QCOMPARE(rows->first().place.owner, QStringLiteral("alice"));
}

void TestUsageLedger::countsByDayKeyAndLlm()
{
    const auto untilMidnight = 24h - m_clock.wallNow().time_since_epoch() % 24h;
    const QDate today = dayOf(m_clock.wallNow());
    count(QStringLiteral("k2"), QStringLiteral("b"));
    count(QStringLiteral("k2"), QStringLiteral("a"));
    count(QStringLiteral("k1"), QStringLiteral("b"));
    m_clock.advance(std::chrono::duration_cast<Duration>(untilMidnight) - 1ms);
    count(QStringLiteral("k2"), QStringLiteral("a"));
    m_clock.advance(1ms);
    RequestRecord silent = record(QStringLiteral("k1"), {}, Outcome::Refused);
    silent.usage.reset();
    m_ledger->requestEnded(silent);

    const auto row = [](QDate day, const QString &key, const QString &llm, const UsageCounts &counts) {
        return UsageRow{{day, QStringLiteral("alice"), ApiKeyId(QStringLiteral("id of ") + key), llm}, key, counts};
    };
    const UsageCounts one{.succeeded = 1, .inputTokens = 3, .outputTokens = 4};
    const UsageCounts two{.succeeded = 2, .inputTokens = 6, .outputTokens = 8};
    const QList<UsageRow> expected{row(today, QStringLiteral("k1"), QStringLiteral("b"), one),
                                   row(today, QStringLiteral("k2"), QStringLiteral("a"), two),
                                   row(today, QStringLiteral("k2"), QStringLiteral("b"), one),
                                   row(today.addDays(1), QStringLiteral("k1"), {}, {.refused = 1})};
    QVERIFY(*find(m_all) == expected);
    m_clock.advance(m_settings.flushInterval);
    QTRY_COMPARE(stored(), 4);
    QVERIFY(*find(m_all) == expected);
}

void TestUsageLedger::keyThatChangesHands()
{
    count(QStringLiteral("k"), QStringLiteral("m"));
    RequestRecord sold = record(QStringLiteral("k"), QStringLiteral("m"));
    sold.owner = QStringLiteral("bob");
    m_ledger->requestEnded(sold);
    m_ledger->requestEnded(sold);
    const auto usedBy = [this](const QString &owner) {
        UsageFilter filter = m_all;
        filter.owner = owner;
        return find(filter)->value(0).counts.succeeded;
    };
    for (const bool isStored : {false, true}) {
        if (isStored)
            m_clock.advance(m_settings.flushInterval);
        QCOMPARE(usedBy(QStringLiteral("alice")), 1);
        QCOMPARE(usedBy(QStringLiteral("bob")), 2);
    }
}

void TestUsageLedger::storesInBatches()
{
    m_settings.batchRows = 2;
    makeLedger();
    for (const char llm : {'a', 'b', 'c', 'd', 'e'})
        count(QStringLiteral("k"), QString(QLatin1Char(llm)));
    m_clock.advance(m_settings.flushInterval);
    count(QStringLiteral("k"), QStringLiteral("a"));
    QCOMPARE(find(m_all)->size(), 5);
    // One follows the other, and nothing waits for the next interval.
    QTRY_COMPARE(stored(), 5);
    QCOMPARE(m_fixture->query(QStringLiteral("SELECT number FROM usage_batch")).toInt(), 3);
    m_clock.advance(m_settings.flushInterval);
    QTRY_COMPARE(stored(), 6);
}

void TestUsageLedger::storesAfterTheInterval()
{
    count(QStringLiteral("k"), QStringLiteral("m"));
    m_clock.advance(m_settings.flushInterval - 1ms);
    count(QStringLiteral("k"), QStringLiteral("m"));
    QCOMPARE(find(m_all)->first().counts.succeeded, 2);
    QCOMPARE(stored(), 0);
    m_clock.advance(1ms);
    QTRY_COMPARE(stored(), 2);
    QCOMPARE(find(m_all)->first().counts.succeeded, 2);

    count(QStringLiteral("k"), QStringLiteral("m"));
    m_clock.advance(m_settings.flushInterval);
    QTRY_COMPARE(stored(), 3);
}

void TestUsageLedger::storesAtTheEnd()
{
    count(QStringLiteral("k"), QStringLiteral("m"));
    m_ledger.reset();
    m_storage.reset();
    QCOMPARE(stored(), 1);
}

void TestUsageLedger::storesTheRestBehindABatch()
{
    count(QStringLiteral("k"), QStringLiteral("m"));
    m_clock.advance(m_settings.flushInterval);
    count(QStringLiteral("k"), QStringLiteral("m"));
    m_ledger.reset();
    m_storage.reset();
    QCOMPARE(stored(), 2);
}

void TestUsageLedger::countsOnceWhileABatchIsUnderWay()
{
    for (int requests = 1; requests <= 50; ++requests) {
        count(QStringLiteral("k"), QStringLiteral("m"));
        m_clock.advance(m_settings.flushInterval);
        // Whether the batch is stored by now is the storage thread's affair.
        QCOMPARE(find(m_all)->first().counts.succeeded, requests);
    }
}

void TestUsageLedger::oldUsageIsDeleted_data()
{
    QTest::addColumn<int>("days");
    QTest::addColumn<int>("left");
    QTest::newRow("kept for a day") << 1 << 2;
    QTest::newRow("kept for two days") << 2 << 3;
    QTest::newRow("kept for ever") << 0 << 3;
}

void TestUsageLedger::oldUsageIsDeleted()
{
    QFETCH(int, days);
    QFETCH(int, left);
    m_settings.retentionDays = days;
    makeLedger();
    for (int day = 0; day < 3; ++day) {
        if (day > 0)
            m_clock.jumpWall(24h);
        count(QStringLiteral("k"), QStringLiteral("m"));
    }
    m_clock.advance(m_settings.flushInterval);
    QTRY_COMPARE(stored(), 3);
    // The first look comes with the first flush, the next one a day later, which is another day by then.
    m_clock.jumpWall(-24h);
    m_clock.advance(24h);
    QVERIFY(find(m_all));
    QCOMPARE(stored(), left);
}

void TestUsageLedger::asksForNoMoreRows()
{
    m_settings.maxRows = 2;
    makeLedger();
    for (const char llm : {'a', 'b'})
        count(QStringLiteral("k"), QString(QLatin1Char(llm)));
    m_clock.advance(m_settings.flushInterval);
    QCOMPARE(find(m_all)->size(), 2);
    count(QStringLiteral("k"), QStringLiteral("c"));
    QVERIFY(errorOf(m_all) == ErrorCode::InvalidRequest);
    UsageFilter one = m_all;
    one.llm = QStringLiteral("c");
    QCOMPARE(find(one)->size(), 1);
}

void TestUsageLedger::otherBatchesWhileItWorks()
{
    for (const char llm : {'a', 'b', 'c', 'd', 'e'})
        count(QStringLiteral("k"), QString(QLatin1Char(llm)));
    m_ledger->setSettings({.batchRows = 2});
    m_clock.advance(m_settings.flushInterval);
    QTRY_COMPARE(stored(), 5);
    QCOMPARE(m_fixture->query(QStringLiteral("SELECT number FROM usage_batch")).toInt(), 3);
}

void TestUsageLedger::anotherLimitWhileItWorks()
{
    count(QStringLiteral("k"), QStringLiteral("a"));
    count(QStringLiteral("k"), QStringLiteral("b"));
    m_ledger->setSettings({.maxPending = 2});
    count(QStringLiteral("k"), QStringLiteral("c"));
    // The interval has not passed.
    QTRY_COMPARE(stored(), 3);
}

QTEST_GUILESS_MAIN(TestUsageLedger)
#include "tst_usageledger.moc"
