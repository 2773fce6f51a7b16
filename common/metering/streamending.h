// StreamEnding: whether an event stream has told its end, or a failure.
//
// A backend that breaks down in mid-answer may close its connection in good order all the same, so only the events tell
// whether a stream is complete. EventMeter owns one and shows it every event but comments. Nearly all events are only
// searched for a few words, not parsed. A plain value.

#pragma once

#include "operation.h"

#include <QByteArrayView>

namespace hearth::metering {

class StreamEnding
{
public:
    explicit StreamEnding(Operation operation);

    /// An event from its first byte to its last.
    void take(QByteArrayView event);
    /// The beginning of an event that is too long to be looked at. What it would have told is assumed to be good.
    void takeBeginning(QByteArrayView event);

    /// Chat and text completions end with `[DONE]` or have a reason to finish, Responses and Messages have an event for
    /// it. Other operations have no streams whose end is known.
    bool hasEnded() const { return m_hasEnded; }

    /// There was an error among the events.
    bool hasFailed() const { return m_hasFailed; }

private:
    /// How the end is told.
    enum class Dialect { None, Chunks, Responses, Messages };

    static Dialect dialectOf(Operation operation);
    void takeChunk(QByteArrayView event);
    void takeName(QByteArrayView name);

    Dialect m_dialect;
    bool m_hasEnded;
    bool m_hasFailed = false;
};

} // namespace hearth::metering
