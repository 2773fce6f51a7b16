// SqlValue and SqlBinding: what a statement's named placeholders are bound to.
//
// The table classes write `{"createdAt", llm.createdAt}`; the conversions here fix once how each type is stored (see
// resources/sql/README.md): moments as milliseconds since 1970, JSON as text, an absent optional as NULL. Plain values.

#pragma once

#include "clock.h"
#include "ids.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>
#include <QVariant>

#include <optional>

namespace hearth::storage {

class SqlValue
{
public:
    // A null QString would be bound as NULL; for Hearth it is an empty text.
    SqlValue(const QString &text)
        : m_variant(text.isNull() ? QLatin1String("") : text)
    {}

    SqlValue(QLatin1String text)
        : SqlValue(QString(text))
    {}

    SqlValue(int number)
        : m_variant(number)
    {}

    SqlValue(qint64 number)
        : m_variant(number)
    {}

    SqlValue(quint64 number)
        : m_variant(static_cast<qint64>(number))
    {}

    SqlValue(WallTime moment)
        : m_variant(static_cast<qint64>(moment.time_since_epoch().count()))
    {}

    SqlValue(std::chrono::seconds duration)
        : m_variant(static_cast<qint64>(duration.count()))
    {}

    SqlValue(const QJsonObject &object)
        : SqlValue(json(QJsonDocument(object)))
    {}

    SqlValue(const QStringList &list)
        : SqlValue(json(QJsonDocument(QJsonArray::fromStringList(list))))
    {}

    template <typename Tag>
    SqlValue(const Id<Tag> &id)
        : SqlValue(id.toString())
    {}

    template <typename T>
    SqlValue(const std::optional<T> &value)
    {
        if (value)
            *this = SqlValue(*value);
    }

    /// A reference to another row: NULL where there is none.
    template <typename Tag>
    static SqlValue reference(const Id<Tag> &id)
    {
        return id.isEmpty() ? SqlValue() : SqlValue(id);
    }

    const QVariant &variant() const { return m_variant; }

private:
    SqlValue() = default;

    static QString json(const QJsonDocument &document)
    {
        return QString::fromUtf8(document.toJson(QJsonDocument::Compact));
    }

    QVariant m_variant;
};

struct SqlBinding
{
    template <size_t Size>
    SqlBinding(const char (&placeholder)[Size], SqlValue bound)
        : name(placeholder, Size - 1)
        , value(std::move(bound))
    {}

    /// Without the colon.
    QLatin1String name;
    SqlValue value;
};

using SqlBindings = QList<SqlBinding>;

} // namespace hearth::storage
