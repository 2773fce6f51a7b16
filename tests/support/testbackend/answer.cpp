#include "answer.h"

#include <algorithm>

namespace hearth::testbackend {

namespace {

constexpr qint64 maxPieceBytes = 64 * 1024;

} // namespace

Answer wholeAnswer(int status, const QByteArray &body, const QByteArray &contentType)
{
    const qint64 size = body.size();
    const qint64 pieceBytes = std::clamp<qint64>((size + 1) / 2, 1, maxPieceBytes);
    Answer answer;
    answer.status = status;
    answer.fields.append("content-type", contentType);
    answer.length = size;
    answer.pieces.count = (size + pieceBytes - 1) / pieceBytes;
    answer.pieces.piece = [body, pieceBytes](qint64 index) { return body.mid(index * pieceBytes, pieceBytes); };
    return answer;
}

Answer streamAnswer(const QByteArrayList &before, const Pieces &middle, const QByteArrayList &after)
{
    Answer answer;
    answer.fields.append("content-type", "text/event-stream");
    answer.fields.append("cache-control", "no-cache");
    answer.pieces.count = before.size() + middle.count + after.size();
    answer.pieces.piece = [before, middle, after](qint64 index) {
        if (index < before.size())
            return before[index];
        const qint64 inMiddle = index - before.size();
        return inMiddle < middle.count ? middle.piece(inMiddle) : after[inMiddle - middle.count];
    };
    return answer;
}

Answer withTruncatedJson(const Answer &answer)
{
    Answer truncated = answer;
    if (!answer.isStream()) {
        truncated.pieces.count = std::min<qint64>(answer.pieces.count, 1);
        truncated.length = truncated.pieces.count > 0 ? answer.pieces.piece(0).size() : 0;
        return truncated;
    }
    truncated.pieces.piece = [piece = answer.pieces.piece](qint64 index) -> QByteArray {
        const QByteArray event = piece(index);
        return index == 1 ? QByteArray(event.first(event.size() / 2) + "\n\n") : event;
    };
    return truncated;
}

QByteArray dataEvent(QByteArrayView json)
{
    QByteArray event("data: ");
    event += json;
    event += "\n\n";
    return event;
}

QByteArray namedEvent(QByteArrayView type, QByteArrayView json)
{
    QByteArray event("event: ");
    event += type;
    event += '\n';
    return event += dataEvent(json);
}

} // namespace hearth::testbackend
