#include "daemon.h"

#include <QCoreApplication>

#include <csignal>

namespace hearth::server {

namespace {

using namespace std::chrono_literals;

constexpr Duration drainReportInterval = 1s;
/// What the process takes beyond the time for running answers and for the database.
constexpr Duration endMargin = 5s;

/// From the signal to the end of the process.
Duration stopLimit(const ServerSettings &settings)
{
    return settings.drainTimeout + settings.storage.closeLimit() + endMargin;
}

QString urlOf(const http::HttpSettings &http, quint16 port)
{
    const QString scheme = QLatin1String(http.certificateFile.isEmpty() ? "http" : "https");
    const QString host = http.host.contains(u':') ? u'[' + http.host + u']' : http.host;
    return scheme % QStringLiteral("://") % host % u':' % QString::number(port);
}

} // namespace

Daemon::Daemon(ServerSettings settings, const SettingTable &table, const ConfigurationSources &sources,
               const SettingValues &values)
    : m_manager(m_clock)
    , m_termination({SIGTERM, SIGINT}, SignalWatch::Takes::First)
    , m_hangup({SIGHUP}, SignalWatch::Takes::Every)
    , m_server(std::move(settings))
    , m_reloader(m_server, table, sources, values)
    , m_drainReport(m_clock, [this] { showDraining(); })
{
    connect(&m_server, &HearthServer::started, this, &Daemon::announce);
    connect(&m_server, &HearthServer::failed, this, &Daemon::end);
    connect(&m_server, &HearthServer::stopped, this, &Daemon::finish);
    connect(&m_termination, &SignalWatch::received, this, &Daemon::stop);
    // A terminal that is closed may send it twice.
    connect(&m_hangup, &SignalWatch::received, this, endsWithTerminal() ? &Daemon::stop : &Daemon::reload);
}

Result<void> Daemon::serve()
{
    // From inside the event loop, so that a failure can end it.
    QMetaObject::invokeMethod(&m_server, &HearthServer::start, Qt::QueuedConnection);
    QCoreApplication::exec();
    if (m_failure)
        return *m_failure;
    return {};
}

void Daemon::announce()
{
    m_phase = Phase::Serving;
    const QString status = QStringLiteral("listening on ") + urlOf(m_server.settings().http, m_server.port());
    qCInfo(lcServer).noquote() << status;
    m_manager.sayReady(status);
}

void Daemon::reload()
{
    if (m_phase != Phase::Serving) {
        qCWarning(lcServer) << "SIGHUP is ignored before the server listens and once it is stopping";
        return;
    }
    m_manager.sayReloading();
    const LogLevel before = m_server.settings().logLevel;
    const Result<ReloadReport> reloaded = m_reloader.reload();
    const LogLevel now = m_server.settings().logLevel;
    const QString status =
        reloaded ? reloaded->text()
                 : QStringLiteral("not reloaded, everything stays as it was: ") + reloaded.error().message;
    // Who has raised the level is to read that, too.
    setLogLevel(std::min(before, now));
    if (reloaded && reloaded->waiting.isEmpty())
        qCInfo(lcServer).noquote() << status;
    else
        qCWarning(lcServer).noquote() << status;
    setLogLevel(now);
    m_manager.sayReady(status);
}

void Daemon::stop()
{
    if (std::exchange(m_phase, Phase::Stopping) == Phase::Stopping)
        return;
    qCInfo(lcServer) << "stopping: running answers may finish";
    m_manager.sayStopping(stopLimit(m_server.settings()), QStringLiteral("stopping"));
    m_server.stop();
    showDraining();
}

void Daemon::showDraining()
{
    if (const QString status = service::drainStatus(m_server.runningRequests()); !status.isEmpty())
        m_manager.sayStatus(status);
    else if (m_server.hasUnstoredAnswers())
        m_manager.sayStatus(QStringLiteral("draining: storing the last answers"));
    m_drainReport.start(drainReportInterval);
}

void Daemon::finish()
{
    m_drainReport.stop();
    // The server's last step, and the only one left that may take long.
    m_manager.sayStatus(QStringLiteral("closing the database"));
    QCoreApplication::exit();
}

void Daemon::end(const Error &failure)
{
    m_failure = failure;
    QCoreApplication::exit();
}

} // namespace hearth::server
