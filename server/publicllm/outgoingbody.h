// OutgoingBody: a request body on its way to a backend, handed out in portions.
//
// A body that passes through is sent from where it lies, with the backend's name for the model in its place, so that a
// large one is not copied as a whole. A plain value.

#pragma once

#include "inferrequest.h"

#include <algorithm>
#include <array>

namespace hearth::publicllm {

class OutgoingBody
{
public:
    OutgoingBody() = default;

    explicit OutgoingBody(relay::RequestBody::Pieces pieces)
        : m_pieces(std::move(pieces))
        , m_size(m_pieces.size())
    {}

    explicit OutgoingBody(QByteArray body)
        : m_pieces{.original = {}, .before = {}, .model = std::move(body), .after = {}}
        , m_size(m_pieces.size())
    {}

    qint64 size() const { return m_size; }

    /// The next bytes, at most `limit` of them; empty at the end.
    QByteArray take(qsizetype limit)
    {
        QByteArray portion;
        portion.reserve(std::min<qsizetype>(limit, m_size - m_taken));
        qsizetype start = m_taken;
        for (const QByteArrayView part : {m_pieces.before, QByteArrayView(m_pieces.model), m_pieces.after}) {
            if (start < part.size()) {
                portion.append(part.sliced(start, std::min(part.size() - start, limit - portion.size())));
                start = 0;
            } else {
                start -= part.size();
            }
        }
        m_taken += portion.size();
        return portion;
    }

private:
    relay::RequestBody::Pieces m_pieces;
    qint64 m_size = 0;
    qsizetype m_taken = 0;
};

} // namespace hearth::publicllm
