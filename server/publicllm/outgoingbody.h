// OutgoingBody: a request body on its way to a backend, handed out in portions.
//
// A body that passes through is sent from where it lies, with what is put into it in its place, so that a large one is
// not copied as a whole. A plain value.

#pragma once

#include "inferrequest.h"

#include <algorithm>

namespace hearth::publicllm {

class OutgoingBody
{
public:
    OutgoingBody() = default;

    explicit OutgoingBody(relay::BodyPieces pieces)
        : m_pieces(std::move(pieces))
    {}

    explicit OutgoingBody(const QByteArray &body)
        : m_pieces(body)
    {}

    qint64 size() const { return m_pieces.size(); }

    /// The next bytes, at most `limit` of them; empty at the end.
    QByteArray take(qsizetype limit)
    {
        QByteArray portion;
        portion.reserve(std::min<qsizetype>(limit, size() - m_taken));
        qsizetype start = m_taken;
        for (const relay::BodyPieces::Piece &piece : m_pieces) {
            const QByteArrayView rest = piece.bytes.sliced(std::min(start, piece.bytes.size()));
            portion.append(rest.first(std::min(rest.size(), limit - portion.size())));
            start = std::max(start - piece.bytes.size(), qsizetype(0));
        }
        m_taken += portion.size();
        return portion;
    }

private:
    relay::BodyPieces m_pieces;
    qsizetype m_taken = 0;
};

} // namespace hearth::publicllm
