// DesktopKeyring: the keyring of the desktop, Secret Service or KWallet, by QtKeychain.
//
// TrayApp owns one. Nothing is ever stored without encryption: where there is no keyring, storeKey() says so and takes
// a file. Main thread, on whatever event loop Qt has (GlibTurns).

#pragma once

#include "keystore.h"

#include <QObject>

namespace QKeychain {
class Job;
}

namespace hearth::platform {

class DesktopKeyring final : public KeyStore
{
public:
    void read(const QString &entry, std::function<void(Result<QByteArray>)> done) override;
    void write(const QString &entry, const QByteArray &key, std::function<void(Result<void>)> done) override;

private:
    void lookUp(const QString &entry, std::function<void(Result<QByteArray>)> done);
    void explain(const QKeychain::Job &job, std::function<void(Error)> done);

    /// The owner has been asked for the password of the keyring and has not given it.
    bool m_isRefused = false;
    /// Jobs live until the keyring has answered, which can be after this object; their answers end here.
    QObject m_context;
};

} // namespace hearth::platform
