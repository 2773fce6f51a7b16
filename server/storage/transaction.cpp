#include "transaction.h"

#include "database.h"

namespace hearth::storage {

Result<Transaction> Transaction::begin(Database &database)
{
    if (const Result<void> begun = database.begin(); !begun)
        return begun.error();
    return Transaction(database);
}

Transaction::~Transaction()
{
    if (m_database)
        m_database->rollback();
}

Result<void> Transaction::commit()
{
    Result<void> committed = m_database->commit();
    if (!committed)
        m_database->rollback();
    m_database = nullptr;
    return committed;
}

Result<Savepoint> Savepoint::begin(Database &database)
{
    if (const Result<void> begun = database.beginSavepoint(); !begun)
        return begun.error();
    return Savepoint(database);
}

Savepoint::~Savepoint()
{
    if (m_database)
        m_database->rollbackToSavepoint();
}

Result<void> Savepoint::commit()
{
    Result<void> released = m_database->releaseSavepoint();
    if (!released)
        m_database->rollbackToSavepoint();
    m_database = nullptr;
    return released;
}

} // namespace hearth::storage
