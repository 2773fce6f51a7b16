// ConfigReload: takes a changed configuration over while the publisher runs, as SIGHUP wants it.
//
// PublishRun has one. What is wrong with the file changes nothing. What the control channel itself is made of needs a
// restart; then nothing else is taken over either, for models that were meant for another server must not be shown to
// this one. Publisher's thread.

#pragma once

#include "configurationreader.h"
#include "publisher.h"

namespace hearth::headless {

/// Whether there is anything to publish. Without, hearth-publisher does not start; but a running one withdraws at once
/// what is no longer to be shared, be it everything.
bool publishesAnything(const publisher::Publisher &publisher);

class ConfigReload
{
public:
    /// `running` is what `publisher` was made with, which must outlive it.
    ConfigReload(publisher::Publisher &publisher, ConfigurationReader reader, SettingValues running);

    /// What has come of it, as a sentence. Errors: Configuration as for ConfigurationReader::read(); Conflict when it
    /// needs a restart. Everything is as it was then. Not to be called from inside a signal of the publisher.
    Result<QString> reload();

private:
    publisher::Publisher &m_publisher;
    const ConfigurationReader m_reader;
    /// Of the last configuration that was taken over.
    SettingValues m_running;
};

} // namespace hearth::headless
