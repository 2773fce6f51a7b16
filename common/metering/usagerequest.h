// How a backend is asked for the usage of a stream whose client did not ask.
//
// The api finds the places when it scans a body; the relay carries the edit out for each Llm that takes it. Only the
// few bytes of the edit change; everything else of the body stays as it came. Pure functions.

#pragma once

#include "objectscan.h"

#include <QByteArray>

#include <optional>

namespace hearth::metering {

/// One edit of a body: `text` in place of `place`, which may be empty.
struct BodyEdit
{
    json::Span place;
    QByteArray text;

    friend bool operator==(const BodyEdit &, const BodyEdit &) = default;
};

/// What has to change in `body`, a streamed chat or text completion, for its answer to end with its usage; nothing when
/// the client asks for it itself. Whatever else it says of `include_usage` becomes true, so that nobody goes uncounted.
/// `options` is the place of `stream_options`, `firstMember` that behind the brace; there is always a member behind it:
/// the one that asks for the stream. Error: InvalidRequest for options that are no object, or none that can be edited.
Result<std::optional<BodyEdit>> usageRequest(const QByteArray &body, const std::optional<json::Span> &options,
                                             qsizetype firstMember);

/// The same for a body that has no options.
BodyEdit usageRequest(qsizetype firstMember);

} // namespace hearth::metering
