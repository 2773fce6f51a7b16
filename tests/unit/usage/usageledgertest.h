// UsageLedgerTest: what the tests of the ledger share: a ledger over a database of its own, and what is in both.
//
// For the thread of the test.

#pragma once

#include "databasefixture.h"
#include "storage.h"
#include "usageledger.h"

#include <QTest>

namespace hearth::testsupport {

class UsageLedgerTest : public QObject
{
    Q_OBJECT

protected Q_SLOTS:

    void init()
    {
        m_settings = {};
        m_fixture.emplace(storage::Engine::Sqlite);
        m_storage = std::make_unique<storage::Storage>(storage::StorageSettings{.url = m_fixture->url()});
        QVERIFY(m_storage->open());
        makeLedger();
    }

    void cleanup()
    {
        m_ledger.reset();
        m_storage.reset();
        m_fixture.reset();
    }

protected:
    static relay::RequestRecord record(const QString &key, const QString &llm,
                                       relay::Outcome outcome = relay::Outcome::Succeeded)
    {
        relay::RequestRecord made;
        made.key = ApiKeyId(QStringLiteral("id of ") + key);
        made.keyName = key;
        made.owner = QStringLiteral("alice");
        made.llm = llm;
        made.outcome = outcome;
        made.usage = metering::TokenUsage{3, 4};
        return made;
    }

    void makeLedger() { m_ledger = std::make_unique<usage::UsageLedger>(*m_storage, m_clock, m_settings); }

    void count(const QString &key, const QString &llm) { m_ledger->requestEnded(record(key, llm)); }

    Result<QList<domain::UsageRow>> find(const domain::UsageFilter &filter)
    {
        // The storage may still be at it when it has been given up.
        const auto found = std::make_shared<QList<domain::UsageRow>>();
        const auto keep = [found](const QList<domain::UsageRow> &rows) {
            *found = rows;
            return QByteArray("written");
        };
        std::optional<Result<QByteArray>> answer;
        m_ledger->find(filter, keep, m_ledger.get(), [&](Result<QByteArray> text) { answer = std::move(text); });
        if (!QTest::qWaitFor([&answer] { return answer.has_value(); }, 10'000))
            qFatal("The storage does not answer.");
        if (!*answer)
            return answer->error();
        return **answer == "written" ? Result<QList<domain::UsageRow>>(*found) : Error{};
    }

    std::optional<ErrorCode> errorOf(const domain::UsageFilter &filter)
    {
        const Result<QList<domain::UsageRow>> rows = find(filter);
        return rows ? std::nullopt : std::optional(rows.error().code);
    }

    /// How many requests are stored.
    int stored() const
    {
        return m_fixture->query(QStringLiteral("SELECT COALESCE(SUM(succeeded), 0) FROM usage_days")).toInt();
    }

    const domain::UsageFilter m_all{QDate(2000, 1, 1), QDate(9999, 12, 31), {}, {}, {}};
    FakeClock m_clock;
    usage::UsageSettings m_settings;
    std::optional<DatabaseFixture> m_fixture;
    std::unique_ptr<storage::Storage> m_storage;
    std::unique_ptr<usage::UsageLedger> m_ledger;
};

} // namespace hearth::testsupport
