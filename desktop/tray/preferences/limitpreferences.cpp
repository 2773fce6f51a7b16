#include "limitpreferences.h"

#include "fieldform.h"
#include "publisherconfig.h"
#include "settingwords.h"

#include <QVBoxLayout>

namespace hearth::preferences {

namespace {

/// What counts something, and is not a part of an entry.
bool isLimit(const Setting &setting)
{
    return !setting.unit.isEmpty();
}

QString headingOf(const QString &section)
{
    if (section.isEmpty())
        return LimitPreferences::tr("Publishing");
    if (section == QLatin1String("reconnect"))
        return LimitPreferences::tr("Connecting again");
    if (section == QLatin1String("backend"))
        return LimitPreferences::tr("Backends");
    if (section == QLatin1String("channel"))
        return LimitPreferences::tr("Connection to the server");
    return section;
}

QString labelOf(const Setting &setting)
{
    // Two that say too little without their section.
    if (setting.key == QLatin1String("reconnect.minSeconds"))
        return LimitPreferences::tr("Shortest wait");
    if (setting.key == QLatin1String("reconnect.maxSeconds"))
        return LimitPreferences::tr("Longest wait");
    return fields::settingWords(fields::labelFor(setting));
}

} // namespace

LimitPreferences::LimitPreferences(fields::DraftEditor &editor, QWidget *parent)
    : QWidget(parent)
{
    const SettingTable table = publisher::publisherSettingTable();
    auto *form = new fields::FieldForm(editor, table, this);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(form);

    std::optional<QString> shownSection;
    for (const Setting &setting : table) {
        if (!isLimit(setting))
            continue;
        const QString section = setting.key.section(u'.', 0, -2);
        if (section != shownSection)
            form->addHeading(headingOf(section));
        shownSection = section;
        form->add(setting.key.toLatin1().constData(), labelOf(setting));
    }
    form->setRoot(QString());
}

} // namespace hearth::preferences
