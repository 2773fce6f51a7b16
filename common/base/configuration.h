// loadConfiguration(): the settings of a program, merged from defaults, file, environment and flags.
//
// Called once by each main(), before anything else is made. The environment is passed in, so tests need not change
// theirs. It only merges and checks form; the command line itself is parsed by the program.

#pragma once

#include "result.h"
#include "setting.h"

#include <QProcessEnvironment>

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
    /// Whether a missing file is an error, as it is when the person named it.
    bool fileRequired = false;
    /// Every variable `HEARTH_…` must be a setting, except `HEARTH_TEST_…`.
    QProcessEnvironment environment = {};
    QList<FlagValue> flags = {};
};

/// All settings of `table`, or one Error (code Configuration) whose message lists every problem on a line of its own:
/// `/etc/hearth/hearthd.yaml:7: lifecycle.sweepInterval: unknown setting; did you mean …`.
Result<SettingValues> loadConfiguration(const SettingTable &table, const ConfigurationSources &sources);

/// The Error for problems (SettingValues::problem()) that the program itself found. `problems` is not empty.
Error configurationError(const QStringList &problems);

} // namespace hearth
