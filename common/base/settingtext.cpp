// How a setting is written: from text to value, and what to say about a text that is none.

#include "setting.h"

#include <algorithm>

namespace hearth {

namespace {

constexpr qint64 secondsPerMinute = 60;

std::optional<qint64> wholeNumber(QStringView text)
{
    const QStringView digits = text.startsWith(u'-') ? text.sliced(1) : text;
    if (digits.isEmpty() || !std::ranges::all_of(digits, [](QChar c) { return c >= u'0' && c <= u'9'; }))
        return std::nullopt;
    bool ok = false;
    const qint64 number = text.toLongLong(&ok);
    return ok ? std::optional(number) : std::nullopt;
}

std::optional<qint64> scaled(std::optional<qint64> number, qint64 factor)
{
    qint64 product = 0;
    if (!number || __builtin_mul_overflow(*number, factor, &product))
        return std::nullopt;
    return product;
}

/// Of a number with up to three decimals.
std::optional<qint64> thousandths(QStringView text)
{
    const qsizetype point = text.indexOf(u'.');
    if (point < 0)
        return scaled(wholeNumber(text), 1000);
    const QString decimals = text.sliced(point + 1).toString();
    if (point == 0 || decimals.isEmpty() || decimals.size() > 3)
        return std::nullopt;
    return wholeNumber(QString(text.first(point) % decimals.leftJustified(3, u'0')));
}

std::optional<SettingValue> durationOf(std::optional<qint64> milliseconds)
{
    return milliseconds ? std::optional<SettingValue>(Duration(*milliseconds)) : std::nullopt;
}

std::optional<qint64> bytes(QStringView text)
{
    static constexpr std::pair<QStringView, qint64> units[] = {{u"KiB", 1 << 10}, {u"MiB", 1 << 20}, {u"GiB", 1 << 30}};
    for (const auto &[unit, factor] : units) {
        if (text.endsWith(unit))
            return scaled(wholeNumber(text.chopped(unit.size()).trimmed()), factor);
    }
    return wholeNumber(text);
}

std::optional<SettingValue> booleanOf(QStringView text)
{
    if (text.compare(u"true", Qt::CaseInsensitive) == 0)
        return true;
    if (text.compare(u"false", Qt::CaseInsensitive) == 0)
        return false;
    return std::nullopt;
}

QStringList commaList(QStringView text)
{
    QStringList list;
    for (const QStringView part : text.split(u',', Qt::SkipEmptyParts)) {
        if (!part.trimmed().isEmpty())
            list.append(part.trimmed().toString());
    }
    return list;
}

QString rangeText(const Setting &setting, SettingType type)
{
    const auto bound = [type](qint64 number) {
        const bool isDuration = type == SettingType::Seconds || type == SettingType::Minutes;
        return isDuration ? toText(type, Duration(number)) : toText(type, number);
    };
    return bound(setting.minimum) % u" and " % bound(setting.maximum);
}

} // namespace

std::optional<SettingValue> Setting::parse(QStringView written) const
{
    const auto valueOf = [this](QStringView trimmed) -> std::optional<SettingValue> {
        switch (type) {
        case SettingType::Text:
        case SettingType::Path:
        case SettingType::Choice:
            return trimmed.toString();
        case SettingType::Boolean:
            return booleanOf(trimmed);
        case SettingType::Integer:
            return wholeNumber(trimmed);
        case SettingType::Seconds:
            return durationOf(thousandths(trimmed));
        case SettingType::Minutes:
            return durationOf(scaled(thousandths(trimmed), secondsPerMinute));
        case SettingType::Size:
            return bytes(trimmed);
        case SettingType::TextList:
            return commaList(trimmed);
        case SettingType::TextMap:
        case SettingType::Object:
        case SettingType::Entries:
            return std::nullopt;
        }
        Q_UNREACHABLE();
    };
    std::optional<SettingValue> value = valueOf(type == SettingType::Text ? written : written.trimmed());
    return value && accepts(*value) ? value : std::nullopt;
}

bool Setting::accepts(const SettingValue &value) const
{
    switch (type) {
    case SettingType::Choice:
        return choices.contains(std::get<QString>(value));
    case SettingType::Integer:
    case SettingType::Size:
        return minimum <= std::get<qint64>(value) && std::get<qint64>(value) <= maximum;
    case SettingType::Seconds:
    case SettingType::Minutes:
        return minimum <= std::get<Duration>(value).count() && std::get<Duration>(value).count() <= maximum;
    case SettingType::Text:
    case SettingType::Path:
    case SettingType::Boolean:
    case SettingType::TextList:
    case SettingType::TextMap:
    case SettingType::Object:
    case SettingType::Entries:
        return true;
    }
    Q_UNREACHABLE();
}

QString Setting::requirement() const
{
    switch (type) {
    case SettingType::Text:
        return QStringLiteral("must be a text");
    case SettingType::Path:
        return QStringLiteral("must be a path");
    case SettingType::Choice:
        return u"must be one of " % choices.join(QStringLiteral(", "));
    case SettingType::Boolean:
        return QStringLiteral("must be true or false");
    case SettingType::Integer:
        return u"must be a whole number between " % rangeText(*this, type);
    case SettingType::Seconds:
        return u"must be a number of seconds between " % rangeText(*this, type);
    case SettingType::Minutes:
        return u"must be a number of minutes between " % rangeText(*this, type);
    case SettingType::Size:
        return u"must be a size between " % rangeText(*this, type) % u", in bytes or with KiB, MiB or GiB";
    case SettingType::TextList:
        return QStringLiteral("must be a list of texts");
    case SettingType::TextMap:
        return QStringLiteral("must be a map of texts");
    case SettingType::Object:
        return QStringLiteral("must be a map");
    case SettingType::Entries:
        return QStringLiteral("must be a list of maps");
    }
    Q_UNREACHABLE();
}

} // namespace hearth
