#include "desktopkeyring.h"

#include "buscall.h"
#include "glibturns.h"

#include <QCoreApplication>
#include <QDBusError>

#include <qt6keychain/keychain.h>

namespace hearth::platform {

namespace {

class KeyringProblems
{
    Q_DECLARE_TR_FUNCTIONS(hearth::platform::KeyringProblems)
};

constexpr auto keychainService = QLatin1String("hearth");

/// The default collection of the Secret Service.
enum class Collection {
    Open,
    Locked,
    /// The service has none: nobody has made a keyring yet.
    Missing,
    /// There is no service that could be asked.
    Unknown,
};

Collection collectionIn(const QDBusMessage &reply)
{
    if (reply.type() == QDBusMessage::ReplyMessage)
        return propertyIn(reply).toBool() ? Collection::Locked : Collection::Open;
    // The ways to say that there is no such object.
    static const QStringList missing{QDBusError::errorString(QDBusError::UnknownObject),
                                     QDBusError::errorString(QDBusError::UnknownMethod),
                                     QDBusError::errorString(QDBusError::UnknownInterface),
                                     QStringLiteral("org.freedesktop.Secret.Error.NoSuchObject")};
    return missing.contains(reply.errorName()) ? Collection::Missing : Collection::Unknown;
}

void askForCollection(QObject &context, std::function<void(Collection)> done)
{
    const QDBusMessage call = readProperty(
        QStringLiteral("org.freedesktop.secrets"), QStringLiteral("/org/freedesktop/secrets/aliases/default"),
        QStringLiteral("org.freedesktop.Secret.Collection"), QStringLiteral("Locked"));
    callBus(QDBusConnection::sessionBus(), call, context,
            [done = std::move(done)](const QDBusMessage &reply) { done(collectionIn(reply)); });
}

Error lockedError()
{
    return {ErrorCode::Conflict, KeyringProblems::tr("The keyring of your desktop is locked. Unlock it.")};
}

Error missingError()
{
    return {ErrorCode::Io, KeyringProblems::tr("Your desktop has no keyring yet, and none was made.")};
}

Error errorFor(QKeychain::Error error, const QString &detail)
{
    switch (error) {
    case QKeychain::EntryNotFound:
        return {ErrorCode::NotFound, KeyringProblems::tr("There is no key of Hearth in the keyring of your desktop.")};
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
    return {ErrorCode::Io, KeyringProblems::tr("The keyring of your desktop cannot be used: %1.").arg(detail)};
}

} // namespace

void DesktopKeyring::read(const QString &entry, std::function<void(Result<QByteArray>)> done)
{
    if (!m_isRefused) {
        lookUp(entry, std::move(done));
        return;
    }
    // Every look into a locked keyring asks its owner for the password. He has said no: waiting must not nag him.
    askForCollection(m_context, [this, entry, done = std::move(done)](Collection collection) {
        if (collection == Collection::Locked)
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
    new GlibTurns(job);
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
    new GlibTurns(job);
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
    // Measured with QtKeychain 0.13 on libsecret and gnome-keyring 42: writing to a locked keyring is AccessDenied, and
    // so is writing where there is none and its owner makes none; but reading from a locked one is EntryNotFound, as if
    // there were no key, and no service at all is OtherError.
    const auto judge = [this, error, detail = job.errorString(), done = std::move(done)](Collection collection) {
        m_isRefused = collection == Collection::Locked;
        if (m_isRefused)
            done(lockedError());
        else if (collection == Collection::Missing && error != QKeychain::EntryNotFound)
            done(missingError());
        else
            done(errorFor(error, detail));
    };
    askForCollection(m_context, judge);
}

} // namespace hearth::platform
