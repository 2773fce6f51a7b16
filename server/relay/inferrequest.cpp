#include "inferrequest.h"

#include "jsonwriter.h"

namespace hearth::relay {

void BodyPieces::append(const QByteArray &source, QByteArrayView bytes)
{
    if (bytes.isEmpty())
        return;
    m_pieces.append({source, bytes});
    m_size += bytes.size();
}

QByteArray BodyPieces::joined() const
{
    QByteArray whole;
    whole.reserve(m_size);
    for (const Piece &piece : m_pieces)
        whole.append(piece.bytes);
    return whole;
}

RequestBody RequestBody::withModelAt(QByteArray bytes, json::Span model)
{
    RequestBody body;
    body.m_bytes = std::move(bytes);
    body.m_modelPlace = model;
    return body;
}

RequestBody RequestBody::withoutModel(QByteArray bytes, qsizetype firstMember, bool emptyObject)
{
    RequestBody body;
    body.m_bytes = std::move(bytes);
    body.m_modelPlace = {firstMember, 0};
    body.m_modelEdit = emptyObject ? ModelEdit::InsertOnly : ModelEdit::InsertBefore;
    return body;
}

QByteArray RequestBody::modelText(const QString &model) const
{
    QByteArray text;
    json::JsonWriter writer(text);
    switch (m_modelEdit) {
    case ModelEdit::Replace:
        writer.value(model);
        break;
    case ModelEdit::InsertOnly:
    case ModelEdit::InsertBefore:
        writer.key(QLatin1String("model")).value(model);
        if (m_modelEdit == ModelEdit::InsertBefore)
            text.append(',');
        break;
    }
    return text;
}

BodyPieces RequestBody::spliced(const QString &model, UsageEdit usage) const
{
    QVarLengthArray<metering::BodyEdit, 2> edits{{m_modelPlace, modelText(model)}};
    if (usage == UsageEdit::Apply && m_usageEdit)
        edits.insert(m_usageEdit->place.offset < m_modelPlace.offset ? 0 : 1, *m_usageEdit);
    const QByteArrayView original(m_bytes);
    BodyPieces pieces;
    qsizetype taken = 0;
    for (const metering::BodyEdit &edit : edits) {
        pieces.append(m_bytes, original.sliced(taken, edit.place.offset - taken));
        pieces.append(edit.text, edit.text);
        taken = edit.place.offset + edit.place.length;
    }
    pieces.append(m_bytes, original.sliced(taken));
    return pieces;
}

} // namespace hearth::relay
