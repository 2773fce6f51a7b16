#include "memorykeystore.h"

namespace hearth::testsupport {

namespace {

Error errorOf(MemoryKeyStore::State state)
{
    if (state == MemoryKeyStore::State::Locked)
        return {ErrorCode::Conflict, QStringLiteral("The keyring of the test is locked.")};
    return {ErrorCode::Io, QStringLiteral("The test has no keyring.")};
}

} // namespace

void MemoryKeyStore::read(const QString &entry, std::function<void(Result<QByteArray>)> done)
{
    ++reads;
    const auto answer = [this, entry, done = std::move(done)] { done(find(entry)); };
    QMetaObject::invokeMethod(&m_context, answer, Qt::QueuedConnection);
}

void MemoryKeyStore::write(const QString &entry, const QByteArray &key, std::function<void(Result<void>)> done)
{
    const auto answer = [this, entry, key, done = std::move(done)] { done(store(entry, key)); };
    QMetaObject::invokeMethod(&m_context, answer, Qt::QueuedConnection);
}

Result<QByteArray> MemoryKeyStore::find(const QString &entry) const
{
    if (state != State::Open)
        return errorOf(state);
    const auto key = keys.constFind(entry);
    if (key == keys.cend())
        return Error{ErrorCode::NotFound, QStringLiteral("The keyring of the test has no such key.")};
    return *key;
}

Result<void> MemoryKeyStore::store(const QString &entry, const QByteArray &key)
{
    if (state != State::Open)
        return errorOf(state);
    keys.insert(entry, key);
    return {};
}

} // namespace hearth::testsupport
