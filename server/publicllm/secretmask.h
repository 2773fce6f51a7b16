// SecretMask: keeps a secret out of a stream of bytes.
//
// A backend that refuses a key may quote it, and its answer goes to clients who must not know it. Most answers are
// JSON, which has several spellings for one character and is put into other JSON again, so the secret is found however
// it is escaped (RFC 8259 section 7), also when it is cut between two pieces. The time is linear in the text, and what
// is held back is bounded by the secret's length. One mask for each answer. Main thread only.

#pragma once

#include "secret.h"

#include <vector>

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

    /// What may be passed on. An end that the secret could begin with is held back. Valid until the next call.
    QByteArrayView pass(QByteArrayView piece);
    /// What was held back at the end of the stream.
    QByteArray rest();
    /// A text that is complete.
    QByteArray masked(QByteArrayView text) const;

private:
    enum class End { Open, Final };

    /// Appends `text` to `result`, without the secret, and returns how many bytes of its end are left out because the
    /// secret could begin there; none at the final end.
    qsizetype mask(QByteArrayView text, End end, QByteArray &result) const;
    /// How many of the secret's first characters match once `next` has come behind the `matched` ones that do now.
    qsizetype advanced(qsizetype matched, char next) const;

    /// The secret without its backslashes; empty where nothing is masked.
    QByteArray m_characters;
    /// For each number of matched characters: how many still match when the next one does not (Knuth, Morris, Pratt).
    std::vector<qsizetype> m_fallback;
    QByteArray m_held;
    QByteArray m_passed;
};

} // namespace hearth::publicllm
