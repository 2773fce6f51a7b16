// SqlRow: one row of a query's answer, read by column name into the types of the domain.
//
// Handed by Database::select() to the table classes, for the time of one call. A column that does not hold what it
// should (unknown spelling, broken JSON) is a defect of the database: it reads as an empty value and is remembered, and
// select() then fails as a whole.

#pragma once

#include "clock.h"
#include "ids.h"

#include <QJsonObject>
#include <QSqlRecord>
#include <QStringList>

#include <optional>

namespace hearth::storage {

class SqlRow
{
public:
    explicit SqlRow(QSqlRecord record)
        : m_record(std::move(record))
    {}

    bool isNull(QLatin1String column) const { return m_record.isNull(column); }

    QString text(QLatin1String column) const { return m_record.value(column).toString(); }

    qint64 integer(QLatin1String column) const { return m_record.value(column).toLongLong(); }

    WallTime moment(QLatin1String column) const { return WallTime(Duration(integer(column))); }

    std::optional<WallTime> optionalMoment(QLatin1String column) const;

    std::chrono::seconds seconds(QLatin1String column) const { return std::chrono::seconds(integer(column)); }

    QJsonObject object(QLatin1String column) const;
    QStringList list(QLatin1String column) const;

    template <typename RowId>
    RowId id(QLatin1String column) const
    {
        return RowId(text(column));
    }

    /// The enumerator that `parse` finds for the column's text.
    template <typename Enum>
    Enum spelled(QLatin1String column, std::optional<Enum> (*parse)(QStringView)) const
    {
        return required(column, parse(text(column)));
    }

    /// The same for a text that is not the column's whole content.
    template <typename T>
    T required(QLatin1String column, const std::optional<T> &value) const
    {
        if (!value)
            m_malformedColumn = column;
        return value.value_or(T{});
    }

    /// The column that did not hold what it should; empty when all did.
    QLatin1String malformedColumn() const { return m_malformedColumn; }

private:
    QSqlRecord m_record;
    mutable QLatin1String m_malformedColumn;
};

} // namespace hearth::storage
