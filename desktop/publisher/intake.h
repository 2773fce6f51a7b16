// Intake: whether a publisher takes new requests, as its owner wants it. A plain value.
//
// Whatever it is, requests that run are finished and the channel stays: the server keeps the Llms and tells callers the
// reason (DESIGN section 3: `paused`, `draining`).

#pragma once

namespace hearth::publisher {

enum class Intake {
    /// The state of each backend decides.
    Open,
    /// Nothing new. An Llm with running requests is reported draining, and paused once it has none.
    Draining,
    /// Nothing new. Every Llm is reported paused at once.
    Paused,
};

} // namespace hearth::publisher
