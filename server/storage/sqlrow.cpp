#include "sqlrow.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace hearth::storage {

std::optional<WallTime> SqlRow::optionalMoment(QLatin1String column) const
{
    if (isNull(column))
        return std::nullopt;
    return moment(column);
}

QJsonObject SqlRow::object(QLatin1String column) const
{
    const QJsonDocument document = QJsonDocument::fromJson(text(column).toUtf8());
    if (!document.isObject())
        m_malformedColumn = column;
    return document.object();
}

QStringList SqlRow::list(QLatin1String column) const
{
    const QJsonDocument document = QJsonDocument::fromJson(text(column).toUtf8());
    if (!document.isArray())
        m_malformedColumn = column;
    QStringList texts;
    const QJsonArray array = document.array();
    for (const QJsonValue &element : array)
        texts.append(element.toString());
    return texts;
}

} // namespace hearth::storage
