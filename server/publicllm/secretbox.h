// SecretBox: seals what must not lie in the database in the clear, such as the API keys of public Llms.
//
// HearthServer makes one and loads the server's secret once, at its start, from a file that only the server's user can
// read; a copy of the database alone is worth nothing then. Sealing is libsodium's crypto_secretbox (XSalsa20 and
// Poly1305): the nonce, random each time, stands in front of the ciphertext. Main thread only.

#pragma once

#include "result.h"
#include "secret.h"

#include <memory>

namespace hearth::publicllm {

class SecretBox
{
public:
    /// Reads the secret from the file at `path`, which is made at the first time, its folder too, readable for its
    /// owner alone. Errors: Configuration when the file cannot be read or made, holds no secret, or others may read or
    /// write it.
    Result<void> load(const QString &path);

    /// Before load() has succeeded this is a programmer error, as is open().
    QByteArray seal(QByteArrayView text) const;
    /// Errors: Configuration when `sealed` was made with another secret, or has been changed.
    Result<Secret> open(QByteArrayView sealed) const;

private:
    struct Wiped
    {
        void operator()(unsigned char *key) const;
    };

    /// Locked in memory where the system allows it, and wiped at the end.
    std::unique_ptr<unsigned char, Wiped> m_key;
};

} // namespace hearth::publicllm
