#include "controlharness.h"

#include "agenttable.h"
#include "llmtable.h"
#include "providersessiontable.h"
#include "transaction.h"

#include <QCryptographicHash>

namespace hearth::testsupport {

using storage::Database;

namespace {

struct Rows
{
    QList<domain::Llm> llms;
    QList<domain::Agent> agents;
    QList<domain::ProviderSession> sessions;
};

/// So that the tests of what is written behind need not wait long.
constexpr Duration lifecycleInterval = std::chrono::milliseconds(20);

} // namespace

ControlHarness::ControlHarness(FakeClock &testClock, const storage::DatabaseUrl &url,
                               const control::ControlSettings &settings, Duration statementTimeout)
    : clock(testClock)
    , storage({.url = url, .statementTimeout = statementTimeout, .lifecycleInterval = lifecycleInterval})
    , registry(clock)
    , relay(registry, clock, {})
    , control({registry, keys, relay, storage, changes, clock}, settings)
{
    if (const Result<void> opened = storage.open(); !opened)
        qFatal("%s", qPrintable(opened.error().message));
    const Rows rows = wait<Rows>([](Database &database) -> Result<Rows> {
        return Rows{storage::LlmTable(database).all().value(), storage::AgentTable(database).all().value(),
                    storage::ProviderSessionTable(database).all().value()};
    });
    registry.load(rows.llms, rows.agents, rows.sessions);
    control.storeLoadedRows();
}

template <typename T>
T ControlHarness::wait(std::function<Result<T>(Database &)> work)
{
    std::optional<Result<T>> result;
    storage.submit<T>(nullptr, std::move(work), [&result](Result<T> outcome) { result.emplace(std::move(outcome)); });
    if (!QTest::qWaitFor([&result] { return result.has_value(); }, 10'000))
        qFatal("The database does not answer.");
    if (!*result)
        qFatal("%s", qPrintable(result->error().message));
    return std::move(**result);
}

std::unique_ptr<FakePublisher> ControlHarness::connect(const domain::ApiKey &key)
{
    setKey(key);
    auto [serverEnd, publisherEnd] = channel::MemoryChannel::pair();
    auto publisher = std::make_unique<FakePublisher>(std::move(publisherEnd));
    control.accept(std::move(serverEnd), domain::Principal(std::make_shared<const domain::ApiKey>(key)));
    return publisher;
}

std::unique_ptr<FakePublisher> ControlHarness::connect(const QString &owner)
{
    return connect(publishKey(owner));
}

std::unique_ptr<FakePublisher> ControlHarness::publish(const QList<channel::LlmEntry> &llms, const QString &owner)
{
    auto publisher = connect(owner);
    if (!publisher->registerLlms(llms))
        qFatal("The register of %s was not answered.", qPrintable(owner));
    return publisher;
}

void ControlHarness::setKey(const domain::ApiKey &key)
{
    m_keys.removeIf([&key](const domain::ApiKey &known) { return known.hash == key.hash; });
    m_keys.append(key);
    keys.setKeys(m_keys);
}

domain::Llm ControlHarness::llm(const QString &name) const
{
    const domain::Llm *const found = registry.findLlm(name);
    return found ? *found : domain::Llm();
}

domain::Agent ControlHarness::agent(const QString &name) const
{
    const domain::Agent *const found = registry.findAgent(name);
    return found ? *found : domain::Agent();
}

std::optional<domain::Llm> ControlHarness::storedLlm(const QString &name)
{
    return wait<std::optional<domain::Llm>>(
        [name](Database &database) { return storage::LlmTable(database).findByName(name); });
}

std::optional<domain::Agent> ControlHarness::storedAgent(const QString &name)
{
    return wait<std::optional<domain::Agent>>(
        [name](Database &database) { return storage::AgentTable(database).findByName(name); });
}

std::optional<domain::ProviderSession> ControlHarness::storedSession(const ProviderSessionId &id)
{
    return wait<std::optional<domain::ProviderSession>>(
        [id](Database &database) { return storage::ProviderSessionTable(database).find(id); });
}

void ControlHarness::add(const domain::Llm &llm)
{
    wait<bool>([llm](Database &database) -> Result<bool> {
        const Result<void> inserted = storage::LlmTable(database).insert(llm);
        return inserted ? Result<bool>(true) : Result<bool>(inserted.error());
    });
    registry.put(llm);
}

void ControlHarness::add(const domain::Agent &agent)
{
    wait<bool>([agent](Database &database) -> Result<bool> {
        const Result<void> inserted = storage::AgentTable(database).insert(agent);
        return inserted ? Result<bool>(true) : Result<bool>(inserted.error());
    });
    registry.put(agent);
}

control::SweepCounts ControlHarness::sweep()
{
    std::optional<control::SweepCounts> counts;
    control.sweeper().sweep([&counts](control::SweepCounts done) { counts = done; });
    if (!QTest::qWaitFor([&counts] { return counts.has_value(); }, 10'000))
        qFatal("The sweep does not end.");
    return *counts;
}

Result<std::unique_ptr<relay::RelayTask>> ControlHarness::infer(const QString &name, AnswerRecorder &recorder)
{
    return relay.submit(registry.findLlm(name)->id, makeRequest(name), caller(), recorder);
}

domain::ApiKey publishKey(const QString &owner, const QString &name)
{
    domain::ApiKey key;
    key.name = name.isEmpty() ? owner : name;
    key.id = ApiKeyId(key.name);
    key.owner = owner;
    key.hash = QCryptographicHash::hash(key.name.toUtf8(), QCryptographicHash::Sha256);
    key.scopes = {domain::Scope::Publish};
    return key;
}

channel::LlmEntry entry(const QString &name, channel::ReportedState state)
{
    return {.name = name, .initialStatus = state};
}

channel::LlmEntry sleepingEntry(const QString &name)
{
    return {.name = name, .initialStatus = channel::ReportedState::Hibernating, .wake = channel::RecipeInfo{}};
}

channel::AgentEntry agentEntry(const QString &name, const QString &llm)
{
    return {.name = name, .llm = llm};
}

class WriteBlock::Private
{
public:
    Private(const DatabaseFixture &fixture, const QString &table)
        : database(fixture.open(false))
        , transaction(storage::Transaction::begin(*database).value())
    {
        // On SQLite the transaction itself is the one writer.
        if (database->engine() == storage::Engine::PostgreSql &&
            !database->executeText(QStringLiteral("LOCK TABLE %1 IN ACCESS EXCLUSIVE MODE").arg(table))) {
            qFatal("The table cannot be locked.");
        }
    }

    std::unique_ptr<Database> database;
    storage::Transaction transaction;
};

WriteBlock::WriteBlock(const DatabaseFixture &fixture, const QString &table)
    : d(std::make_unique<Private>(fixture, table))
{}

WriteBlock::~WriteBlock() = default;

} // namespace hearth::testsupport
