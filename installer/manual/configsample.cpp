#include "configsample.h"

#include "settingfacts.h"
#include "textwrap.h"

#include <QSet>

#include <algorithm>

namespace hearth::manual {

namespace {

/// Of help, so that no line is longer than 100 columns where it is deepest.
constexpr qsizetype helpColumns = 90;
constexpr QStringView indentation = u"  ";

QStringList indented(const QStringList &lines, QStringView by = indentation)
{
    QStringList moved;
    for (const QString &line : lines)
        moved.append(line.isEmpty() ? line : by + line);
    return moved;
}

/// As one block, to be seen as one thing.
QStringList commentedOut(QStringList lines)
{
    lines.removeAll(QString());
    return indented(lines, u"#");
}

/// The lines of a map as those of a list's entry. Comments may stand before its dash.
QStringList asListEntry(const QStringList &lines)
{
    QStringList entry;
    bool hasDash = false;
    for (const QString &line : lines) {
        const bool isFirst = !hasDash && !line.isEmpty() && !line.startsWith(u'#');
        entry.append(isFirst ? QStringLiteral("- ") + line : hasDash && !line.isEmpty() ? indentation + line : line);
        hasDash = hasDash || isFirst;
    }
    return entry;
}

/// Lines of YAML, made from the inside out: each function returns the lines of its part without indentation.
class SampleWriter
{
public:
    enum class Part {
        /// All settings; what is not set is commented out.
        Everything,
        /// What is set, close together; the help of each setting only where it has not been told yet.
        WhatIsSet,
    };

    explicit SampleWriter(const SettingValues &examples)
        : m_examples(examples)
    {}

    QStringList mapLines(const SettingTable &table, const SettingValues &values, Part part);

private:
    QStringList groupLines(const SettingGroup &group, const SettingValues &values, Part part);
    QStringList settingLines(const Setting &setting, const SettingValues &values);
    QStringList entriesLines(const Setting &setting, const SettingValues &values);
    QStringList helpLines(const Setting &setting);

    const SettingValues &m_examples;
    QSet<const Setting *> m_told;
};

/// A section that must contain something means something by being there, so it stands only where it is set.
bool isOptIn(const SettingGroup &group)
{
    return !group.section.isEmpty() && std::ranges::any_of(group.settings, &Setting::required);
}

bool isAnythingSet(const SettingGroup &group, const SettingValues &values)
{
    return std::ranges::any_of(group.settings,
                               [&values](const Setting *setting) { return values.isSet(setting->key.toLatin1()); });
}

/// The lines that open the sections in which a group lies, but for those that are open already.
QStringList openingLines(const QStringList &sections, const QStringList &open)
{
    QStringList lines;
    for (qsizetype depth = 0; depth < sections.size(); ++depth) {
        if (sections.first(depth + 1) != open.first(std::min(depth + 1, open.size())))
            lines.append(QString(indentation.toString().repeated(depth) + sections[depth] + u':'));
    }
    return lines;
}

QStringList SampleWriter::mapLines(const SettingTable &table, const SettingValues &values, Part part)
{
    QStringList lines;
    QStringList open;
    for (const SettingGroup &group : groupsOf(table)) {
        const Part shown = isOptIn(group) ? Part::WhatIsSet : part;
        if (shown == Part::WhatIsSet && !isAnythingSet(group, values))
            continue;
        const QStringList sections = group.section.split(u'.', Qt::SkipEmptyParts);
        const QStringList opening = openingLines(sections, open);
        if (!opening.isEmpty() && part == Part::Everything)
            lines.append(QString());
        lines += opening;
        lines += indented(groupLines(group, values, shown), indentation.toString().repeated(sections.size()));
        open = sections;
    }
    return lines;
}

QStringList SampleWriter::groupLines(const SettingGroup &group, const SettingValues &values, Part part)
{
    QStringList lines;
    for (const Setting *setting : group.settings) {
        if (part == Part::WhatIsSet && !values.isSet(setting->key.toLatin1()))
            continue;
        if (part == Part::Everything && !lines.isEmpty())
            lines.append(QString());
        lines += helpLines(*setting);
        lines +=
            setting->type == SettingType::Entries ? entriesLines(*setting, values) : settingLines(*setting, values);
    }
    return lines;
}

QStringList SampleWriter::settingLines(const Setting &setting, const SettingValues &values)
{
    const QString name = lastPart(setting) + u':';
    if (values.isSet(setting.key.toLatin1()))
        return {name + u' ' + toText(setting.type, values.value(setting.key))};
    return commentedOut({hasFixedDefault(setting) ? name + u' ' + toText(setting.type, setting.fallback) : name});
}

QStringList SampleWriter::entriesLines(const Setting &setting, const SettingValues &values)
{
    const std::vector<SettingValues> &live = values.entries(setting.key.toLatin1());
    QStringList lines;
    for (const SettingValues &entry : live)
        lines += asListEntry(mapLines(setting.fields, entry, Part::Everything));
    QStringList examples;
    for (const SettingValues &entry : m_examples.entries(setting.key.toLatin1())) {
        const bool isFirst = live.empty() && examples.isEmpty();
        examples += asListEntry(mapLines(setting.fields, entry, isFirst ? Part::Everything : Part::WhatIsSet));
    }
    const QStringList heading{lastPart(setting) + u':'};
    if (live.empty())
        return commentedOut(heading + indented(examples));
    lines.append(QString());
    return heading + indented(lines + commentedOut(examples));
}

QStringList SampleWriter::helpLines(const Setting &setting)
{
    if (m_told.contains(&setting))
        return {};
    m_told.insert(&setting);
    QString help = setting.help;
    if (isBounded(setting))
        help += u' ' + valueWords(setting);
    if (!setting.defaultWords.isEmpty())
        help += u" Default: " % setting.defaultWords % u'.';
    return indented(commandline::wrapped(help, helpColumns), u"# ");
}

} // namespace

QByteArray writeSample(const SettingTable &table, const SampleContent &content)
{
    SampleWriter writer(content.examples);
    const QStringList lines = writer.mapLines(table, content.live, SampleWriter::Part::Everything);
    return (content.head.trimmed() + u"\n\n" + lines.join(u'\n') + u'\n').toUtf8();
}

} // namespace hearth::manual
