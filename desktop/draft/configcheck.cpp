#include "configcheck.h"

#include "configuration.h"
#include "publisherconfig.h"

#include <algorithm>

namespace hearth::draft {

namespace {

const SettingTable &settingTable()
{
    // Making it takes longer than judging a small file does.
    static const SettingTable table = publisher::publisherSettingTable();
    return table;
}

/// Where a value has the wrong form its default stands in for it; what that means is nobody's fault.
void keepFirstOfEachKey(QList<ConfigProblem> &problems)
{
    QList<ConfigProblem> kept;
    for (const ConfigProblem &problem : std::as_const(problems)) {
        const bool isNew =
            problem.key.isEmpty() || std::ranges::find(kept, problem.key, &ConfigProblem::key) == kept.end();
        if (isNew)
            kept.append(problem);
    }
    problems = std::move(kept);
}

} // namespace

ConfigVerdict checkConfig(const QByteArray &text, const QString &file, const QProcessEnvironment &environment)
{
    QList<ConfigProblem> problems;
    const SettingValues values =
        readConfiguration(settingTable(), {.file = file, .text = text, .environment = environment}, problems);
    // What is not even a map of settings has no meaning that could be judged.
    if (!std::ranges::all_of(problems, [](const ConfigProblem &problem) { return !problem.key.isEmpty(); }))
        return {.meaning = std::nullopt, .problems = std::move(problems)};
    ConfigMeaning meaning{.publisher = publisher::readPublisherSettings(values, file, problems),
                          .desktop = publisher::readDesktopSettings(values, problems),
                          .logLevel = values.text("logLevel")};
    if (problems.isEmpty())
        return {.meaning = std::move(meaning), .problems = {}};
    keepFirstOfEachKey(problems);
    return {.meaning = std::nullopt, .problems = std::move(problems)};
}

} // namespace hearth::draft
