// ConfigurationReader: what hearth-publisher runs with, from the file, the environment and the flags it was started
// with.
//
// main() makes one and reads with it before anything else is made; ConfigReload reads again, from the same sources. No
// thread affinity.

#pragma once

#include "configuration.h"
#include "logging.h"
#include "publishercommandline.h"
#include "publishersettings.h"

namespace hearth::headless {

struct RunConfiguration
{
    /// What settings are made of.
    SettingValues values;
    publisher::PublisherSettings settings;
    LogLevel logLevel = LogLevel::Info;
};

class ConfigurationReader
{
public:
    /// Looks for the file, where `options` names none.
    explicit ConfigurationReader(const PublishOptions &options);

    /// Empty where there is none.
    const QString &file() const { return m_sources.file; }

    /// Errors: Configuration, every problem on a line of its own, with its place.
    Result<RunConfiguration> read() const;

private:
    ConfigurationSources m_sources;
};

} // namespace hearth::headless
