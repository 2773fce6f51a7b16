// KeySource: the API key of a publisher, wherever the configuration says that it is.
//
// PublisherHost owns one. A key file is read whenever the key is asked for; a key in the keyring is fetched once, since
// a Publisher cannot wait for a person to unlock that. A keyring that does not give the key is asked again after a
// while. Main thread.

#pragma once

#include "clock.h"
#include "keystore.h"
#include "publishersettings.h"

#include <QObject>

namespace hearth::host {

class KeySource final : public QObject
{
    Q_OBJECT

public:
    /// `keys` and `clock` must outlive it. `retry`: until a keyring is asked again.
    KeySource(platform::KeyStore &keys, Clock &clock, Duration retry, QObject *parent = nullptr);

    /// From now on the key is where these settings of `configFile` say.
    void use(const publisher::PublisherSettings &settings, const QString &configFile);
    /// A new key may have been stored; changed() follows.
    void lookAgain();

    bool isInKeyring() const { return !m_entry.isEmpty(); }

    /// As PublisherParts want it. Errors: Configuration for a file, NotFound for a keyring, also until it has answered.
    Result<QByteArray> key() const;
    /// Why the keyring has not given the key, as for KeyStore::read(); nothing for a key file, and while the keyring
    /// has not answered.
    std::optional<Error> keyringProblem() const;

Q_SIGNALS:
    /// It is worth asking for the key again, or keyringProblem() is another one.
    void changed();

private:
    void answered(Result<QByteArray> key);

    platform::KeyStore &m_keys;
    const Duration m_retry;
    /// Of which the key is kept by the keyring; empty for a key file.
    QString m_entry;
    QString m_keyFile;
    /// What the keyring has said; nothing before it has.
    std::optional<Result<QByteArray>> m_answer;
    /// Tells the answer that is waited for from earlier ones.
    int m_question = 0;
    Timer m_retryTimer;
};

} // namespace hearth::host
