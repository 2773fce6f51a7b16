// What a client is told while it waits for an Llm that is being woken.
//
// Used by the InferHandler. Pure functions.

#pragma once

#include "modelroute.h"
#include "waker.h"

namespace hearth::api {

/// A line of an event stream that says how far the wake is, and that clients of this dialect skip.
QByteArray wakeNotice(const QString &llm, const relay::WakeStatus &wake, StreamDialect dialect);

/// The same for a request that waits in the queue of `llm`, with nothing to say but that it does.
QByteArray waitNotice(const QString &llm, StreamDialect dialect);

/// The answer to a client that was held for as long as may be, with the time after which it should come back.
Error heldTooLong(const QString &llm, const relay::WakeStatus &wake);

} // namespace hearth::api
