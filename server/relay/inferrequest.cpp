#include "inferrequest.h"

#include "jsonwriter.h"

namespace hearth::relay {

RequestBody RequestBody::withModelAt(QByteArray bytes, json::Span model)
{
    RequestBody body;
    body.m_bytes = std::move(bytes);
    body.m_place = model;
    return body;
}

RequestBody RequestBody::withoutModel(QByteArray bytes, qsizetype firstMember, bool emptyObject)
{
    RequestBody body;
    body.m_bytes = std::move(bytes);
    body.m_place = {firstMember, 0};
    body.m_edit = emptyObject ? Edit::InsertOnly : Edit::InsertBefore;
    return body;
}

RequestBody::Pieces RequestBody::spliced(const QString &model) const
{
    Pieces pieces;
    pieces.original = m_bytes;
    json::JsonWriter writer(pieces.model);
    switch (m_edit) {
    case Edit::Replace:
        writer.value(model);
        break;
    case Edit::InsertOnly:
    case Edit::InsertBefore:
        writer.key(QLatin1String("model")).value(model);
        if (m_edit == Edit::InsertBefore)
            pieces.model.append(',');
        break;
    }
    pieces.before = QByteArrayView(m_bytes).first(m_place.offset);
    pieces.after = QByteArrayView(m_bytes).sliced(m_place.offset + m_place.length);
    return pieces;
}

} // namespace hearth::relay
