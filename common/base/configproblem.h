// ConfigProblem: one thing that is wrong in a configuration, and where. A plain value.
//
// Collected by loadConfiguration() and by the programs that judge what values mean, so that a person sees all problems
// at once: as lines of text on a terminal, beside the field in a window.

#pragma once

#include <QList>
#include <QString>

namespace hearth {

struct ConfigProblem
{
    /// Where the value comes from: `/etc/hearth/publisher.yaml:12`, `environment HEARTH_LISTEN`, `--listen`; with a
    /// column where the file is not legal YAML; empty for a default.
    QString place = {};
    /// The key as seen from the whole file: `llms[1].wake.url`; empty when no single key is at fault.
    QString key = {};
    /// `must be a number of seconds between 1 and 86400`.
    QString what = {};

    /// `/etc/hearth/publisher.yaml:12: llms[1].wake.url: must be …`.
    QString toString() const;

    friend bool operator==(const ConfigProblem &, const ConfigProblem &) = default;
};

} // namespace hearth
