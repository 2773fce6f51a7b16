// ResourceReader: the JSON body of a request that makes or edits a row, read strictly.
//
// A controller asks for each field that may be there and then whether that was all: what nobody has asked for, a
// lifecycle field or a typing error, refuses the request. The first problem is kept, and reading goes on harmlessly. A
// plain value on the main thread.

#pragma once

#include "result.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QSet>

namespace hearth::api {

class ResourceReader
{
public:
    /// Errors: InvalidJson when `body` is not one JSON object.
    static Result<ResourceReader> parse(const QByteArray &body);

    // Each gives the field's value, or nothing when it is absent or wrong.

    std::optional<QString> text(QLatin1String key);
    std::optional<QJsonObject> object(QLatin1String key);
    std::optional<QJsonArray> array(QLatin1String key);
    std::optional<int> integer(QLatin1String key);
    std::optional<bool> boolean(QLatin1String key);

    /// Whether the field is there and null; then it is not to be asked for as anything else.
    bool isNull(QLatin1String key);

    /// The field has to be there.
    void require(QLatin1String key);
    /// Keeps a problem of the caller's own with a field.
    void complain(QLatin1String key, const QString &what);

    /// InvalidRequest for the first problem, or for a field that nobody has asked for.
    Result<void> finish() const;

private:
    explicit ResourceReader(QJsonObject object)
        : m_object(std::move(object))
    {}

    /// The value, marked as known; undefined when it is absent.
    QJsonValue take(QLatin1String key);

    QJsonObject m_object;
    QSet<QString> m_known;
    std::optional<Error> m_problem;
};

} // namespace hearth::api
