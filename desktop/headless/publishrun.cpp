#include "publishrun.h"

#include "keyfile.h"

#include <QRandomGenerator>

#include <csignal>

namespace hearth::headless {

namespace {

using namespace std::chrono_literals;

/// Beyond what the parts of an end may take, for everything between them.
constexpr Duration stopMargin = 5s;

/// What tells this publisher from others: no two programs may publish with the same.
QString identityOf(const publisher::PublisherSettings &settings, const QString &configFile)
{
    return configFile.isEmpty() ? settings.stateFile : configFile;
}

publisher::PublisherParts partsFor(const publisher::PublisherSettings &settings, publisher::Dialer &dialer,
                                   httpclient::HttpClient &client, Clock &clock)
{
    return {.dialer = dialer,
            .client = client,
            .clock = clock,
            .key = [keyFile = settings.keyFile] { return publisher::readPublisherKey(keyFile); },
            .random = [] { return QRandomGenerator::global()->generateDouble(); }};
}

} // namespace

PublishRun::PublishRun(const RunConfiguration &configuration, const ConfigurationReader &reader, Clock &clock,
                       QObject *parent)
    : QObject(parent)
    , m_configFile(reader.file())
    , m_manager(clock)
    , m_client(publisher::httpClientSettings(configuration.settings), clock)
    , m_dialer({configuration.settings.channel, configuration.settings.caFile}, clock)
    , m_publisher(configuration.settings, partsFor(configuration.settings, m_dialer, m_client, clock))
    , m_reload(m_publisher, reader, configuration.values)
    , m_lock(identityOf(configuration.settings, m_configFile))
    , m_statusReport(m_publisher, m_configFile, clock)
    , m_serviceReport(m_publisher, m_manager)
    , m_drain(m_publisher, clock)
{
    connect(&m_drain, &Drain::finished, &m_publisher, &publisher::Publisher::stop);
    connect(&m_publisher, &publisher::Publisher::stopped, this, &PublishRun::finished);
}

bool PublishRun::hasWork() const
{
    return publishesAnything(m_publisher);
}

Result<void> PublishRun::start()
{
    // From here on others can see it, and may want it to end.
    m_termination.emplace(QList<int>{SIGTERM, SIGINT}, SignalWatch::Takes::First);
    connect(&*m_termination, &SignalWatch::received, this, &PublishRun::stop);
    // A terminal that is closed may send it twice.
    m_hangup.emplace(QList<int>{SIGHUP}, SignalWatch::Takes::Every);
    connect(&*m_hangup, &SignalWatch::received, this, endsWithTerminal() ? &PublishRun::stop : &PublishRun::reload);
    if (const Result<void> taken = takeLock(); !taken)
        return taken;
    m_publisher.start();
    m_serviceReport.begin();
    return {};
}

Result<void> PublishRun::takeLock()
{
    const Result<void> taken = m_lock.take();
    if (!taken && taken.error().code == ErrorCode::Conflict)
        return taken;
    // A container without a home has nowhere to put a lock, and nobody to share it with.
    const Result<void> listening = taken ? m_statusReport.listen(m_lock.socketPath()) : taken;
    if (!listening)
        qCWarning(lcPublisher).noquote() << listening.error().message;
    return {};
}

void PublishRun::stop()
{
    // One signal may follow another.
    if (std::exchange(m_isStopping, true))
        return;
    const publisher::PublisherSettings &settings = m_publisher.settings();
    m_serviceReport.beginStopping(settings.drainTimeout + settings.channel.closeTimeout + settings.recipes.killGrace +
                                  stopMargin);
    m_drain.begin(settings.drainTimeout);
}

void PublishRun::reload()
{
    if (m_isStopping)
        return;
    m_manager.sayReloading();
    const Result<QString> outcome = m_reload.reload();
    if (outcome) {
        qCInfo(lcPublisher).noquote() << *outcome;
        m_manager.sayReady(serviceStatus(m_publisher));
    } else {
        const QString refusal = QStringLiteral("not reloaded: ") + outcome.error().message;
        qCWarning(lcPublisher).noquote() << refusal;
        m_manager.sayReady(refusal);
    }
}

} // namespace hearth::headless
