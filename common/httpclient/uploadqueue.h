// UploadQueue: the pieces of a request body on their way from Transfer::send() to libcurl.
//
// Used by CurlExchange alone. It knows how much of the announced size has been given and never hands out more.

#pragma once

#include <QByteArray>
#include <QList>

#include <algorithm>
#include <cstring>

namespace hearth::httpclient {

class UploadQueue
{
public:
    /// Empties the queue and expects `size` bytes in all.
    void reset(qint64 size)
    {
        m_pieces.clear();
        m_offset = 0;
        m_awaited = size;
    }

    /// Returns whether the piece fits into what is still awaited; one that does not is dropped.
    [[nodiscard]] bool append(QByteArray piece)
    {
        if (piece.size() > m_awaited)
            return false;
        m_awaited -= piece.size();
        if (!piece.isEmpty())
            m_pieces.append(std::move(piece));
        return true;
    }

    /// Whether everything that was given has been taken.
    bool isEmpty() const { return m_pieces.isEmpty(); }

    /// How many bytes of the body have not been given yet.
    qint64 awaited() const { return m_awaited; }

    /// The whole body, if it has been given in one piece of less than `limit` bytes and none of it has been taken.
    const QByteArray *whole(qsizetype limit) const
    {
        static const QByteArray empty("");
        if (m_awaited > 0 || m_pieces.size() > 1 || m_offset > 0)
            return nullptr;
        if (m_pieces.isEmpty())
            return &empty;
        return m_pieces.first().size() < limit ? &m_pieces.first() : nullptr;
    }

    /// Moves up to `capacity` bytes to `target` and returns how many.
    size_t take(char *target, size_t capacity)
    {
        size_t taken = 0;
        while (taken < capacity && !m_pieces.isEmpty()) {
            const QByteArray &piece = m_pieces.first();
            const size_t count = std::min(capacity - taken, static_cast<size_t>(piece.size() - m_offset));
            std::memcpy(target + taken, piece.constData() + m_offset, count);
            taken += count;
            m_offset += static_cast<qsizetype>(count);
            if (m_offset == piece.size()) {
                m_pieces.removeFirst();
                m_offset = 0;
            }
        }
        return taken;
    }

private:
    QList<QByteArray> m_pieces;
    qsizetype m_offset = 0;
    qint64 m_awaited = 0;
};

} // namespace hearth::httpclient
