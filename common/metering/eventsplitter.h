// EventSplitter: tells where the events of a stream of server-sent events end, byte by byte.
//
// For who forwards the bytes of events as they are. Lines end in LF, CR LF or CR, and a blank line ends an event
// (WHATWG HTML section 9.2). A comment in front of an event's fields is an event of its own here, so that nobody waits
// for what comes behind it; so is a blank line that ends nothing. A plain value.

#pragma once

#include <QByteArrayView>

namespace hearth::metering {

class EventSplitter
{
public:
    enum class Place {
        /// The event goes on behind these bytes.
        Inside,
        /// The event ends with these bytes.
        End,
        /// A line feed that belongs to the event before: its last CR was one half of a CR LF.
        BehindEnd,
    };

    struct Part
    {
        qsizetype length = 0;
        Place place = Place::Inside;
    };

    /// How much at the front of `piece`, which is not empty, belongs to the same event.
    Part next(QByteArrayView piece);

private:
    bool m_isEventStart = true;
    bool m_isLineStart = true;
    bool m_isComment = false;
    /// The last byte was a CR.
    bool m_afterReturn = false;
};

} // namespace hearth::metering
