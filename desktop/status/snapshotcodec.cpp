#include "snapshotcodec.h"

#include "snapshotfields.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace hearth::status {

namespace {

/// Whole numbers beyond 2^53 are not exact everywhere in JSON; no field comes near.
constexpr double maxExactInteger = 9007199254740991.0;

// Every type of a field has a toJson() and a fromJson(); that of a struct is made of its fields. fromJson() returns
// false for a value that is not of the type.

QJsonValue toJson(const QString &text)
{
    return text;
}

bool fromJson(const QJsonValue &json, QString &text)
{
    text = json.toString();
    return json.isString();
}

QJsonValue toJson(const QUrl &url)
{
    return url.toString(QUrl::FullyEncoded);
}

bool fromJson(const QJsonValue &json, QUrl &url)
{
    url = QUrl(json.toString(), QUrl::StrictMode);
    return json.isString() && (url.isValid() || url.isEmpty());
}

template <std::same_as<bool> Bool>
QJsonValue toJson(Bool flag)
{
    return flag;
}

bool fromJson(const QJsonValue &json, bool &flag)
{
    flag = json.toBool();
    return json.isBool();
}

QJsonValue toJson(double number)
{
    return number;
}

bool fromJson(const QJsonValue &json, double &number)
{
    number = json.toDouble();
    return json.isDouble();
}

template <typename Type>
concept Integer = std::integral<Type> && !std::same_as<Type, bool>;

QJsonValue toJson(Integer auto number)
{
    return static_cast<qint64>(number);
}

template <Integer Type>
bool fromJson(const QJsonValue &json, Type &number)
{
    const double lowest = std::is_signed_v<Type> ? -maxExactInteger : 0;
    const double value = json.toDouble();
    if (!json.isDouble() || value != std::trunc(value) || value < lowest || value > maxExactInteger ||
        !std::in_range<Type>(static_cast<qint64>(value)))
        return false;
    number = static_cast<Type>(value);
    return true;
}

QJsonValue toJson(TaskId task)
{
    return toJson(static_cast<quint64>(task));
}

bool fromJson(const QJsonValue &json, TaskId &task)
{
    quint64 number = 0;
    const bool isNumber = fromJson(json, number);
    task = TaskId{number};
    return isNumber;
}

QJsonValue toJson(Duration duration)
{
    return toJson(qint64{duration.count()});
}

bool fromJson(const QJsonValue &json, Duration &duration)
{
    qint64 milliseconds = 0;
    const bool isNumber = fromJson(json, milliseconds);
    duration = Duration(milliseconds);
    return isNumber;
}

template <typename Type>
concept Spelled = std::is_enum_v<Type> && !std::same_as<Type, TaskId>;

template <Spelled Enum>
QJsonValue toJson(Enum value)
{
    return QString(std::ranges::find(spellings<Enum>, value, &Spelling<Enum>::value)->text);
}

template <Spelled Enum>
bool fromJson(const QJsonValue &json, Enum &value)
{
    const QString text = json.toString();
    const auto found = std::ranges::find_if(spellings<Enum>,
                                            [&text](const Spelling<Enum> &spelling) { return spelling.text == text; });
    if (found == spellings<Enum>.end())
        return false;
    value = found->value;
    return true;
}

template <typename Type>
concept Struct = requires(Type &value)
{
    visitFields(value, [](const char *, auto &) {});
};

QJsonValue toJson(const Struct auto &value);
bool fromJson(const QJsonValue &json, Struct auto &value);

template <typename Item>
QJsonValue toJson(const std::optional<Item> &value)
{
    return value ? toJson(*value) : QJsonValue(QJsonValue::Undefined);
}

template <typename Item>
bool fromJson(const QJsonValue &json, std::optional<Item> &value)
{
    return fromJson(json, value.emplace());
}

template <typename Item>
QJsonValue toJson(const std::vector<Item> &list)
{
    QJsonArray array;
    for (const Item &item : list)
        array.append(toJson(item));
    return array;
}

template <typename Item>
bool fromJson(const QJsonValue &json, std::vector<Item> &list)
{
    if (!json.isArray())
        return false;
    return std::ranges::all_of(json.toArray(),
                               [&list](const QJsonValue &item) { return fromJson(item, list.emplace_back()); });
}

QJsonValue toJson(const Struct auto &value)
{
    QJsonObject object;
    // insert() leaves out what is undefined.
    visitFields(value,
                [&object](const char *name, const auto &field) { object.insert(QLatin1String(name), toJson(field)); });
    return object;
}

bool fromJson(const QJsonValue &json, Struct auto &value)
{
    const QJsonObject object = json.toObject();
    bool isWell = json.isObject();
    visitFields(value, [&](const char *name, auto &field) {
        const QJsonValue found = object.value(QLatin1String(name));
        isWell = isWell && (found.isUndefined() || fromJson(found, field));
    });
    return isWell;
}

} // namespace

QByteArray encodeSnapshot(const PublisherSnapshot &snapshot)
{
    return QJsonDocument(toJson(snapshot).toObject()).toJson(QJsonDocument::Compact);
}

Result<PublisherSnapshot> decodeSnapshot(const QByteArray &line)
{
    const QJsonDocument document = QJsonDocument::fromJson(line);
    PublisherSnapshot snapshot;
    if (!document.isObject() || !fromJson(document.object(), snapshot))
        return Error{ErrorCode::ProtocolViolation, QStringLiteral("The other program's status cannot be understood.")};
    return snapshot;
}

} // namespace hearth::status
