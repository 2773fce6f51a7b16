// loadConfiguration(): the settings of a program, merged from defaults, file, environment and flags.
//
// Called by each program before anything else is made, whenever it reads its configuration again, and for each text
// that a person considers saving. The environment is passed in, so tests need not change theirs. It only merges and
// checks form; the command line itself is parsed by the program.

#pragma once

#include "result.h"
#include "setting.h"

#include <QProcessEnvironment>

#include <optional>

namespace hearth {

/// A setting that the command line gives. The setting must have a flag.
struct FlagValue
{
    QString key;
    QString value;
};

struct ConfigurationSources
{
    /// Empty: no file.
    QString file = {};
    /// What stands in `file`, or is to stand there; nothing: what the disk says.
    std::optional<QByteArray> text = std::nullopt;
    /// Whether a missing file is an error.
    bool fileRequired = false;
    /// Every variable `HEARTH_…` must be a setting, except `HEARTH_TEST_…`.
    QProcessEnvironment environment = {};
    QList<FlagValue> flags = {};
};

/// What a program goes by that starts now: the file that the person has named, else `usualFile`, which need not exist.
/// If it exists now, it is required, and stays so: when the configuration is read again, a file that is gone, be it for
/// the moment in which an editor replaces it, must not pass for an empty one.
ConfigurationSources sourcesAtStart(const QString &namedFile, const QString &usualFile, QProcessEnvironment environment,
                                    QList<FlagValue> flags);

/// All settings of `table`. What is wrong is added to `problems`, and does not change the value that an earlier layer
/// gives.
SettingValues readConfiguration(const SettingTable &table, const ConfigurationSources &sources,
                                QList<ConfigProblem> &problems);

/// The same; any problem makes it one Error (code Configuration) whose message lists all of them, each on a line of its
/// own:
/// `/etc/hearth/hearthd.yaml:7: lifecycle.sweepInterval: unknown setting; did you mean …`.
Result<SettingValues> loadConfiguration(const SettingTable &table, const ConfigurationSources &sources);

/// The Error for problems (SettingValues::problem()) that the program itself found. `problems` is not empty.
Error configurationError(const QList<ConfigProblem> &problems);

} // namespace hearth
