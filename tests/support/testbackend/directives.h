// Directives: how an answer of the test backend is to be slowed, shaped or broken.
//
// They come from the command line, and per request from the header `x-test`, the query parameter `x_test` and the body
// field `x_test`, each overriding the one before it. Header and query hold text such as `delay=200;cut=3`, the field
// such a text or an object such as `{"delay":200,"cut":3}`. Names are compared without case, hyphens and underscores,
// so `retry-after` and `retryAfter` are the same. Unknown names are errors, for a test that misspells one would test
// nothing. Plain values without thread affinity.

#pragma once

#include "clock.h"
#include "result.h"

#include <QByteArray>

#include <optional>

class QJsonObject;

namespace hearth::testbackend {

/// How an answer breaks HTTP or its own format.
enum class Malformed {
    /// A chunk size that is no number, after the first piece of the body; then the connection closes.
    Chunk,
    /// Garbage where the status line belongs; then the connection closes.
    Head,
    /// A Content-Length larger than the body; then the connection closes.
    Length,
    /// Correct HTTP with status 200 around JSON that ends too early.
    Json,
    /// A header value with control characters.
    Headers,
};

struct Directives
{
    /// `delay`, milliseconds: waits before the head.
    Duration delay = Duration::zero();
    /// `status`, 200 to 599: anything from 300 upward is answered with an error body in the route's shape.
    std::optional<int> status;
    /// `cut`: closes the connection after so many events; 0 closes it unanswered. A whole body counts as two events or
    /// more and is always cut before its end.
    std::optional<qint64> cut;
    /// `hang`: never answers.
    bool hang = false;
    /// `hangAfter`: falls silent after so many events, counted as for `cut`; 0 sends the head alone.
    std::optional<qint64> hangAfter;
    /// `malformed`: `chunk`, `head`, `length`, `json` or `headers`.
    std::optional<Malformed> malformed;
    /// `rate`: events per second; 0 is as fast as the client reads.
    std::optional<qint64> rate;
    /// `tokens`: of the answer, in words.
    std::optional<qint64> tokens;
    /// `bytes`: length of the answer's text. Streamed in `tokens` pieces, or in pieces of 1 KiB where that is not set.
    std::optional<qint64> bytes;
    /// `retryAfter`, seconds: the value of `Retry-After`.
    std::optional<qint64> retryAfter;
    /// `body`: replaces the body of the answer as it is.
    std::optional<QByteArray> body;
};

/// Sets one directive from its text form. Fails with ErrorCode::InvalidRequest on unknown names and bad values.
Result<void> setDirective(Directives &directives, QByteArrayView name, QByteArrayView value);

/// Sets what a text such as `delay=200;hang;body={…}` names; `body` takes the rest of the text.
Result<void> setDirectives(Directives &directives, QByteArrayView text);

/// Sets what an object such as `{"delay":200,"hang":true}` names.
Result<void> setDirectives(Directives &directives, const QJsonObject &object);

} // namespace hearth::testbackend
