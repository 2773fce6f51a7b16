#include "settingsection.h"

#include "roff.h"
#include "settingfacts.h"

namespace hearth::manual {

namespace {

/// Whether a setting can be given outside the file, and whether a running program takes it over, is said of those of
/// the program; fields of a list stand in the file only.
enum class Level { Program, Field };

QString entryOf(const Setting &setting, Level level)
{
    QString entry = u".TP\n" % roffBold(setting.key) % u"\n" % roffSentences(setting.help % u' ' % valueWords(setting));
    if (setting.required)
        entry += setting.key.contains(u'.') ? QLatin1String("Required where the section is there.\n")
                                            : QLatin1String("Required.\n");
    else if (const QString words = defaultWords(setting); !words.isEmpty())
        entry += u"Default: " % roffText(words) % u".\n";
    if (level == Level::Field)
        return entry;
    if (setting.reloadable)
        entry += QLatin1String("A reload takes a new value over.\n");
    if (!setting.isStructure())
        entry += u".br\n" % roffText(setting.variable()) % u"\n";
    return entry;
}

} // namespace

QString settingsOf(const SettingTable &table)
{
    QString text;
    for (const SettingGroup &group : groupsOf(table)) {
        text += u".SS " % (group.section.isEmpty() ? QStringLiteral("General") : roffText(group.section)) % u"\n";
        for (const Setting *setting : group.settings)
            text += entryOf(*setting, Level::Program);
    }
    for (const Setting &setting : table) {
        if (setting.type != SettingType::Entries)
            continue;
        text += u".SS Each entry of " % roffText(setting.key) % u"\n";
        for (const Setting &field : setting.fields)
            text += entryOf(field, Level::Field);
    }
    return text;
}

} // namespace hearth::manual
