// SecretMask: keeps a secret out of a stream of bytes.
//
// A backend that refuses a key may quote it, and its answer goes to clients who must not know it. One mask for each
// answer; what is cut between two pieces is found as well. Main thread only.

#pragma once

#include "secret.h"

namespace hearth::publicllm {

class SecretMask
{
public:
    /// Masks nothing for a secret that is too short to be one: people write `none` or `ollama` where a key is wanted,
    /// and these words must not vanish from answers.
    explicit SecretMask(const Secret &secret);
    ~SecretMask();
    SecretMask(const SecretMask &) = delete;
    SecretMask &operator=(const SecretMask &) = delete;

    /// What may be passed on. An end that the secret could begin with is held back. Valid until the next call, and as
    /// long as `piece`.
    QByteArrayView pass(QByteArrayView piece);
    /// What was held back at the end of the stream.
    QByteArray rest();
    /// A text that is complete.
    QByteArray masked(QByteArray text) const;

private:
    /// How many bytes at the end of `text` are the beginning of the secret.
    qsizetype begunAtEnd(QByteArrayView text) const;

    QByteArray m_secret;
    QByteArray m_held;
    QByteArray m_passed;
};

} // namespace hearth::publicllm
