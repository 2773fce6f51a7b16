// The spelling of a PublisherSnapshot between programs: one JSON object on one line.
//
// For StatusServer and StatusClient. The two programs may be of different versions: a field that the reader does not
// know is passed over, and one that is missing keeps its default. Pure functions.

#pragma once

#include "publishersnapshot.h"

namespace hearth::status {

/// Without the line's end.
QByteArray encodeSnapshot(const PublisherSnapshot &snapshot);

/// Errors: ProtocolViolation for what is no JSON object, and for a field that holds something else than it should.
Result<PublisherSnapshot> decodeSnapshot(const QByteArray &line);

} // namespace hearth::status
