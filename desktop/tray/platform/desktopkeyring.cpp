#include "desktopkeyring.h"

#include "buscall.h"

#include <qt6keychain/keychain.h>

namespace hearth::platform {

namespace {

constexpr auto keychainService = QLatin1String("hearth");

/// Asks the Secret Service whether its default collection is locked; `false` where there is none.
void askWhetherLocked(QObject &context, std::function<void(bool)> done)
{
    const QDBusMessage call = readProperty(
        QStringLiteral("org.freedesktop.secrets"), QStringLiteral("/org/freedesktop/secrets/aliases/default"),
        QStringLiteral("org.freedesktop.Secret.Collection"), QStringLiteral("Locked"));
    callBus(QDBusConnection::sessionBus(), call, context,
            [done = std::move(done)](const QDBusMessage &reply) { done(propertyIn(reply).toBool()); });
}

Error lockedError()
{
    return {ErrorCode::Conflict, QStringLiteral("The keyring of your desktop is locked. Unlock it.")};
}

Error errorFor(QKeychain::Error error, const QString &detail)
{
    switch (error) {
    case QKeychain::EntryNotFound:
        return {ErrorCode::NotFound, QStringLiteral("There is no key of Hearth in the keyring of your desktop.")};
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return lockedError();
    case QKeychain::NoError:
    case QKeychain::CouldNotDeleteEntry:
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
    case QKeychain::OtherError:
        break;
    }
    return {ErrorCode::Io, QStringLiteral("The keyring of your desktop cannot be used: %1.").arg(detail)};
}

} // namespace

void DesktopKeyring::read(const QString &entry, std::function<void(Result<QByteArray>)> done)
{
    if (!m_isRefused) {
        lookUp(entry, std::move(done));
        return;
    }
    // Every look into a locked keyring asks its owner for the password. He has said no: waiting must not nag him.
    askWhetherLocked(m_context, [this, entry, done = std::move(done)](bool isLocked) {
        if (isLocked)
            done(lockedError());
        else
            lookUp(entry, done);
    });
}

void DesktopKeyring::write(const QString &entry, const QByteArray &key, std::function<void(Result<void>)> done)
{
    auto *job = new QKeychain::WritePasswordJob(keychainService);
    job->setKey(entry);
    job->setBinaryData(key);
    QObject::connect(job, &QKeychain::Job::finished, &m_context, [this, job, done = std::move(done)] {
        if (job->error() == QKeychain::NoError)
            done({});
        else
            explain(*job, done);
    });
    job->start();
}

void DesktopKeyring::lookUp(const QString &entry, std::function<void(Result<QByteArray>)> done)
{
    auto *job = new QKeychain::ReadPasswordJob(keychainService);
    job->setKey(entry);
    QObject::connect(job, &QKeychain::Job::finished, &m_context, [this, job, done = std::move(done)] {
        if (job->error() != QKeychain::NoError) {
            explain(*job, done);
            return;
        }
        m_isRefused = false;
        done(job->binaryData());
    });
    job->start();
}

void DesktopKeyring::explain(const QKeychain::Job &job, std::function<void(Error)> done)
{
    const QKeychain::Error error = job.error();
    // Measured with QtKeychain 0.13 on libsecret and gnome-keyring 42: writing to a locked keyring is AccessDenied, but
    // reading from one is EntryNotFound, as if there were no key, and no service at all is OtherError.
    if (error != QKeychain::EntryNotFound && error != QKeychain::OtherError) {
        done(errorFor(error, job.errorString()));
        return;
    }
    const auto judge = [this, error, detail = job.errorString(), done = std::move(done)](bool isLocked) {
        m_isRefused = isLocked;
        done(isLocked ? lockedError() : errorFor(error, detail));
    };
    askWhetherLocked(m_context, judge);
}

} // namespace hearth::platform
