// What a client is told while its request waits: for an Llm that is being woken, or for its turn.
//
// Used by the handlers of model requests and of chats. Pure functions.

#pragma once

#include "modelroute.h"
#include "waitstatus.h"

namespace hearth::api {

/// A line of an event stream that says how far the wake is or how many come first, and that clients of this dialect
/// skip.
QByteArray waitNotice(const relay::WaitStatus &wait, StreamDialect dialect);

/// The answer to a client that was held for as long as may be, with the time after which it should come back.
Error heldTooLong(const relay::WakeStatus &wake);

} // namespace hearth::api
