#include "configuration.h"

#include "nodereader.h"

#include <QFile>

#include <utility>

namespace hearth {

namespace {

constexpr QStringView variablePrefix = u"HEARTH_";
constexpr QStringView ignoredPrefix = u"HEARTH_TEST_";

using Layer = SettingOrigin::Layer;

void readFile(const SettingTable &table, const ConfigurationSources &sources, SettingValues &values,
              QStringList &problems)
{
    if (sources.file.isEmpty())
        return;
    QFile file(sources.file);
    if (!sources.fileRequired && !file.exists())
        return;
    const YamlLimits limits;
    if (!file.open(QIODevice::ReadOnly)) {
        problems.append(sources.file % u": cannot be read: " % file.errorString());
        return;
    }
    const QByteArray text = file.read(limits.size + 1);
    if (file.error() != QFileDevice::NoError) {
        problems.append(sources.file % u": cannot be read: " % file.errorString());
        return;
    }
    const Result<ConfigNode> root = parseYaml(text, sources.file, limits);
    if (root)
        NodeReader(table, sources.file, problems).read(*root, values);
    else
        problems.append(root.error().message);
}

void assignText(const Setting &setting, const QString &text, const SettingOrigin &origin, SettingValues &values,
                QStringList &problems)
{
    const QString place = origin.toString();
    if (setting.isStructure())
        problems.append(place % u": " % setting.key % u" can only be set in the configuration file");
    else if (std::optional<SettingValue> value = setting.parse(text))
        values.assign(setting.key, std::move(*value), origin);
    else
        problems.append(place % u": " % setting.requirement());
}

void readEnvironment(const SettingTable &table, const QProcessEnvironment &environment, SettingValues &values,
                     QStringList &problems)
{
    QStringList variables = environment.keys();
    variables.sort();
    for (const QString &variable : std::as_const(variables)) {
        if (!variable.startsWith(variablePrefix) || variable.startsWith(ignoredPrefix))
            continue;
        const SettingOrigin origin{Layer::Environment, variable};
        if (const Setting *setting = table.findVariable(variable)) {
            assignText(*setting, environment.value(variable), origin, values, problems);
            continue;
        }
        const QString key = variable.sliced(variablePrefix.size()).replace(QStringLiteral("__"), QStringLiteral("."));
        const Setting *meant = table.find(table.suggestionFor(key));
        problems.append(origin.toString() % (meant ? u": unknown setting; did you mean " % meant->variable() % u'?'
                                                   : QStringLiteral(": unknown setting")));
    }
}

void readFlags(const SettingTable &table, const QList<FlagValue> &flags, SettingValues &values, QStringList &problems)
{
    for (const FlagValue &flag : flags) {
        const Setting *const setting = table.find(flag.key);
        Q_ASSERT_X(setting && !setting->flag.isEmpty(), "loadConfiguration", qPrintable(u"no flag for " % flag.key));
        assignText(*setting, flag.value, {Layer::Flag, setting->flag}, values, problems);
    }
}

} // namespace

Result<SettingValues> loadConfiguration(const SettingTable &table, const ConfigurationSources &sources)
{
    SettingValues values = table.defaults();
    QStringList problems;
    readFile(table, sources, values, problems);
    readEnvironment(table, sources.environment, values, problems);
    readFlags(table, sources.flags, values, problems);
    if (problems.isEmpty())
        requireSettings(table, values, problems);
    if (!problems.isEmpty())
        return configurationError(problems);
    return values;
}

Error configurationError(const QStringList &problems)
{
    return {.code = ErrorCode::Configuration, .message = problems.join(u'\n')};
}

} // namespace hearth
