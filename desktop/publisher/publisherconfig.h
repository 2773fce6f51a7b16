// The configuration of a publisher: the table of publisher.yaml and what its values mean.
//
// hearth-publisher calls these functions once, at start; the tray by checkConfig() (desktop/draft), whenever the file
// changes or somebody considers a change. Key files are read here, so that a mistake shows up before anything is
// connected. No thread affinity.

#pragma once

#include "configproblem.h"
#include "publishersettings.h"
#include "result.h"
#include "setting.h"

namespace hearth::publisher {

SettingTable publisherSettingTable();

/// What the values of publisherSettingTable() mean, but for the section `desktop`. `configFile` is where they come from
/// and only tells publishers apart; empty without a file. What is wrong is added to `problems`. With KeyStore::Keyring
/// there is no key file, and a caller that has no keyring must say so.
PublisherSettings readPublisherSettings(const SettingValues &values, const QString &configFile,
                                        QList<ConfigProblem> &problems);

/// The same for the start of a program, with a warning in the log about key files that others can read. Errors:
/// Configuration, every problem on a line of its own.
Result<PublisherSettings> readPublisherSettings(const SettingValues &values, const QString &configFile);

/// That of the system's service, `/etc/hearth/publisher.yaml`. It names a key, so as a rule only root and the service
/// may read it.
QString systemConfigFile();

/// The configuration file that is read when none is named: `$XDG_CONFIG_HOME/hearth/publisher.yaml`, else that of the
/// system, where this user may read it; empty where there is none. What is not for this user to read is no
/// configuration of theirs: they may make one.
QString defaultConfigFile(const QString &ofTheSystem = systemConfigFile());

} // namespace hearth::publisher
