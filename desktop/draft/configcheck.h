// checkConfig(): what a publisher.yaml means, or everything that is wrong with it.
//
// One judge for all: the file at start, a hand edit, and each key stroke in the settings dialog. It reads the key files
// that the text names, and nothing else. Pure but for that.

#pragma once

#include "configproblem.h"
#include "desktopsettings.h"
#include "publishersettings.h"

#include <QProcessEnvironment>

#include <optional>

namespace hearth::draft {

struct ConfigMeaning
{
    publisher::PublisherSettings publisher;
    publisher::DesktopSettings desktop;
    /// As setLogLevel() wants it.
    QString logLevel;
};

struct ConfigVerdict
{
    /// Nothing when there are problems.
    std::optional<ConfigMeaning> meaning;
    QList<ConfigProblem> problems;
};

/// `file` is where the text stands or will stand: problems name it, and it tells publishers apart. `environment` lies
/// over the file (`HEARTH_…`), as for hearth-publisher.
ConfigVerdict checkConfig(const QByteArray &text, const QString &file, const QProcessEnvironment &environment);

} // namespace hearth::draft
