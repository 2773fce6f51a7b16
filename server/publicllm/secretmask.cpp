#include "secretmask.h"

#include <sodium.h>

#include <algorithm>

namespace hearth::publicllm {

namespace {

/// In bytes.
constexpr qsizetype shortestSecret = 8;

/// How many bytes of a text one character of the secret can take up: `\u0041` in JSON that has twice been put into
/// other JSON, with some room. A longer spelling is no accident, and holding it back must end somewhere.
constexpr qsizetype longestSpelling = 16;

/// A character that no secret has: they are visible ASCII.
constexpr char foreign = '\0';

/// A character and its spelling. A backslash says nothing by itself: it belongs to the character behind it.
struct Spelled
{
    char character = foreign;
    qsizetype size = 1;
    /// The text ends before it is clear what this is.
    bool isCut = false;
};

/// What `text` begins with, which must not be empty.
Spelled spelledFirst(QByteArrayView text)
{
    constexpr QByteArrayView hexDigits("0123456789abcdefABCDEF");
    constexpr qsizetype escapeSize = 6;
    const Spelled plain{.character = text.front()};
    if (text.front() != '\\')
        return plain;
    const QByteArrayView escape = text.first(std::min(text.size(), escapeSize));
    if (escape.size() > 1 && escape[1] != 'u')
        return plain;
    for (qsizetype i = 2; i < escape.size(); ++i) {
        if (!hexDigits.contains(escape[i]))
            return plain;
    }
    if (escape.size() < escapeSize)
        return {.character = '\\', .isCut = true};
    const int code = escape.sliced(2).toByteArray().toInt(nullptr, 16);
    return {.character = code < 0x80 ? static_cast<char>(code) : foreign, .size = escapeSize};
}

QByteArray withoutBackslashes(QByteArrayView secret)
{
    QByteArray characters;
    characters.reserve(secret.size());
    while (!secret.isEmpty()) {
        const Spelled next = spelledFirst(secret);
        if (next.character != '\\')
            characters += next.character;
        secret = secret.sliced(next.size);
    }
    return characters;
}

} // namespace

SecretMask::SecretMask(const Secret &secret)
{
    if (secret.bytes().size() < shortestSecret)
        return;
    m_characters = withoutBackslashes(secret.bytes());
    m_fallback.assign(static_cast<size_t>(m_characters.size()), 0);
    for (qsizetype size = 1; size + 1 < m_characters.size(); ++size) {
        const auto at = static_cast<size_t>(size);
        m_fallback[at + 1] = advanced(m_fallback[at], m_characters[size]);
    }
}

SecretMask::~SecretMask()
{
    if (!m_characters.isEmpty())
        sodium_memzero(m_characters.data(), static_cast<size_t>(m_characters.size()));
}

QByteArrayView SecretMask::pass(QByteArrayView piece)
{
    if (m_characters.isEmpty())
        return piece;
    const QByteArray text = std::exchange(m_held, {}).append(piece);
    m_passed.clear();
    m_held = text.last(mask(text, End::Open, m_passed));
    return m_passed;
}

QByteArray SecretMask::rest()
{
    return masked(std::exchange(m_held, {}));
}

QByteArray SecretMask::masked(QByteArrayView text) const
{
    if (m_characters.isEmpty())
        return text.toByteArray();
    QByteArray result;
    mask(text, End::Final, result);
    return result;
}

qsizetype SecretMask::mask(QByteArrayView text, End end, QByteArray &result) const
{
    const qsizetype length = m_characters.size();
    // Of the last characters, as many as the secret has: where their spelling begins.
    std::vector<qsizetype> begins(static_cast<size_t>(length));
    const auto beginOf = [&](qsizetype index) -> qsizetype & { return begins[static_cast<size_t>(index % length)]; };
    qsizetype count = 0;
    qsizetype matched = 0;
    qsizetype copied = 0;
    qsizetype begin = 0; // of the next character, with the backslashes before it
    for (qsizetype at = 0; at < text.size();) {
        const Spelled next = spelledFirst(text.sliced(at));
        if (next.isCut && end == End::Open)
            break;
        at += next.size;
        if (next.character != '\\') {
            beginOf(count++) = begin;
            begin = at;
            matched = advanced(matched, next.character);
        }
        if (matched == length) {
            result.append(text.sliced(copied, beginOf(count - matched) - copied)).append("[key]");
            copied = at;
            matched = 0;
        } else if (at - (matched > 0 ? beginOf(count - matched) : begin) > length * longestSpelling) {
            begin = at;
            matched = 0;
        }
    }
    const qsizetype open = matched > 0 ? beginOf(count - matched) : begin;
    const qsizetype last = end == End::Open ? open : text.size();
    result.append(text.sliced(copied, last - copied));
    return text.size() - last;
}

qsizetype SecretMask::advanced(qsizetype matched, char next) const
{
    while (matched > 0 && m_characters[matched] != next)
        matched = m_fallback[static_cast<size_t>(matched)];
    return m_characters[matched] == next ? matched + 1 : 0;
}

} // namespace hearth::publicllm
