// EventMeter: reads the usage out of an event stream, and takes the chunks out that tell nothing else.
//
// It holds back an event until it has come whole, unless it is a comment or too long for a usage chunk. Events without
// the word are only searched for it, not parsed. AnswerMeter owns one for each streamed answer. A plain value.

#pragma once

#include "eventsplitter.h"
#include "operation.h"
#include "streamending.h"
#include "usageskimmer.h"

#include <functional>

namespace hearth::metering {

class EventMeter
{
public:
    using Forward = std::function<void(QByteArrayView)>;

    /// The longest event that is held back. A longer one passes, and its usage is found all the same.
    static constexpr qsizetype maxEvent = 16 * 1024;

    /// With `removes`, the chunks of a chat or text completion that tell nothing but the usage are taken out.
    EventMeter(Operation operation, bool removes);

    /// Hands on what may pass; returns how many bytes were taken out.
    qint64 take(QByteArrayView piece, const Forward &forward);
    /// Hands on what was held back, or takes it out when it lacks nothing but its blank line; returns how many bytes
    /// were taken out.
    qint64 finish(const Forward &forward);

    const UsageTally &tally() const { return m_tally; }

    const StreamEnding &ending() const { return m_ending; }

    /// How many have come, comments left out.
    qint64 events() const { return m_events; }

private:
    enum class Fate { Pass, Hold, Remove };

    /// What is done with the event that is coming.
    enum class Handling {
        /// Held back until it has come whole.
        Gather,
        /// A comment: it passes.
        Pass,
        /// Too long: it passes, and its usage is looked for in passing.
        Skim,
    };

    Fate fateOf(QByteArrayView bytes, EventSplitter::Place place);
    void chooseHandling(QByteArrayView bytes);
    Fate fateOfWhole(QByteArrayView event);
    /// False for an event without any.
    bool readUsage(QByteArrayView event);
    void release(const Forward &forward);

    /// The member of an event's data that holds the object with the usage; empty where the data holds it itself.
    QByteArrayView m_wrapper;
    bool m_removes;
    EventSplitter m_splitter;
    Handling m_handling = Handling::Gather;
    QByteArray m_held;
    UsageSkimmer m_skimmer;
    /// Of the event that ended last.
    Fate m_lastFate = Fate::Pass;
    UsageTally m_tally;
    StreamEnding m_ending;
    qint64 m_events = 0;
};

} // namespace hearth::metering
