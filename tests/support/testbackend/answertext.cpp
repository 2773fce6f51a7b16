#include "answertext.h"

#include <array>

namespace hearth::testbackend {

namespace {

/// Longer prompts are repeated up to here.
constexpr qsizetype maxEchoedBytes = 16 * 1024;

constexpr std::array<const char *, 16> vocabulary = {"amber", "birch",  "coal", "draught", "ember", "flame",
                                                     "grate", "hearth", "iron", "kettle",  "log",   "mantel",
                                                     "oak",   "poker",  "soot", "warmth"};
constexpr QByteArrayView fillerPattern("The fire is lit and the kettle sings. ");

} // namespace

AnswerText AnswerText::echo(QByteArrayView prompt, qint64 count)
{
    AnswerText text;
    text.m_pieces = count;
    text.m_words = {"You", "said:"};
    const QByteArray words = prompt.first(std::min(prompt.size(), maxEchoedBytes)).toByteArray().simplified();
    // A cut in the middle of a character would not be UTF-8 any more, so the last word of a long prompt is left out.
    const bool shortened = prompt.size() > maxEchoedBytes;
    const QByteArray echoed = shortened ? words.left(words.lastIndexOf(' ')) : words;
    if (!echoed.isEmpty())
        text.m_words += echoed.split(' ');
    for (const char c : echoed)
        text.m_offset = (text.m_offset * 31 + static_cast<uchar>(c)) % 65'521;
    return text;
}

AnswerText AnswerText::filler(qint64 bytes, qint64 pieces)
{
    AnswerText text;
    text.m_pieces = pieces;
    text.m_bytes = bytes;
    return text;
}

QByteArray AnswerText::piece(qint64 index) const
{
    if (m_bytes >= 0) {
        const qint64 begin = m_bytes * index / m_pieces;
        const qint64 end = m_bytes * (index + 1) / m_pieces;
        const qint64 phase = begin % fillerPattern.size();
        return fillerPattern.toByteArray().repeated((end - begin) / fillerPattern.size() + 2).mid(phase, end - begin);
    }
    const QByteArray word = index < m_words.size()
                                ? m_words[index]
                                : QByteArray(vocabulary[static_cast<size_t>(m_offset + index) % vocabulary.size()]);
    return index == 0 ? word : QByteArray(' ' + word);
}

QByteArray AnswerText::whole() const
{
    QByteArray text;
    for (qint64 index = 0; index < m_pieces; ++index)
        text += piece(index);
    return text;
}

} // namespace hearth::testbackend
