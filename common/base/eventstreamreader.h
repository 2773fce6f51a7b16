// EventStreamReader: takes a stream of server-sent events apart, piece by piece.
//
// For whoever reads the events of a backend's answer. It knows the lines and fields of the format (WHATWG HTML, section
// 9.2) and hands out the data of each event; names, ids and comments are passed over, because in what is read here the
// data says all. A plain value.

#pragma once

#include <QByteArray>

#include <functional>

namespace hearth {

class EventStreamReader
{
public:
    /// An event may have at most `maxEvent` bytes.
    explicit EventStreamReader(qsizetype maxEvent)
        : m_maxEvent(maxEvent)
    {}

    /// Calls `event` with the data of each event that `piece` completes, until it returns false. At the end of a
    /// stream, two line feeds complete an event that lacks its blank line. False when `event` has returned false, or
    /// when an event is too long; nothing more may be fed then.
    [[nodiscard]] bool feed(QByteArrayView piece, const std::function<bool(const QByteArray &data)> &event);

private:
    /// The line that m_line holds is complete.
    bool endLine(const std::function<bool(const QByteArray &data)> &event);

    qsizetype m_maxEvent;
    QByteArray m_line;
    QByteArray m_data;
    bool m_hasData = false;
    /// A CR has ended the last line; a LF that follows belongs to it.
    bool m_afterReturn = false;
};

} // namespace hearth
