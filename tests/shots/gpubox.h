// The box that the pictures show: somebody's workstation with a few models, at work.
//
// The snapshots are those of the window's tests, with names as people have them. Plain values.

#pragma once

#include "backendfinder.h"
#include "boxsnapshots.h"
#include "configdraft.h"
#include "logging.h"

namespace hearth::shots {

/// Where its configuration would be; nothing is read or written there.
extern const QString configFile;

/// The same situation on this box.
status::PublisherSnapshot onThisBox(status::PublisherSnapshot snapshot);

status::PublisherSnapshot pausedSnapshot();
status::PublisherSnapshot attentionSnapshot();
/// Online with a configuration that has no models.
status::PublisherSnapshot emptySnapshot();

/// The configuration of the box.
draft::ConfigDraft configuration();

/// What is found on its usual ports.
std::vector<discovery::FoundBackend> backends();

/// Some lines of its log.
std::vector<LogRecord> logLines();

} // namespace hearth::shots
