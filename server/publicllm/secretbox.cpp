#include "secretbox.h"

#include "secretfile.h"

#include <sodium.h>

#include <cstring>

namespace hearth::publicllm {

namespace {

static_assert(secretSize == crypto_secretbox_KEYBYTES);

constexpr qsizetype nonceSize = crypto_secretbox_NONCEBYTES;
constexpr qsizetype overhead = nonceSize + crypto_secretbox_MACBYTES;

unsigned char *bytes(QByteArray &array)
{
    return reinterpret_cast<unsigned char *>(array.data());
}

const unsigned char *bytes(QByteArrayView view)
{
    return reinterpret_cast<const unsigned char *>(view.data());
}

} // namespace

void SecretBox::Wiped::operator()(unsigned char *key) const
{
    sodium_free(key);
}

Result<void> SecretBox::load(const QString &path)
{
    if (sodium_init() < 0)
        return Error{ErrorCode::Configuration, QStringLiteral("libsodium finds no source of random numbers.")};
    const Result<Secret> secret = loadSecretFile(path);
    if (!secret)
        return secret.error();
    m_key.reset(static_cast<unsigned char *>(sodium_malloc(crypto_secretbox_KEYBYTES)));
    Q_CHECK_PTR(m_key.get());
    std::memcpy(m_key.get(), secret.value().bytes().constData(), crypto_secretbox_KEYBYTES);
    return {};
}

QByteArray SecretBox::seal(QByteArrayView text) const
{
    Q_ASSERT(m_key);
    QByteArray sealed(overhead + text.size(), Qt::Uninitialized);
    unsigned char *const nonce = bytes(sealed);
    randombytes_buf(nonce, nonceSize);
    crypto_secretbox_easy(nonce + nonceSize, bytes(text), static_cast<unsigned long long>(text.size()), nonce,
                          m_key.get());
    return sealed;
}

Result<Secret> SecretBox::open(QByteArrayView sealed) const
{
    Q_ASSERT(m_key);
    const Error failure{ErrorCode::Configuration,
                        QStringLiteral("What was sealed does not open with this server's secret.")};
    if (sealed.size() < overhead)
        return failure;
    QByteArray text(sealed.size() - overhead, Qt::Uninitialized);
    const QByteArrayView ciphertext = sealed.sliced(nonceSize);
    if (crypto_secretbox_open_easy(bytes(text), bytes(ciphertext), static_cast<unsigned long long>(ciphertext.size()),
                                   bytes(sealed), m_key.get()) != 0)
        return failure;
    return Secret(std::move(text));
}

} // namespace hearth::publicllm
