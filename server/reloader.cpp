#include "reloader.h"

#include "hearthserver.h"

namespace hearth::server {

namespace {

/// Compared as they would be written.
bool isSame(const Setting &setting, const SettingValues &left, const SettingValues &right)
{
    return toText(setting.type, left.value(setting.key)) == toText(setting.type, right.value(setting.key));
}

bool usesTls(const SettingValues &values)
{
    return !values.text("tls.certificateFile").isEmpty();
}

/// New names for the files of TLS are taken over, but no server that runs becomes one with TLS, or one without.
bool switchesTls(const Setting &setting, const SettingValues &left, const SettingValues &right)
{
    return setting.key.startsWith(QLatin1String("tls.")) && usesTls(left) != usesTls(right);
}

} // namespace

QString ReloadReport::text() const
{
    const QString separator = QStringLiteral(", ");
    QStringList parts;
    if (!applied.isEmpty())
        parts.append(applied.join(separator));
    if (!waiting.isEmpty())
        parts.append(QStringLiteral("changed, but only a restart takes them over: ") + waiting.join(separator));
    const QString what = parts.isEmpty() ? QStringLiteral("no setting has changed") : parts.join(QStringLiteral("; "));
    return QStringLiteral("reloaded: ") + what;
}

Reloader::Reloader(HearthServer &server, SettingTable table, ConfigurationSources sources, SettingValues running)
    : m_server(server)
    , m_table(std::move(table))
    , m_sources(std::move(sources))
    , m_running(std::move(running))
{}

Result<ReloadReport> Reloader::reload()
{
    const Result<SettingValues> values = loadConfiguration(m_table, m_sources);
    if (!values)
        return values.error();
    // All of it has to make sense, the part that waits for a restart included.
    if (const Result<ServerSettings> checked = readServerSettings(*values); !checked)
        return checked.error();

    SettingValues next = m_running;
    ReloadReport report;
    for (const Setting &setting : m_table) {
        if (isSame(setting, *values, m_running))
            continue;
        if (!setting.reloadable || switchesTls(setting, *values, m_running)) {
            report.waiting.append(setting.key);
            continue;
        }
        next.assign(setting.key, values->value(setting.key), values->origin(setting.key.toLatin1()));
        report.applied.append(setting.key);
    }
    const Result<ServerSettings> settings = readServerSettings(next);
    if (!settings)
        return settings.error();
    const Result<http::CertificateChange> certificate = m_server.apply(*settings);
    if (!certificate)
        return certificate.error();
    if (*certificate == http::CertificateChange::Renewed)
        report.applied.append(QStringLiteral("the TLS certificate"));
    m_running = std::move(next);
    return report;
}

} // namespace hearth::server
