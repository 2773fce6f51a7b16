// Transaction and Savepoint: all of the writes between begin() and commit(), or none of them.
//
// Used on the thread of the Database, on the stack, innermost committed first. An object that goes out of scope without
// a commit rolls back. A Transaction is the outermost; a Savepoint needs one around it and undoes a part: after a
// statement has failed, PostgreSQL goes on only from a savepoint.

#pragma once

#include "result.h"

namespace hearth::storage {

class Database;

class Transaction
{
public:
    /// Fails with StorageUnavailable, and with Internal inside another transaction.
    static Result<Transaction> begin(Database &database);

    Transaction(Transaction &&other) noexcept
        : m_database(std::exchange(other.m_database, nullptr))
    {}

    ~Transaction();
    Transaction &operator=(Transaction &&) = delete;

    /// After a failure nothing is stored, except that with a connection lost meanwhile nobody can know.
    Result<void> commit();

private:
    explicit Transaction(Database &database)
        : m_database(&database)
    {}

    /// Null once the transaction has ended or moved.
    Database *m_database;
};

class Savepoint
{
public:
    /// Fails with StorageUnavailable, and with Internal outside a transaction.
    static Result<Savepoint> begin(Database &database);

    Savepoint(Savepoint &&other) noexcept
        : m_database(std::exchange(other.m_database, nullptr))
    {}

    ~Savepoint();
    Savepoint &operator=(Savepoint &&) = delete;

    /// Makes the writes part of the transaction around; after a failure they are undone.
    Result<void> commit();

private:
    explicit Savepoint(Database &database)
        : m_database(&database)
    {}

    /// Null once the savepoint has ended or moved.
    Database *m_database;
};

/// Runs `write`, a function that returns a Result, so that a failure leaves the transaction around as it was.
template <typename Write>
auto atomically(Database &database, Write write) -> decltype(write())
{
    Result<Savepoint> savepoint = Savepoint::begin(database);
    if (!savepoint)
        return savepoint.error();
    auto result = write();
    if (!result)
        return result;
    if (const Result<void> committed = savepoint->commit(); !committed)
        return committed.error();
    return result;
}

} // namespace hearth::storage
