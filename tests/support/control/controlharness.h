// ControlHarness: a server without HTTP: storage on a real engine, registry, relay and control, in a test's hands.
//
// It starts as hearthd does: it opens the database, loads the rows and stores what loading has changed. Publishers are
// FakePublishers at in-memory channels. Rules run on the test's FakeClock; the database has its own, real time. Two
// harnesses on one database, one after the other, are a restart. For the thread of the test.

#pragma once

#include "answerrecorder.h"
#include "controlserver.h"
#include "databasefixture.h"
#include "fakepublisher.h"

namespace hearth::testsupport {

class ControlHarness
{
public:
    /// `statementTimeout` is how long the database may hold up a statement, in real time.
    ControlHarness(FakeClock &clock, const storage::DatabaseUrl &url, const control::ControlSettings &settings = {},
                   Duration statementTimeout = std::chrono::seconds(5));

    /// A connected publisher whose key is `key`; it has not registered yet.
    std::unique_ptr<FakePublisher> connect(const domain::ApiKey &key);
    std::unique_ptr<FakePublisher> connect(const QString &owner = QStringLiteral("alice"));
    /// The same, registered with these Llms.
    std::unique_ptr<FakePublisher> publish(const QList<channel::LlmEntry> &llms,
                                           const QString &owner = QStringLiteral("alice"));
    /// Adds or replaces a key that the server knows.
    void setKey(const domain::ApiKey &key);

    /// The present state of a row; a default one where there is none.
    domain::Llm llm(const QString &name) const;
    domain::Agent agent(const QString &name) const;
    /// The row as it is in the database, once everything recorded so far has been written.
    std::optional<domain::Llm> storedLlm(const QString &name);
    std::optional<domain::Agent> storedAgent(const QString &name);
    std::optional<domain::ProviderSession> storedSession(const ProviderSessionId &id);
    /// Stores a row that no publisher made, and puts it into the registry.
    void add(const domain::Llm &llm);
    void add(const domain::Agent &agent);

    /// Sweeps, and waits until that is over.
    control::SweepCounts sweep();

    Result<std::unique_ptr<relay::RelayTask>> infer(const QString &name, AnswerRecorder &recorder);

    FakeClock &clock;
    storage::Storage storage;
    domain::Registry registry;
    domain::KeyRing keys;
    SerialQueue changes;
    relay::Relay relay;
    control::ControlServer control;

private:
    /// Runs `work` on the storage thread and waits for its result; stops the program when it fails.
    template <typename T>
    T wait(std::function<Result<T>(storage::Database &)> work);

    QList<domain::ApiKey> m_keys;
};

/// A key to publish with, of `owner`, that is recognised by its name.
domain::ApiKey publishKey(const QString &owner, const QString &name = {});

channel::LlmEntry entry(const QString &name, channel::ReportedState state = channel::ReportedState::Active);

/// An entry whose backend sleeps and can be woken.
channel::LlmEntry sleepingEntry(const QString &name);

channel::AgentEntry agentEntry(const QString &name, const QString &llm);

/// Keeps the database from taking writes while it lives: on SQLite all, on PostgreSQL those to `table`.
class WriteBlock
{
public:
    explicit WriteBlock(const DatabaseFixture &fixture, const QString &table = QStringLiteral("provider_sessions"));
    ~WriteBlock();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace hearth::testsupport
