// NodeReader: reads one map of a configuration file strictly by a table.
//
// Used by loadConfiguration() for the file and, within it, for each map of a list. Every fault is collected with file,
// line and key path, so that a person sees all of them at once. Used up in one call; no thread affinity.

#pragma once

#include "confignode.h"
#include "setting.h"

namespace hearth {

class NodeReader
{
public:
    /// All references must outlive the reader. `file` is the name for messages.
    NodeReader(const SettingTable &table, const QString &file, QList<ConfigProblem> &problems);

    /// Puts what `node` sets into `values`, whose items must be those of the table. Keys that the table does not know
    /// and values that break their requirement become problems and change nothing.
    void read(const ConfigNode &node, SettingValues &values);

private:
    void readMap(const ConfigNode &node, const QString &section, SettingValues &values);
    void readMember(const ConfigMember &member, const QString &key, SettingValues &values);
    void readSetting(const Setting &setting, const ConfigMember &member, SettingValues &values);
    std::vector<SettingValues> entriesOf(const Setting &setting, const ConfigNode &node, const QString &path);
    void complain(int line, const QString &path, const QString &what);

    const SettingTable &m_table;
    const QString &m_file;
    QList<ConfigProblem> &m_problems;
};

/// Adds a problem for every required setting that no source gives.
void requireSettings(const SettingTable &table, const SettingValues &values, QList<ConfigProblem> &problems);

} // namespace hearth
