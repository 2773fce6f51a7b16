// KeyStore: where the API key of a configuration is kept by the desktop.
//
// DesktopKeyring is the real one (Secret Service or KWallet, by QtKeychain); tests have one in memory. Everything is
// asynchronous, for a keyring may ask its owner to unlock it first and take as long as he does. Main thread.

#pragma once

#include "result.h"

#include <QByteArray>
#include <QStringList>

#include <functional>

namespace hearth::platform {

class KeyStore
{
public:
    virtual ~KeyStore() = default;

    /// The key that write() has stored under `entry`. Errors: NotFound when there is none; Io when there is no keyring
    /// at all, or its owner makes none; Conflict when it is locked and was not unlocked: worth asking again.
    virtual void read(const QString &entry, std::function<void(Result<QByteArray>)> done) = 0;
    /// Errors: as for read().
    virtual void write(const QString &entry, const QByteArray &key, std::function<void(Result<void>)> done) = 0;
};

/// The entry of this configuration file.
QString keyEntry(const QString &configFile);

/// Where a key has been put.
struct StoredKey
{
    /// The 0600 file; empty when it is in the keyring.
    QString file;
    /// For a person: where the key is now, and for a file why it is not in a keyring.
    QString notice;
};

/// Puts the key into the keyring or, where there is none, into a file beside `configFile` that only its owner can read:
/// `publisher.key` for `publisher.yaml`, or another name as freeKeyFile() says. `named` is the `keyFile` that the
/// configuration has now, and may be empty. A locked keyring is an error (Conflict), not a reason for the file. `done`
/// may be called at once.
void storeKey(KeyStore &store, const QString &configFile, const QString &named, const QByteArray &key,
              std::function<void(Result<StoredKey>)> done);

/// The file `name`.key beside `configFile`, or `name`-2.key and so on where there is one already that is not among
/// `named`: it may hold the key of another configuration.
QString freeKeyFile(const QString &configFile, const QString &name, const QStringList &named);

/// Writes a file that nobody but its owner can read, at no moment, and replaces one that is there at once. Errors: Io.
Result<void> writeKeyFile(const QString &path, const QByteArray &key);

} // namespace hearth::platform
