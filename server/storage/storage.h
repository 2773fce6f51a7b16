// Storage: the database behind one thread of its own.
//
// Rooms on the main thread submit work; the storage thread runs it against the tables and sends the result back as an
// event. Work that arrives together is committed together (group commit), each piece inside its own savepoint, so one
// that fails takes no other down. A result is delivered only after the commit: what was acknowledged is stored.
//
// A lost database is not fatal. Submitted work then fails with ErrorCode::StorageUnavailable, the connection is
// reopened in the background, and lifecycle writes wait here, coalesced, until it is back. A database that hangs is
// lost too: work without an answer is given up after the statement timeout and the hang grace, and the connection is
// cut. Given up does not mean undone: a COMMIT that was on its way may still succeed, and is never sent twice.
//
// Work and lifecycle writes keep their order: none that was recorded before work was submitted is stored after it, and
// none that was recorded later before it. Nothing here knows what a row means.

#pragma once

#include "apikey.h"
#include "lifecyclewrites.h"
#include "result.h"
#include "storagesettings.h"

#include <QObject>

#include <functional>
#include <memory>

namespace hearth::storage {

class Database;

class Storage : public QObject
{
    Q_OBJECT

public:
    explicit Storage(StorageSettings settings, QObject *parent = nullptr);
    /// Runs and stores what waits, for at most the statement timeout, then closes. Nothing is delivered any more.
    ~Storage() override;

    /// Starts the thread, opens the database and brings its schema up to date. Blocks: only for start-up. Until it has
    /// succeeded, submitted work fails. For errors see Database::open() and Migrations::apply().
    Result<void> open();

    /// Runs `work` in a transaction on the storage thread. `done` is called on the main thread after the commit, never
    /// from inside submit(), unless `context` (which may be null) is destroyed before.
    ///
    /// `work` must own what it captures: it may still run after `done` was told that the database is unavailable, and
    /// is destroyed on either thread. It runs at most once. `done`, and all that it captures, stays on the main thread;
    /// it must not destroy the Storage.
    template <typename T>
    void submit(QObject *context, std::function<Result<T>(Database &)> work, std::function<void(Result<T>)> done)
    {
        // Filled on the storage thread, read on the main thread, and that only when the work has been committed.
        auto outcome = std::make_shared<std::optional<Result<T>>>();
        enqueue(
            context,
            [outcome, work = std::move(work)](Database &database) -> Result<void> {
                outcome->emplace(work(database));
                return (*outcome)->ok() ? Result<void>() : Result<void>((*outcome)->error());
            },
            [outcome, done = std::move(done)](const std::optional<Error> &error) {
                done(error ? Result<T>(*error) : std::move(**outcome));
            });
    }

    /// Write-behind: coalesced by session, written about once per lifecycleInterval, kept while the database is down.
    void recordHeartbeat(const SessionHeartbeat &heartbeat);
    /// Write-behind: coalesced by row, written with the next heartbeats, kept while the database is down.
    void recordLifecycle(const LlmLifecycle &lifecycle);
    void recordLifecycle(const AgentLifecycle &lifecycle);

    /// False from the moment a lost connection was noticed until it has been reopened.
    bool available() const;

Q_SIGNALS:
    void availabilityChanged(bool available);
    /// The keys as they are now stored, revoked and expired ones included: once after open(), then within
    /// keyPollInterval of every change, whoever made it.
    void apiKeysLoaded(const QList<hearth::domain::ApiKey> &keys);

private:
    using Work = std::function<Result<void>(Database &)>;
    /// Called with nothing when the work succeeded and is committed.
    using Completion = std::function<void(const std::optional<Error> &error)>;

    void enqueue(QObject *context, Work work, Completion completion);

    class Private;
    std::unique_ptr<Private> d;
};

} // namespace hearth::storage
