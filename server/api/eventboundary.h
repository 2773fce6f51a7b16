// EventBoundary: watches the end of an event stream, to know whether the last event is complete.
//
// Used by whoever may have to end a stream in the middle with an event of its own. A plain value.

#pragma once

#include <QByteArrayView>

namespace hearth::api {

class EventBoundary
{
public:
    void append(QByteArrayView piece);

    /// True at the start and behind a blank line.
    bool atBoundary() const { return m_lineEnds == endsOfAnEvent; }

private:
    /// A line's own end and a blank line's. CR LF, LF and CR each end a line (WHATWG HTML section 9.2.5).
    static constexpr int endsOfAnEvent = 2;

    /// Line ends since the last other character, as far as they matter.
    int m_lineEnds = endsOfAnEvent;
    /// The last character was a CR, whose LF may be yet to come.
    bool m_afterReturn = false;
};

} // namespace hearth::api
