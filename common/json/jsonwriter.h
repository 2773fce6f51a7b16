// JsonWriter: writes JSON text straight into a byte array, without building a tree.
//
// Used wherever Hearth makes JSON that may be needed thousands of times a second: control messages, error bodies, model
// lists. The caller is responsible for a sensible order of calls; commas are the writer's affair. A plain value bound
// to its output, for one thread at a time. Not a parser and not a pretty-printer.

#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QLatin1String>
#include <QStringView>

#include <concepts>

namespace hearth::json {

class JsonWriter
{
public:
    /// Appends to `output`, which must outlive the writer.
    explicit JsonWriter(QByteArray &output)
        : m_output(output)
    {}

    JsonWriter &beginObject() { return open('{'); }

    JsonWriter &endObject() { return close('}'); }

    JsonWriter &beginArray() { return open('['); }

    JsonWriter &endArray() { return close(']'); }

    /// `name` is written as it is: it must need no escaping.
    JsonWriter &key(QLatin1String name);

    JsonWriter &value(QStringView text);

    JsonWriter &value(const QString &text) { return value(QStringView(text)); }

    JsonWriter &value(QLatin1String text);
    /// `utf8` must be valid UTF-8.
    JsonWriter &value(QByteArrayView utf8);

    JsonWriter &value(const QByteArray &utf8) { return value(QByteArrayView(utf8)); }

    JsonWriter &value(const QJsonObject &object);
    JsonWriter &value(double number);
    JsonWriter &null();

    /// `json`, exactly one valid JSON value, as it is.
    JsonWriter &raw(QByteArrayView json) { return literal(json); }

    template <std::same_as<bool> Bool>
    JsonWriter &value(Bool flag)
    {
        return literal(flag ? QByteArrayView("true") : QByteArrayView("false"));
    }

    template <std::integral Integer>

    requires(!std::same_as<Integer, bool>) JsonWriter &value(Integer number)
    {
        if constexpr (std::signed_integral<Integer>)
            return integer(qint64{number});
        else
            return integer(quint64{number});
    }

    template <typename Value>
    JsonWriter &field(QLatin1String name, const Value &content)
    {
        return key(name).value(content);
    }

private:
    JsonWriter &integer(qint64 number);
    JsonWriter &integer(quint64 number);
    JsonWriter &literal(QByteArrayView text);
    JsonWriter &open(char bracket);
    JsonWriter &close(char bracket);
    void separate();
    /// Makes the output longer and returns where the new bytes go.
    char *grow(qsizetype bytes);
    void append(QByteArrayView bytes);
    void appendEscaped(QByteArrayView utf8);

    QByteArray &m_output;
    bool m_needsComma = false;
};

} // namespace hearth::json
