// MemoryKeyStore: a keyring for tests, which can be locked or missing. It answers from the event loop, as a real one
// does, and not after it has been destroyed.

#pragma once

#include "keystore.h"

#include <QHash>
#include <QObject>

namespace hearth::testsupport {

class MemoryKeyStore final : public platform::KeyStore
{
public:
    enum class State {
        Open,
        /// Locked, and its owner does not unlock it.
        Locked,
        /// There is no keyring on this desktop.
        Missing,
    };

    State state = State::Open;
    QHash<QString, QByteArray> keys;
    /// How often read() was called.
    int reads = 0;

    void read(const QString &entry, std::function<void(Result<QByteArray>)> done) override;
    void write(const QString &entry, const QByteArray &key, std::function<void(Result<void>)> done) override;

private:
    Result<QByteArray> find(const QString &entry) const;
    Result<void> store(const QString &entry, const QByteArray &key);

    QObject m_context;
};

} // namespace hearth::testsupport
