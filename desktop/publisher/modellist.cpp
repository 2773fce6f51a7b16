#include "modellist.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace hearth::publisher {

std::optional<ModelList> readModelList(const QByteArray &json)
{
    const QJsonObject answer = QJsonDocument::fromJson(json).object();
    const QJsonValue data = answer.value(QLatin1String("data"));
    // Go programs, Ollama among them, write an empty list as null.
    const bool isEmptyList = data.isNull() && answer.value(QLatin1String("object")) == QLatin1String("list");
    if (!data.isArray() && !isEmptyList)
        return std::nullopt;
    ModelList list;
    for (const QJsonValue &model : data.toArray())
        list.ids.append(model[QLatin1String("id")].toString());
    list.owner = data.toArray().at(0)[QLatin1String("owned_by")].toString();
    return list;
}

} // namespace hearth::publisher
