#include "setting.h"

#include "suggestion.h"

#include <algorithm>

namespace hearth {

namespace {

Setting make(const char *key, SettingType type, SettingValue fallback, const char *help)
{
    return {.key = QString::fromLatin1(key),
            .type = type,
            .fallback = std::move(fallback),
            .help = QString::fromUtf8(help)};
}

Setting makeDuration(Setting setting, Duration minimum, Duration maximum, const QString &unit)
{
    setting.minimum = minimum.count();
    setting.maximum = maximum.count();
    setting.unit = unit;
    return setting;
}

} // namespace

SettingTable::SettingTable(std::vector<Setting> settings)
    : m_settings(std::move(settings))
{
#ifndef QT_NO_DEBUG
    for (const Setting &setting : m_settings) {
        Q_ASSERT_X(std::ranges::count(m_settings, setting.variable(), &Setting::variable) == 1, "SettingTable",
                   qPrintable(setting.key + u" is not unique"));
        Q_ASSERT_X(!isSection(setting.key), "SettingTable", qPrintable(setting.key + u" is a setting and a section"));
        Q_ASSERT_X(setting.required || setting.accepts(setting.fallback), "SettingTable",
                   qPrintable(setting.key + u" has a default that it would not accept"));
    }
#endif
}

const Setting *SettingTable::find(QStringView key) const
{
    const auto found = std::ranges::find(m_settings, key, &Setting::key);
    return found == m_settings.end() ? nullptr : &*found;
}

const Setting *SettingTable::findVariable(QStringView variable) const
{
    const auto found = std::ranges::find_if(m_settings, [variable](const Setting &setting) {
        return variable.compare(setting.variable(), Qt::CaseInsensitive) == 0;
    });
    return found == m_settings.end() ? nullptr : &*found;
}

bool SettingTable::isSection(QStringView key) const
{
    const QString prefix = key % u'.';
    return std::ranges::any_of(m_settings,
                               [&prefix](const Setting &setting) { return setting.key.startsWith(prefix); });
}

QString SettingTable::suggestionFor(const QString &unknownKey) const
{
    QStringList candidates;
    for (const Setting &setting : m_settings) {
        candidates.append(setting.key);
        if (const QString section = setting.key.section(u'.', 0, -2); !section.isEmpty())
            candidates.append(section);
    }
    return nearestName(unknownKey, candidates);
}

SettingValues SettingTable::defaults(QString path, SettingOrigin at) const
{
    std::vector<SettingValues::Item> items;
    items.reserve(m_settings.size());
    for (const Setting &setting : m_settings)
        items.push_back({setting.key, setting.type, setting.secret, setting.fallback, {}});
    return SettingValues(std::move(items), std::move(path), std::move(at));
}

std::vector<Setting>::const_iterator SettingTable::begin() const
{
    return m_settings.begin();
}

std::vector<Setting>::const_iterator SettingTable::end() const
{
    return m_settings.end();
}

Setting Setting::text(const char *key, const QString &fallback, const char *help)
{
    return make(key, SettingType::Text, fallback, help);
}

Setting Setting::path(const char *key, const QString &fallback, const char *help)
{
    return make(key, SettingType::Path, fallback, help);
}

Setting Setting::choice(const char *key, const QString &fallback, const QStringList &choices, const char *help)
{
    Setting setting = make(key, SettingType::Choice, fallback, help);
    setting.choices = choices;
    return setting;
}

Setting Setting::boolean(const char *key, bool fallback, const char *help)
{
    return make(key, SettingType::Boolean, fallback, help);
}

Setting Setting::integer(const char *key, qint64 fallback, qint64 minimum, qint64 maximum, const char *unit,
                         const char *help)
{
    Setting setting = make(key, SettingType::Integer, fallback, help);
    setting.minimum = minimum;
    setting.maximum = maximum;
    setting.unit = QString::fromUtf8(unit);
    return setting;
}

Setting Setting::seconds(const char *key, Duration fallback, Duration minimum, Duration maximum, const char *help)
{
    return makeDuration(make(key, SettingType::Seconds, fallback, help), minimum, maximum, QStringLiteral("seconds"));
}

Setting Setting::minutes(const char *key, Duration fallback, Duration minimum, Duration maximum, const char *help)
{
    return makeDuration(make(key, SettingType::Minutes, fallback, help), minimum, maximum, QStringLiteral("minutes"));
}

Setting Setting::size(const char *key, qint64 fallback, qint64 minimum, qint64 maximum, const char *help)
{
    Setting setting = make(key, SettingType::Size, fallback, help);
    setting.minimum = minimum;
    setting.maximum = maximum;
    setting.unit = QStringLiteral("bytes");
    return setting;
}

Setting Setting::textList(const char *key, const QStringList &fallback, const char *help)
{
    return make(key, SettingType::TextList, fallback, help);
}

Setting Setting::textMap(const char *key, const char *help)
{
    return make(key, SettingType::TextMap, TextMap(), help);
}

Setting Setting::object(const char *key, const char *help)
{
    return make(key, SettingType::Object, QJsonObject(), help);
}

Setting Setting::entries(const char *key, const char *help, SettingTable fields)
{
    Setting setting = make(key, SettingType::Entries, std::vector<SettingValues>(), help);
    setting.fields = std::move(fields);
    return setting;
}

Setting Setting::withFlag(const char *name, const char *valuePlaceholder) &&
{
    flag = QString::fromLatin1(name);
    placeholder = QString::fromUtf8(valuePlaceholder);
    return std::move(*this);
}

Setting Setting::asSecret() &&
{
    secret = true;
    return std::move(*this);
}

Setting Setting::asRequired() &&
{
    required = true;
    return std::move(*this);
}

Setting Setting::asReloadable() &&
{
    reloadable = true;
    return std::move(*this);
}

Setting Setting::withDefaultWords(const char *words) &&
{
    defaultWords = QString::fromUtf8(words);
    return std::move(*this);
}

QString Setting::variable() const
{
    return u"HEARTH_" % QString(key).replace(u'.', QStringLiteral("__")).toUpper();
}

bool Setting::isStructure() const
{
    return type == SettingType::TextMap || type == SettingType::Object || type == SettingType::Entries;
}

} // namespace hearth
