// EventStreamReader: takes a stream of server-sent events apart, piece by piece.
//
// Used by MessagesStream. It knows the lines and fields of the format (WHATWG HTML, section 9.2) and hands out the data
// of each event; names, ids and comments are passed over, because the Messages API repeats an event's name in its data.
// A plain value.

#pragma once

#include <QByteArray>

#include <functional>

namespace hearth::publicllm {

class EventStreamReader
{
public:
    /// An event may have at most `maxEvent` bytes.
    explicit EventStreamReader(qsizetype maxEvent)
        : m_maxEvent(maxEvent)
    {}

    /// Calls `event` with the data of each event that `piece` completes, until it returns false. False when that
    /// happened, or when an event is too long; nothing more may be fed then.
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

} // namespace hearth::publicllm
