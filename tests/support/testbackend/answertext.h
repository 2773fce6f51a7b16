// AnswerText: the text of an answer, in the pieces in which a stream carries it.
//
// Pieces are made when they are asked for, so a long stream costs no memory. A plain value, cheap to copy.

#pragma once

#include <QByteArrayList>

namespace hearth::testbackend {

class AnswerText
{
public:
    AnswerText() = default;

    /// `count` words, one a piece: the prompt is repeated, then filler follows that depends on the prompt.
    static AnswerText echo(QByteArrayView prompt, qint64 count);
    /// `bytes` bytes of filler in `pieces` pieces that differ by one byte at most. Pieces may be empty.
    static AnswerText filler(qint64 bytes, qint64 pieces);

    qint64 pieceCount() const { return m_pieces; }

    /// `index` is below pieceCount().
    QByteArray piece(qint64 index) const;
    QByteArray whole() const;

private:
    /// The words of an echo, as far as they come from the prompt.
    QByteArrayList m_words;
    qint64 m_pieces = 0;
    /// Of a filler text; none for an echo.
    qint64 m_bytes = -1;
    /// Where in the vocabulary the filler of an echo begins.
    qint64 m_offset = 0;
};

} // namespace hearth::testbackend
