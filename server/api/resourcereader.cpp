#include "resourcereader.h"

#include <QJsonDocument>

#include <cmath>

namespace hearth::api {

namespace {

Error invalid(const QString &key, const QString &what)
{
    return {ErrorCode::InvalidRequest, QStringLiteral("\"%1\" %2.").arg(key, what), key};
}

} // namespace

Result<ResourceReader> ResourceReader::parse(const QByteArray &body)
{
    QJsonParseError problem{};
    const QJsonDocument document = QJsonDocument::fromJson(body, &problem);
    if (document.isObject())
        return ResourceReader(document.object());
    return Error{
        ErrorCode::InvalidJson,
        problem.error == QJsonParseError::NoError
            ? QStringLiteral("The body must be a JSON object.")
            : QStringLiteral("The body is not JSON: %1 at byte %2.").arg(problem.errorString()).arg(problem.offset)};
}

QJsonValue ResourceReader::take(QLatin1String key)
{
    m_known.insert(key);
    return m_object.value(key);
}

std::optional<QString> ResourceReader::text(QLatin1String key)
{
    const QJsonValue value = take(key);
    if (value.isUndefined())
        return std::nullopt;
    if (!value.isString()) {
        complain(key, QStringLiteral("must be a string"));
        return std::nullopt;
    }
    return value.toString();
}

std::optional<QJsonObject> ResourceReader::object(QLatin1String key)
{
    const QJsonValue value = take(key);
    if (value.isUndefined())
        return std::nullopt;
    if (!value.isObject()) {
        complain(key, QStringLiteral("must be an object"));
        return std::nullopt;
    }
    return value.toObject();
}

std::optional<QJsonArray> ResourceReader::array(QLatin1String key)
{
    const QJsonValue value = take(key);
    if (value.isUndefined())
        return std::nullopt;
    if (!value.isArray()) {
        complain(key, QStringLiteral("must be a list"));
        return std::nullopt;
    }
    return value.toArray();
}

std::optional<bool> ResourceReader::boolean(QLatin1String key)
{
    const QJsonValue value = take(key);
    if (value.isUndefined())
        return std::nullopt;
    if (!value.isBool()) {
        complain(key, QStringLiteral("must be true or false"));
        return std::nullopt;
    }
    return value.toBool();
}

std::optional<int> ResourceReader::integer(QLatin1String key)
{
    const QJsonValue value = take(key);
    if (value.isUndefined())
        return std::nullopt;
    const double number = value.toDouble(std::nan(""));
    if (!(std::abs(number) <= 1e9) || number != std::floor(number)) {
        complain(key, QStringLiteral("must be a whole number"));
        return std::nullopt;
    }
    return static_cast<int>(number);
}

bool ResourceReader::isNull(QLatin1String key)
{
    return take(key).isNull();
}

void ResourceReader::require(QLatin1String key)
{
    if (take(key).isUndefined())
        complain(key, QStringLiteral("is missing"));
}

void ResourceReader::complain(QLatin1String key, const QString &what)
{
    if (!m_problem)
        m_problem = invalid(key, what);
}

Result<void> ResourceReader::finish() const
{
    if (m_problem)
        return *m_problem;
    for (const QString &key : m_object.keys()) {
        if (!m_known.contains(key))
            return invalid(key.left(100), QStringLiteral("cannot be set here"));
    }
    return {};
}

} // namespace hearth::api
