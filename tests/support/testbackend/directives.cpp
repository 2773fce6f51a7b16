#include "directives.h"

#include <QJsonObject>

namespace hearth::testbackend {

namespace {

constexpr qint64 maxDelay = 600'000;
constexpr qint64 maxCount = 1'000'000'000;
constexpr qint64 maxRate = 1'000'000;
constexpr qint64 maxBytes = 256 * 1024 * 1024;
constexpr qint64 maxRetryAfter = 86'400;

Error invalid(QByteArrayView name, const QString &expected)
{
    return {ErrorCode::InvalidRequest,
            QStringLiteral("Directive '%1' must be %2.").arg(QString::fromUtf8(name), expected),
            QStringLiteral("x_test")};
}

/// Puts the number into `target`, which may be any type that a qint64 converts to.
template <typename Target>
Result<void> setNumber(Target &target, QByteArrayView name, QByteArrayView value, qint64 from, qint64 to)
{
    bool ok = false;
    const qint64 number = value.toByteArray().toLongLong(&ok);
    if (!ok || number < from || number > to)
        return invalid(name, QStringLiteral("a whole number from %1 to %2").arg(from).arg(to));
    if constexpr (std::is_same_v<Target, std::optional<int>>)
        target = static_cast<int>(number);
    else
        target = Target(number);
    return {};
}

Result<void> setMalformed(std::optional<Malformed> &target, QByteArrayView name, QByteArrayView value)
{
    if (value == "chunk")
        target = Malformed::Chunk;
    else if (value == "head")
        target = Malformed::Head;
    else if (value == "length")
        target = Malformed::Length;
    else if (value == "json")
        target = Malformed::Json;
    else if (value == "headers")
        target = Malformed::Headers;
    else
        return invalid(name, QStringLiteral("chunk, head, length, json or headers"));
    return {};
}

QByteArray folded(QByteArrayView name)
{
    return name.toByteArray().trimmed().toLower().replace('-', "").replace('_', "");
}

} // namespace

Result<void> setDirective(Directives &directives, QByteArrayView name, QByteArrayView value)
{
    const QByteArray key = folded(name);
    if (key == "delay")
        return setNumber(directives.delay, name, value, 0, maxDelay);
    if (key == "status")
        return setNumber(directives.status, name, value, 200, 599);
    if (key == "cut")
        return setNumber(directives.cut, name, value, 0, maxCount);
    if (key == "hangafter")
        return setNumber(directives.hangAfter, name, value, 0, maxCount);
    if (key == "rate")
        return setNumber(directives.rate, name, value, 0, maxRate);
    if (key == "tokens")
        return setNumber(directives.tokens, name, value, 0, maxCount);
    if (key == "bytes")
        return setNumber(directives.bytes, name, value, 0, maxBytes);
    if (key == "retryafter")
        return setNumber(directives.retryAfter, name, value, 0, maxRetryAfter);
    if (key == "malformed")
        return setMalformed(directives.malformed, name, value);
    if (key == "body") {
        directives.body = value.toByteArray();
        return {};
    }
    if (key == "hang") {
        directives.hang = value != "false" && value != "0";
        return {};
    }
    return Error{ErrorCode::InvalidRequest, QStringLiteral("Unknown directive '%1'.").arg(QString::fromUtf8(name)),
                 QStringLiteral("x_test")};
}

Result<void> setDirectives(Directives &directives, QByteArrayView text)
{
    QByteArrayView rest = text;
    while (!rest.isEmpty()) {
        qsizetype end = rest.indexOf(';');
        const qsizetype equals = rest.indexOf('=');
        if (equals >= 0 && folded(rest.first(equals)) == "body")
            end = -1;
        const QByteArrayView one = (end < 0 ? rest : rest.first(end)).trimmed();
        rest = end < 0 ? QByteArrayView() : rest.sliced(end + 1);
        if (one.isEmpty())
            continue;
        const qsizetype split = one.indexOf('=');
        const Result<void> set = split < 0 ? setDirective(directives, one, {})
                                           : setDirective(directives, one.first(split), one.sliced(split + 1));
        if (!set)
            return set;
    }
    return {};
}

Result<void> setDirectives(Directives &directives, const QJsonObject &object)
{
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (it->isObject() || it->isArray())
            return invalid(it.key().toUtf8(), QStringLiteral("a number, a string or a boolean"));
        // These have the same text in JSON as in a header.
        const QByteArray value = it->toVariant().toByteArray();
        const Result<void> set = setDirective(directives, it.key().toUtf8(), value);
        if (!set)
            return set;
    }
    return {};
}

} // namespace hearth::testbackend
