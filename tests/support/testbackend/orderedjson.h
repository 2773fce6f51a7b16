// OrderedJson: writes JSON objects whose fields stay in the order in which they were given.
//
// The answers of the test backend look like those of real backends, `id` first; QJsonObject would sort them. Values
// are UTF-8. Nothing is checked: raw() trusts its caller. Plain values without thread affinity.

#pragma once

#include <QByteArray>
#include <QList>

namespace hearth::testbackend {

/// `text` as a JSON string with its quotes.
QByteArray quoted(QByteArrayView text);

/// The elements, which are JSON already, as a JSON array.
QByteArray arrayOf(const QList<QByteArray> &elements);

class OrderedJson
{
public:
    OrderedJson &text(QByteArrayView key, QByteArrayView value) { return raw(key, quoted(value)); }

    OrderedJson &number(QByteArrayView key, qint64 value) { return raw(key, QByteArray::number(value)); }

    OrderedJson &null(QByteArrayView key) { return raw(key, "null"); }

    /// A value that is JSON already.
    OrderedJson &raw(QByteArrayView key, QByteArrayView json);

    QByteArray toJson() const { return m_fields.isEmpty() ? QByteArray("{}") : QByteArray(m_fields + '}'); }

private:
    QByteArray m_fields;
};

} // namespace hearth::testbackend
