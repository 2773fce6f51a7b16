// What Storage stores and loads by itself: write-behind records, their order among work, and the API keys.

#include "apikeytable.h"
#include "llmtable.h"
#include "providersessiontable.h"
#include "rows.h"
#include "storagetest.h"
#include "transaction.h"

#include <QSignalSpy>

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::storage;
using namespace hearth::testsupport;

class TestStorageRecords final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void initTestCase_data() { DatabaseFixture::addEngines(); }

    void init();
    void cleanup();

    void heartbeatsAreCoalesced();
    void heartbeatOfLowerEpochHasNoEffect();
    void recordsKeepTheirPlaceAmongWork();
    void recordThatTheDatabaseRefusesHoldsUpNoOther();
    void keysAreLoadedAtFirstAndAfterChanges();

private:
    void open(StorageSettings settings);
    void store(const std::function<Result<void>(Database &)> &write) const;
    Llm stored(const LlmId &id) const;

    std::optional<DatabaseFixture> m_fixture;
    std::unique_ptr<Storage> m_storage;
};

void TestStorageRecords::init()
{
    QFETCH_GLOBAL(Engine, engine);
    m_fixture.emplace(engine);
    QVERIFY2(m_fixture->problem().isEmpty(), qPrintable(m_fixture->problem()));
    failOnDriverWarnings();
    open(quickSettings(*m_fixture));
}

void TestStorageRecords::cleanup()
{
    m_storage.reset();
    m_fixture.reset();
}

void TestStorageRecords::open(StorageSettings settings)
{
    m_storage = std::make_unique<Storage>(std::move(settings));
    const Result<void> opened = m_storage->open();
    QVERIFY2(opened.ok(), opened ? "" : qPrintable(opened.error().message));
}

/// Writes as another program would.
void TestStorageRecords::store(const std::function<Result<void>(Database &)> &write) const
{
    const auto database = m_fixture->open();
    Result<Transaction> transaction = Transaction::begin(*database);
    QVERIFY(transaction);
    const Result<void> written = write(*database);
    QVERIFY2(written.ok(), written ? "" : qPrintable(written.error().message));
    QVERIFY(transaction->commit());
}

Llm TestStorageRecords::stored(const LlmId &id) const
{
    return LlmTable(*m_fixture->open()).find(id).value().value_or(Llm());
}

void TestStorageRecords::heartbeatsAreCoalesced()
{
    const ProviderSessionId id(QStringLiteral("s"));
    const Llm llm = makeFullLlm(QStringLiteral("m"), id);
    store([&](Database &database) -> Result<void> {
        if (const Result<void> inserted = ProviderSessionTable(database).insert(makeSession(QStringLiteral("s")));
            !inserted)
            return inserted;
        return LlmTable(database).insert(llm);
    });
    for (int second = 100; second <= 200; ++second)
        m_storage->recordHeartbeat({.session = id, .epoch = 1, .at = moment(second)});
    QTRY_COMPARE(stored(llm.id).lastHeartbeatAt, std::optional(moment(200)));
    const auto session = ProviderSessionTable(*m_fixture->open()).find(id);
    QCOMPARE((*session)->lastHeartbeatAt, moment(200));
    QCOMPARE(stored(llm.id).version, llm.version);
}

void TestStorageRecords::heartbeatOfLowerEpochHasNoEffect()
{
    const ProviderSessionId stale(QStringLiteral("stale"));
    const ProviderSessionId good(QStringLiteral("good"));
    store([&](Database &database) -> Result<void> {
        if (const Result<void> inserted = ProviderSessionTable(database).insert(makeSession(stale.toString(), 5));
            !inserted)
            return inserted;
        return ProviderSessionTable(database).insert(makeSession(good.toString(), 5));
    });
    m_storage->recordHeartbeat({.session = stale, .epoch = 4, .at = moment(100)});
    m_storage->recordHeartbeat({.session = good, .epoch = 5, .at = moment(100)});
    const auto heartbeat = [&](const ProviderSessionId &id) {
        return ProviderSessionTable(*m_fixture->open()).find(id).value().value_or(ProviderSession()).lastHeartbeatAt;
    };
    QTRY_COMPARE(heartbeat(good), moment(100));
    QCOMPARE(heartbeat(stale), moment(1));
}

void TestStorageRecords::recordsKeepTheirPlaceAmongWork()
{
    StorageSettings settings = quickSettings(*m_fixture);
    settings.lifecycleInterval = std::chrono::minutes(1);
    open(settings);
    const Llm llm = makeLlm(QStringLiteral("m"));
    store([&](Database &database) { return LlmTable(database).insert(llm); });

    const auto lifecycle = [&](LlmStatus status, std::optional<StatusReason> reason) {
        return LlmLifecycle{
            .id = llm.id, .status = status, .statusReason = reason, .lastHeartbeatAt = {}, .inactiveSince = {}};
    };
    LlmStatus seenByWork = LlmStatus::Inactive;
    m_storage->recordLifecycle(lifecycle(LlmStatus::Hibernating, std::nullopt));
    const Answer reader(*m_storage, [&](Database &database) -> Result<void> {
        seenByWork = LlmTable(database).find(llm.id).value().value_or(Llm()).status;
        return {};
    });
    QTRY_VERIFY(reader.isOk());
    QVERIFY(seenByWork == LlmStatus::Hibernating);

    const Answer writer(*m_storage, [llm](Database &database) -> Result<void> {
        Llm active = llm;
        active.status = LlmStatus::Active;
        active.statusReason.reset();
        const Result<Llm> updated = LlmTable(database).update(active);
        return updated ? Result<void>() : Result<void>(updated.error());
    });
    m_storage->recordLifecycle(lifecycle(LlmStatus::Inactive, StatusReason::Paused));
    QTRY_VERIFY(writer.isOk());
    // The younger record waits for its own time, and is stored at the latest at the end.
    QVERIFY(stored(llm.id).status == LlmStatus::Active);
    m_storage.reset();
    QVERIFY(stored(llm.id).statusReason == StatusReason::Paused);
}

void TestStorageRecords::recordThatTheDatabaseRefusesHoldsUpNoOther()
{
    const Llm bad = makeLlm(QStringLiteral("bad"));
    const Llm good = makeLlm(QStringLiteral("good"));
    store([&](Database &database) -> Result<void> {
        if (const Result<void> inserted = LlmTable(database).insert(bad); !inserted)
            return inserted;
        return LlmTable(database).insert(good);
    });
    LlmLifecycle lifecycle{
        .id = bad.id, .status = LlmStatus::Inactive, .statusReason = {}, .lastHeartbeatAt = {}, .inactiveSince = {}};
    m_storage->recordLifecycle(lifecycle);
    lifecycle.id = good.id;
    lifecycle.status = LlmStatus::Active;
    m_storage->recordLifecycle(lifecycle);
    QTRY_VERIFY(stored(good.id).status == LlmStatus::Active);
    QVERIFY(stored(bad.id) == bad);
}

void TestStorageRecords::keysAreLoadedAtFirstAndAfterChanges()
{
    QSignalSpy loaded(m_storage.get(), &Storage::apiKeysLoaded);
    QVERIFY(loaded.wait(1000));
    QCOMPARE(loaded.takeFirst().first().value<QList<ApiKey>>().size(), 0);

    ApiKey key = makeKey(QStringLiteral("laptop"));
    store([&](Database &database) { return ApiKeyTable(database).insert(key); });
    QVERIFY(loaded.wait(1000));
    QVERIFY(loaded.takeFirst().first().value<QList<ApiKey>>() == QList<ApiKey>{key});

    key.revokedAt = moment(5);
    store([&](Database &database) { return ApiKeyTable(database).update(key); });
    QVERIFY(loaded.wait(1000));
    QVERIFY(loaded.takeFirst().first().value<QList<ApiKey>>() == QList<ApiKey>{key});

    // Without a change they are not sent again.
    QVERIFY(!loaded.wait(500));
}

QTEST_GUILESS_MAIN(TestStorageRecords)
#include "tst_storagerecords.moc"
