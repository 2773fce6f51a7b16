#include "settingflags.h"

#include "valuechecks.h"

namespace hearth::commandline {

namespace {

QString defaultText(const Setting &setting)
{
    if (!setting.defaultWords.isEmpty())
        return setting.defaultWords;
    // As it is typed in a shell, and not as YAML would quote it.
    const QString *const text = std::get_if<QString>(&setting.fallback);
    return text ? *text : toText(setting.type, setting.fallback);
}

std::string description(const Setting &setting)
{
    const QString fallback = defaultText(setting);
    const QString help =
        fallback.isEmpty() ? setting.help : QStringLiteral("%1 Default: %2.").arg(setting.help, fallback);
    return help.toStdString();
}

} // namespace

SettingFlags::SettingFlags(const SettingTable &table)
    : m_table(table)
{}

void SettingFlags::addTo(CLI::App &app)
{
    for (const Setting &setting : m_table) {
        if (!setting.flag.isEmpty())
            addTo(app, setting.key, description(setting));
    }
}

void SettingFlags::addTo(CLI::App &command, const QString &key, const std::string &description)
{
    const Setting *const setting = m_table.find(key);
    Q_ASSERT(setting && !setting->flag.isEmpty());
    command.add_option(setting->flag.toStdString(), m_values[key], description)
        ->type_name(setting->placeholder.toStdString())
        ->check(notEmpty());
}

QString SettingFlags::value(const QString &key) const
{
    const auto found = m_values.find(key);
    return found == m_values.end() ? QString() : QString::fromStdString(found->second);
}

QList<FlagValue> SettingFlags::given() const
{
    QList<FlagValue> flags;
    for (const auto &[key, value] : m_values) {
        if (!value.empty())
            flags.append({key, QString::fromStdString(value)});
    }
    return flags;
}

} // namespace hearth::commandline
