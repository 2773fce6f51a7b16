// SettingFlags: the settings that can be given on the command line.
//
// The class of a program's command line makes one beside its CLI::App, has the options added, and takes the values once
// the App was parsed; merging them with file and environment is loadConfiguration()'s duty. It holds what CLI11 writes
// into, so it must outlive the App's parsing.

#pragma once

#include "configuration.h"

#include <map>
#include <string>

namespace CLI {
class App;
}

namespace hearth::commandline {

class SettingFlags final
{
public:
    /// Keeps a copy of `table`.
    explicit SettingFlags(const SettingTable &table);
    Q_DISABLE_COPY_MOVE(SettingFlags)

    /// Adds an option for every setting that has a flag, explained by the setting's help and default.
    void addTo(CLI::App &app);
    /// Adds the flag of one setting to a command for which it has a meaning of its own. Wherever it is given, it is the
    /// same value. `key` must be a setting with a flag.
    void addTo(CLI::App &command, const QString &key, const std::string &description);

    /// Empty where the flag was not given.
    QString value(const QString &key) const;
    QList<FlagValue> given() const;

private:
    SettingTable m_table;
    /// By key. CLI11 has pointers to them; a map never moves what it holds.
    std::map<QString, std::string> m_values;
};

} // namespace hearth::commandline
