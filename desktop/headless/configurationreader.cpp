#include "configurationreader.h"

#include "publisherconfig.h"

namespace hearth::headless {

ConfigurationReader::ConfigurationReader(const PublishOptions &options)
    : m_sources(sourcesAtStart(options.configFile, publisher::defaultConfigFile(),
                               QProcessEnvironment::systemEnvironment(), options.flags))
{}

Result<RunConfiguration> ConfigurationReader::read() const
{
    const Result<SettingValues> values = loadConfiguration(publisher::publisherSettingTable(), m_sources);
    if (!values)
        return values.error();
    const Result<publisher::PublisherSettings> settings = publisher::readPublisherSettings(*values, file());
    if (!settings)
        return settings.error();
    if (settings->keyStore == publisher::KeyStore::Keyring) {
        return configurationError(
            {{.place = file(),
              .key = QStringLiteral("keyStore"),
              .what = QStringLiteral("hearth-publisher cannot read the keyring of a desktop; put "
                                     "the key into a file of its own and name it with keyFile in "
                                     "place of keyStore, or with --key-file, or use hearth-tray")}});
    }
    return RunConfiguration{*values, *settings, logLevelFromString(values->text("logLevel")).value_or(LogLevel::Info)};
}

} // namespace hearth::headless
