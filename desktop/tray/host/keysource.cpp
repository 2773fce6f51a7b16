#include "keysource.h"

#include "keyfile.h"

#include <QPointer>

namespace hearth::host {

KeySource::KeySource(platform::KeyStore &keys, Clock &clock, Duration retry, QObject *parent)
    : QObject(parent)
    , m_keys(keys)
    , m_retry(retry)
    , m_retryTimer(clock, [this] { lookAgain(); })
{}

void KeySource::use(const publisher::PublisherSettings &settings, const QString &configFile)
{
    const bool inKeyring = settings.keyStore == publisher::KeyStore::Keyring;
    m_entry = inKeyring ? platform::keyEntry(configFile) : QString();
    m_keyFile = settings.keyFile;
    m_answer.reset();
    lookAgain();
}

void KeySource::lookAgain()
{
    const int question = ++m_question;
    m_retryTimer.stop();
    if (m_entry.isEmpty()) {
        Q_EMIT changed();
        return;
    }
    m_keys.read(m_entry, [self = QPointer(this), question](Result<QByteArray> key) {
        if (self && self->m_question == question)
            self->answered(std::move(key));
    });
}

void KeySource::answered(Result<QByteArray> key)
{
    if (!key)
        m_retryTimer.start(m_retry);
    m_answer = std::move(key);
    Q_EMIT changed();
}

Result<QByteArray> KeySource::key() const
{
    if (m_entry.isEmpty())
        return publisher::readPublisherKey(m_keyFile);
    if (!m_answer)
        return Error{ErrorCode::NotFound, QStringLiteral("The keyring has not given the API key yet.")};
    if (!*m_answer)
        return Error{ErrorCode::NotFound, m_answer->error().message};
    return *m_answer;
}

std::optional<Error> KeySource::keyringProblem() const
{
    if (!m_answer || m_answer->ok())
        return std::nullopt;
    return m_answer->error();
}

} // namespace hearth::host
