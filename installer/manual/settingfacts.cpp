#include "settingfacts.h"

#include <algorithm>

namespace hearth::manual {

namespace {

bool isEmpty(const Setting &setting)
{
    const QString shown = toText(setting.type, setting.fallback);
    return shown == QLatin1String("\"\"") || shown == QLatin1String("[]") || shown == QLatin1String("{}");
}

} // namespace

QString valueWords(const Setting &setting)
{
    // The requirement is what a wrong value is answered with: "must be a path".
    static const QString must = QStringLiteral("must be ");
    QString words = setting.requirement();
    Q_ASSERT(words.startsWith(must));
    words.remove(0, must.size());
    words.front() = words.front().toUpper();
    if (setting.type == SettingType::Integer)
        words += u" (" % setting.unit % u')';
    return words + u'.';
}

bool isBounded(const Setting &setting)
{
    return !setting.choices.isEmpty() || setting.minimum != setting.maximum;
}

QString defaultWords(const Setting &setting)
{
    if (!setting.defaultWords.isEmpty())
        return setting.defaultWords;
    return setting.required || isEmpty(setting) ? QString() : toText(setting.type, setting.fallback);
}

bool hasFixedDefault(const Setting &setting)
{
    return !setting.required && (setting.defaultWords.isEmpty() || isEmpty(setting));
}

QString lastPart(const Setting &setting)
{
    return setting.key.section(u'.', -1);
}

QString sectionOf(const Setting &setting)
{
    return setting.key.section(u'.', 0, -2);
}

std::vector<SettingGroup> groupsOf(const SettingTable &table)
{
    std::vector<SettingGroup> groups{{}};
    for (const Setting &setting : table) {
        const QString section = sectionOf(setting);
        auto group = std::ranges::find(groups, section, &SettingGroup::section);
        if (group == groups.end())
            group = groups.insert(group, {section, {}});
        group->settings.push_back(&setting);
    }
    return groups;
}

} // namespace hearth::manual
