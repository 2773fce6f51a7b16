// AnswerEvents: takes an event stream apart, however it was cut on its way (WHATWG HTML section 9.2).
//
// ChatAnswer feeds it the pieces of a backend's answer and gets the data of each event. Names, ids and comments are of
// no interest here and are skipped. A plain value.

#pragma once

#include <QByteArray>
#include <QByteArrayList>

namespace hearth::chat {

class AnswerEvents
{
public:
    /// `maxEvent` is the longest event, in bytes.
    explicit AnswerEvents(qint64 maxEvent)
        : m_maxEvent(maxEvent)
    {}

    /// The data of the events that are complete with this piece.
    QByteArrayList append(QByteArrayView piece);
    /// The data of an event that the end of the stream has left without its blank line; null when there is none.
    QByteArray takeRest();

    /// An event is longer than it may be; nothing that follows is read.
    bool isTooLong() const { return m_tooLong; }

private:
    void endLine(QByteArrayList &events);

    qint64 m_maxEvent;
    /// The line that has begun.
    QByteArray m_line;
    /// The data lines of the event that has begun, each with a line feed behind it.
    QByteArray m_data;
    /// The last character was a CR, whose LF may be yet to come.
    bool m_afterReturn = false;
    bool m_tooLong = false;
};

} // namespace hearth::chat
