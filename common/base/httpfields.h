// HttpFields: the header fields of a message, in order, with names compared without regard to case (RFC 9110 5.1).
//
// Used by both directions of HTTP and by the control channel that carries fields between them. A plain value. It does
// not check names or values: whoever takes them from outside does, with isToken() and isFieldValue().

#pragma once

#include <QByteArray>
#include <QList>

namespace hearth {

struct HttpField
{
    QByteArray name;
    QByteArray value;

    friend bool operator==(const HttpField &, const HttpField &) = default;
};

class HttpFields
{
public:
    HttpFields() = default;

    HttpFields(std::initializer_list<HttpField> fields)
        : m_fields(fields)
    {}

    void append(QByteArray name, QByteArray value) { m_fields.append({std::move(name), std::move(value)}); }

    /// The value of the first field with this name, or null.
    const QByteArray *find(QByteArrayView name) const
    {
        for (const HttpField &field : m_fields) {
            if (field.name.size() == name.size() && field.name.compare(name, Qt::CaseInsensitive) == 0)
                return &field.value;
        }
        return nullptr;
    }

    /// The value of the first field with this name; empty where there is none.
    QByteArray value(QByteArrayView name) const
    {
        const QByteArray *found = find(name);
        return found ? *found : QByteArray();
    }

    bool contains(QByteArrayView name) const { return find(name) != nullptr; }

    qsizetype size() const { return m_fields.size(); }

    auto begin() const { return m_fields.cbegin(); }

    auto end() const { return m_fields.cend(); }

    friend bool operator==(const HttpFields &, const HttpFields &) = default;

private:
    QList<HttpField> m_fields;
};

/// Whether `text` is a token (RFC 9110 section 5.6.2), as methods and field names are.
bool isToken(QByteArrayView text);

/// Whether `text` is free of control characters other than tab (RFC 9110 section 5.5).
bool isFieldValue(QByteArrayView text);

} // namespace hearth
