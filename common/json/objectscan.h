// ObjectScan: where the interesting members of a JSON object are, without building a tree.
//
// The relay forwards request bodies byte for byte. It needs to read a few top-level members and to replace the value of
// one; this finds their places in the text. Pure functions, safe on any thread; large bodies are scanned off the main
// thread, and for as long as the scan runs they take about six times their size.
//
// Nested values are only skipped by their brackets: they are the backend's affair. Two things are checked in the whole
// text all the same, because without them nobody can tell where a string ends: that it is UTF-8, and that its strings
// are closed and free of unescaped control characters.

#pragma once

#include "result.h"

#include <QByteArray>

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace hearth::json {

/// A piece of the scanned text, in bytes.
struct Span
{
    qsizetype offset = 0;
    qsizetype length = 0;

    friend bool operator==(const Span &, const Span &) = default;
};

struct ObjectScan
{
    /// The value of each watched key, in the order of the keys; nothing where the object has no such member.
    std::vector<std::optional<Span>> values;
    /// Just behind the opening brace: where another member can be inserted.
    qsizetype firstMember = 0;
    /// No member at all, so an inserted one takes no comma.
    bool empty = true;
};

/// How names of members are compared.
enum class KeyCase {
    Exact,
    /// `Messages` is `messages`, as it is for many backends.
    Folded,
};

/// Finds the top-level members of the object in `text` whose names are in `keys`. Names are compared unescaped:
/// `mod\u0065l` is `model`.
///
/// Errors: InvalidJson when the text is not exactly one object, is not UTF-8, or is broken at the top level;
/// InvalidRequest when one of `keys` occurs twice. Numbers may have any size, and surrogates may stand alone: RFC 8259
/// allows both, whatever a backend makes of them.
Result<ObjectScan> scanObject(const QByteArray &text, std::span<const QByteArrayView> keys,
                              KeyCase keyCase = KeyCase::Exact);

/// The content of the JSON string literal `literal`, quotation marks included, or nothing when it is not a valid one.
std::optional<QString> decodeString(QByteArrayView literal);

} // namespace hearth::json
