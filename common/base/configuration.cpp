#include "configuration.h"

#include "nodereader.h"

#include <QFile>

#include <utility>

namespace hearth {

namespace {

constexpr QStringView variablePrefix = u"HEARTH_";
constexpr QStringView ignoredPrefix = u"HEARTH_TEST_";

using Layer = SettingOrigin::Layer;

/// Nothing where there is no file, or none that can be read, which is a problem.
std::optional<QByteArray> contentOf(const ConfigurationSources &sources, qint64 limit, QList<ConfigProblem> &problems)
{
    if (sources.text)
        return sources.text;
    QFile file(sources.file);
    if (sources.file.isEmpty() || (!sources.fileRequired && !file.exists()))
        return std::nullopt;
    QByteArray text;
    if (file.open(QIODevice::ReadOnly))
        text = file.read(limit + 1);
    if (file.error() == QFileDevice::NoError)
        return text;
    problems.append({.place = sources.file, .what = u"cannot be read: " % file.errorString()});
    return std::nullopt;
}

void readFile(const SettingTable &table, const ConfigurationSources &sources, SettingValues &values,
              QList<ConfigProblem> &problems)
{
    const YamlLimits limits;
    const std::optional<QByteArray> text = contentOf(sources, limits.size, problems);
    if (!text)
        return;
    if (const std::optional<ConfigNode> root = parseYaml(*text, sources.file, problems, limits))
        NodeReader(table, sources.file, problems).read(*root, values);
}

void assignText(const Setting &setting, const QString &text, const SettingOrigin &origin, SettingValues &values,
                QList<ConfigProblem> &problems)
{
    const QString place = origin.toString();
    if (setting.isStructure())
        problems.append({.place = place, .what = setting.key % u" can only be set in the configuration file"});
    else if (std::optional<SettingValue> value = setting.parse(text))
        values.assign(setting.key, std::move(*value), origin);
    else
        problems.append({.place = place, .what = setting.requirement()});
}

void readEnvironment(const SettingTable &table, const QProcessEnvironment &environment, SettingValues &values,
                     QList<ConfigProblem> &problems)
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
        problems.append({.place = origin.toString(),
                         .what = meant ? u"unknown setting; did you mean " % meant->variable() % u'?'
                                       : QStringLiteral("unknown setting")});
    }
}

void readFlags(const SettingTable &table, const QList<FlagValue> &flags, SettingValues &values,
               QList<ConfigProblem> &problems)
{
    for (const FlagValue &flag : flags) {
        const Setting *const setting = table.find(flag.key);
        Q_ASSERT_X(setting && !setting->flag.isEmpty(), "loadConfiguration", qPrintable(u"no flag for " % flag.key));
        assignText(*setting, flag.value, {Layer::Flag, setting->flag}, values, problems);
    }
}

} // namespace

ConfigurationSources sourcesAtStart(const QString &namedFile, const QString &usualFile, QProcessEnvironment environment,
                                    QList<FlagValue> flags)
{
    const bool isNamed = !namedFile.isEmpty();
    return {.file = isNamed ? namedFile : usualFile,
            .fileRequired = isNamed || QFile::exists(usualFile),
            .environment = std::move(environment),
            .flags = std::move(flags)};
}

SettingValues readConfiguration(const SettingTable &table, const ConfigurationSources &sources,
                                QList<ConfigProblem> &problems)
{
    SettingValues values = table.defaults();
    readFile(table, sources, values, problems);
    readEnvironment(table, sources.environment, values, problems);
    readFlags(table, sources.flags, values, problems);
    if (problems.isEmpty())
        requireSettings(table, values, problems);
    return values;
}

Result<SettingValues> loadConfiguration(const SettingTable &table, const ConfigurationSources &sources)
{
    QList<ConfigProblem> problems;
    SettingValues values = readConfiguration(table, sources, problems);
    if (!problems.isEmpty())
        return configurationError(problems);
    return values;
}

Error configurationError(const QList<ConfigProblem> &problems)
{
    QStringList lines;
    for (const ConfigProblem &problem : problems)
        lines.append(problem.toString());
    return {.code = ErrorCode::Configuration, .message = lines.join(u'\n')};
}

} // namespace hearth
