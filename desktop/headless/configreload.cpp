#include "configreload.h"

#include "publisherconfig.h"

namespace hearth::headless {

namespace {

/// What differs between both of that which a running publisher cannot take over.
QStringList lastingChanges(const SettingValues &before, const SettingValues &now)
{
    QStringList keys;
    for (const Setting &setting : publisher::publisherSettingTable()) {
        const auto textOf = [&setting](const SettingValues &values) {
            return toText(setting.type, values.value(setting.key));
        };
        if (!setting.reloadable && textOf(before) != textOf(now))
            keys.append(setting.key);
    }
    return keys;
}

} // namespace

bool publishesAnything(const publisher::Publisher &publisher)
{
    return !publisher.llms().empty() || !publisher.agents().empty();
}

ConfigReload::ConfigReload(publisher::Publisher &publisher, ConfigurationReader reader, SettingValues running)
    : m_publisher(publisher)
    , m_reader(std::move(reader))
    , m_running(std::move(running))
{}

Result<QString> ConfigReload::reload()
{
    const Result<RunConfiguration> configuration = m_reader.read();
    if (!configuration)
        return configuration.error();
    if (!m_publisher.canApply(configuration->settings)) {
        return Error{
            ErrorCode::Conflict,
            QStringLiteral("%1 can only be changed by a restart of hearth-publisher; until then it goes on with "
                           "the whole configuration that it had.")
                .arg(lastingChanges(m_running, configuration->values).join(QLatin1String(", ")))};
    }
    setLogLevel(configuration->logLevel);
    m_publisher.apply(configuration->settings);
    m_running = configuration->values;
    if (!publishesAnything(m_publisher)) {
        qCWarning(lcPublisher) << "Nothing is published any more: no entry of llms has \"publish: true\". "
                                  "hearth-publisher would not start with this configuration.";
    }
    return QStringLiteral(
               "The configuration has been read again: %1 of %2 entries of llms and %3 agents are published.")
        .arg(m_publisher.llms().size())
        .arg(configuration->settings.llms.size())
        .arg(m_publisher.agents().size());
}

} // namespace hearth::headless
