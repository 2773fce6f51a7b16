// What the relay has to know of the body of a model request, by the places of its members.
//
// The InferHandler asks, with a scan for watchedKeys. Pure functions.

#pragma once

#include "apikey.h"
#include "inferrequest.h"
#include "objectscan.h"

namespace hearth::api {

/// The body with the place of its model, or with one for it. `asksForUsage`: a backend may be asked for the usage of
/// the answer where the client does not ask itself. Error: InvalidRequest for options of the stream that cannot be
/// read.
Result<relay::RequestBody> modelBody(QByteArray body, const json::ObjectScan &scan, bool asksForUsage);

/// By what the conversation is recognised that this request of `key` goes on with; nothing when that cannot be told.
std::optional<quint64> conversationIn(const QByteArray &body, const json::ObjectScan &scan, const ApiKeyId &key);

} // namespace hearth::api
