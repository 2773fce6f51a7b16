#include "confignode.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QRegularExpression>

#include <cmath>

namespace hearth {

namespace {

// YAML 1.2.2, 10.3.2. Infinities and "not a number" have no JSON, so they stay strings.
QJsonValue plainToJson(const QString &text)
{
    static const QRegularExpression integer(QStringLiteral("\\A[-+]?[0-9]+\\z"));
    static const QRegularExpression number(
        QStringLiteral("\\A[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?\\z"));

    if (text == u"true" || text == u"True" || text == u"TRUE")
        return true;
    if (text == u"false" || text == u"False" || text == u"FALSE")
        return false;
    if (integer.match(text).hasMatch()) {
        bool fits = false;
        if (const qint64 value = text.toLongLong(&fits); fits)
            return value;
    }
    if (number.match(text).hasMatch()) {
        if (const double value = text.toDouble(); std::isfinite(value))
            return value;
    }
    return text;
}

struct ToJson
{
    QJsonValue operator()(std::monostate) const { return QJsonValue::Null; }

    QJsonValue operator()(const ConfigNode::Scalar &scalar) const
    {
        return scalar.quoted ? QJsonValue(scalar.text) : plainToJson(scalar.text);
    }

    QJsonValue operator()(const ConfigNode::List &list) const
    {
        QJsonArray array;
        for (const ConfigNode &node : list)
            array.append(node.toJson());
        return array;
    }

    QJsonValue operator()(const ConfigNode::Map &map) const
    {
        QJsonObject object;
        for (const ConfigMember &member : map)
            object.insert(member.key, member.value.toJson());
        return object;
    }
};

} // namespace

QJsonValue ConfigNode::toJson() const
{
    return std::visit(ToJson(), value);
}

} // namespace hearth
