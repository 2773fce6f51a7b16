// The table of usage: counts are added up, each batch once, and found by what is asked for.

#include "databasefixture.h"
#include "resultchecks.h"
#include "rows.h"
#include "transaction.h"
#include "usagetable.h"

#include <QTest>

#include <algorithm>

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::storage;
using namespace hearth::testsupport;

class TestUsageTable final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void initTestCase_data() { DatabaseFixture::addEngines(); }

    void init();
    void cleanup();

    void roundTrip();
    void countsAreAdded();
    void keyThatChangedHands();
    void batchIsAddedOnce();
    void writersDoNotKnowEachOther();
    void oldRowsAreRemoved();
    void oldWritersAreForgotten();
    void rowsAreFound_data();
    void rowsAreFound();
    void noMoreThanAskedFor();

private:
    static UsageRow row(const QString &key, const QString &llm, int day = 1)
    {
        return {.place = {.day = QDate(2026, 11, day),
                          .owner = key == QLatin1String("k1") ? QStringLiteral("alice") : QStringLiteral("bob"),
                          .key = ApiKeyId(QStringLiteral("id of ") + key),
                          .llm = llm},
                .keyName = key,
                .counts = {.succeeded = 1}};
    }

    void add(const QList<UsageRow> &rows)
    {
        VERIFY_RESULT(UsageTable(*m_database).add({m_writer, ++m_number, rows}, m_now));
    }

    QList<UsageRow> find(const UsageFilter &filter, int count = 100)
    {
        return UsageTable(*m_database).find(filter, count).value();
    }

    const QString m_writer = QStringLiteral("writer");
    const UsageFilter m_all{QDate(2000, 1, 1), QDate(9999, 12, 31), {}, {}, {}};
    const WallTime m_now{std::chrono::hours(24 * 365 * 57)};
    quint64 m_number = 0;
    std::optional<DatabaseFixture> m_fixture;
    std::unique_ptr<Database> m_database;
    std::optional<Transaction> m_transaction;
};

void TestUsageTable::init()
{
    QFETCH_GLOBAL(Engine, engine);
    m_number = 0;
    m_fixture.emplace(engine);
    QVERIFY2(m_fixture->problem().isEmpty(), qPrintable(m_fixture->problem()));
    m_database = m_fixture->open();
    m_transaction.emplace(Transaction::begin(*m_database).value());
}

void TestUsageTable::cleanup()
{
    m_transaction.reset();
    m_database.reset();
    m_fixture.reset();
}

void TestUsageTable::roundTrip()
{
    UsageRow full = row(awkward(), awkward());
    full.place.owner = awkward();
    full.counts = {1, 2, 3, 4, 5, 6, 7'000'000'000'000, 8};
    add({full});
    QCOMPARE(find(m_all), QList<UsageRow>{full});
    QCOMPARE(full.counts.requests(), 21);
}

void TestUsageTable::countsAreAdded()
{
    UsageRow first = row(QStringLiteral("k1"), QStringLiteral("m"));
    first.counts = {1, 2, 3, 4, 5, 6, 7, 8};
    UsageRow second = first;
    second.keyName = QStringLiteral("renamed");
    second.counts = {10, 20, 30, 40, 50, 60, 70, 80};
    add({first});
    add({second});
    second.counts += first.counts;
    QCOMPARE(second.counts.outputTokens, 88);
    QCOMPARE(find(m_all), QList<UsageRow>{second});
}

void TestUsageTable::keyThatChangedHands()
{
    const UsageRow before = row(QStringLiteral("k1"), QStringLiteral("m"));
    UsageRow behind = before;
    behind.place.owner = QStringLiteral("carol");
    add({before, behind});
    add({behind});
    behind.counts += behind.counts;
    UsageFilter filter = m_all;
    filter.owner = QStringLiteral("carol");
    QCOMPARE(find(filter), QList<UsageRow>{behind});
    filter.owner = before.place.owner;
    QCOMPARE(find(filter), QList<UsageRow>{before});
}

void TestUsageTable::batchIsAddedOnce()
{
    UsageTable table(*m_database);
    const QList<UsageRow> rows{row(QStringLiteral("k1"), QStringLiteral("m"))};
    const auto succeeded = [&] { return find(m_all).first().counts.succeeded; };
    QCOMPARE(table.lastBatch(m_writer).value(), quint64(0));
    VERIFY_RESULT(table.add({m_writer, 1, rows}, m_now));
    VERIFY_RESULT(table.add({m_writer, 1, rows}, m_now));
    QCOMPARE(succeeded(), 1);
    VERIFY_RESULT(table.add({m_writer, 3, rows}, m_now));
    QCOMPARE(succeeded(), 2);
    QCOMPARE(table.lastBatch(m_writer).value(), quint64(3));
    VERIFY_RESULT(table.add({m_writer, 2, rows}, m_now));
    QCOMPARE(succeeded(), 2);
}

void TestUsageTable::writersDoNotKnowEachOther()
{
    UsageTable table(*m_database);
    const QList<UsageRow> rows{row(QStringLiteral("k1"), QStringLiteral("m"))};
    const QString other = QStringLiteral("other");
    VERIFY_RESULT(table.add({m_writer, 7, rows}, m_now));
    VERIFY_RESULT(table.add({other, 1, rows}, m_now));
    // The other one has sent a batch in between.
    VERIFY_RESULT(table.add({m_writer, 7, rows}, m_now));
    VERIFY_RESULT(table.add({other, 1, rows}, m_now));
    QCOMPARE(find(m_all).first().counts.succeeded, 2);
    QCOMPARE(table.lastBatch(m_writer).value(), quint64(7));
    QCOMPARE(table.lastBatch(other).value(), quint64(1));
}

void TestUsageTable::oldRowsAreRemoved()
{
    const UsageRow first = row(QStringLiteral("k1"), QStringLiteral("m"), 1);
    const UsageRow second = row(QStringLiteral("k2"), QStringLiteral("m"), 2);
    add({first, second});
    VERIFY_RESULT(UsageTable(*m_database).removeBefore(first.place.day));
    QCOMPARE(find(m_all).size(), 2);
    VERIFY_RESULT(UsageTable(*m_database).removeBefore(second.place.day));
    QCOMPARE(find(m_all), QList<UsageRow>{second});
}

void TestUsageTable::oldWritersAreForgotten()
{
    UsageTable table(*m_database);
    const QString other = QStringLiteral("other");
    const QList<UsageRow> rows{row(QStringLiteral("k1"), QStringLiteral("m"))};
    VERIFY_RESULT(table.add({m_writer, 1, rows}, m_now));
    VERIFY_RESULT(table.add({other, 1, rows}, m_now));
    VERIFY_RESULT(table.add({other, 2, rows}, m_now + Duration(1)));
    VERIFY_RESULT(table.removeWritersBefore(m_now + Duration(1)));
    QCOMPARE(table.lastBatch(m_writer).value(), quint64(0));
    QCOMPARE(table.lastBatch(other).value(), quint64(2));
}

void TestUsageTable::rowsAreFound_data()
{
    QTest::addColumn<UsageFilter>("filter");
    QTest::addColumn<QStringList>("expected");

    const auto row = [this](const char *name, const std::function<void(UsageFilter &)> &change,
                            const QStringList &expected) {
        UsageFilter filter = m_all;
        change(filter);
        QTest::newRow(name) << filter << expected;
    };
    const QString first = QStringLiteral("1 k1 m");
    const QString second = QStringLiteral("2 k1 ");
    const QString third = QStringLiteral("2 k2 m");
    const QString fourth = QStringLiteral("3 k2 n");
    row("all", [](UsageFilter &) {}, {first, second, third, fourth});
    row("from", [](UsageFilter &filter) { filter.from = QDate(2026, 11, 2); }, {second, third, fourth});
    row("to", [](UsageFilter &filter) { filter.to = QDate(2026, 11, 2); }, {first, second, third});
    row("one day", [](UsageFilter &filter) { filter.from = filter.to = QDate(2026, 11, 3); }, {fourth});
    row("owner", [](UsageFilter &filter) { filter.owner = QStringLiteral("alice"); }, {first, second});
    row("key", [](UsageFilter &filter) { filter.keyName = QStringLiteral("k2"); }, {third, fourth});
    row("llm", [](UsageFilter &filter) { filter.llm = QStringLiteral("m"); }, {first, third});
    row("no llm", [](UsageFilter &filter) { filter.llm = QString(); }, {second});
    row("none", [](UsageFilter &filter) { filter.llm = QStringLiteral("x"); }, {});
}

void TestUsageTable::rowsAreFound()
{
    QFETCH(UsageFilter, filter);
    QFETCH(QStringList, expected);
    const QList<UsageRow> rows{row(QStringLiteral("k1"), QStringLiteral("m"), 1), row(QStringLiteral("k1"), {}, 2),
                               row(QStringLiteral("k2"), QStringLiteral("m"), 2),
                               row(QStringLiteral("k2"), QStringLiteral("n"), 3)};
    add(rows);
    const auto described = [](const QList<UsageRow> &found) {
        QStringList texts;
        for (const UsageRow &one : found)
            texts.append(QStringLiteral("%1 %2 %3").arg(one.place.day.day()).arg(one.keyName, one.place.llm));
        texts.sort();
        return texts;
    };
    QCOMPARE(described(find(filter)), expected);
    // What is counted and not stored yet is asked the same question.
    QList<UsageRow> matching;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(matching),
                 [&](const UsageRow &one) { return filter.matches(one); });
    QCOMPARE(described(matching), expected);
}

void TestUsageTable::noMoreThanAskedFor()
{
    QList<UsageRow> rows;
    for (int i = 0; i < 5; ++i)
        rows.append(row(QStringLiteral("k1"), QString::number(i)));
    add(rows);
    QCOMPARE(find(m_all, 3).size(), 3);
}

QTEST_GUILESS_MAIN(TestUsageTable)
#include "tst_usagetable.moc"
