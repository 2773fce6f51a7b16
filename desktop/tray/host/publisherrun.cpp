#include "publisherrun.h"

#include "websocketdialer.h"

#include <QRandomGenerator>

namespace hearth::host {

RunParts RunParts::world()
{
    return {.makeDialer =
                [](const publisher::PublisherSettings &settings, Clock &clock) {
                    return std::make_unique<publisher::WebSocketDialer>(
                        channel::ConnectorSettings{settings.channel, settings.caFile}, clock);
                },
            .makeClient =
                [](const publisher::PublisherSettings &settings, Clock &clock) {
                    return std::make_unique<httpclient::HttpClient>(publisher::httpClientSettings(settings), clock);
                },
            .random = [] { return QRandomGenerator::global()->generateDouble(); },
            .startRecipe = &publisher::RecipeRun::start};
}

PublisherRun::PublisherRun(const publisher::PublisherSettings &settings, std::function<Result<QByteArray>()> key,
                           const RunParts &parts, Clock &clock, Duration stopLimit, QObject *parent)
    : QObject(parent)
    , m_dialer(parts.makeDialer(settings, clock))
    , m_client(parts.makeClient(settings, clock))
    , m_publisher(settings, {.dialer = *m_dialer,
                             .client = *m_client,
                             .clock = clock,
                             .key = std::move(key),
                             .random = parts.random,
                             .startRecipe = parts.startRecipe,
                             .watchesRequests = true})
    , m_stopLimit(stopLimit)
    , m_stopTimer(clock, [this] { Q_EMIT stopped(); })
{
    connect(&m_publisher, &publisher::Publisher::stopped, this, [this] {
        if (!isStopping())
            return;
        m_stopTimer.stop();
        Q_EMIT stopped();
    });
}

PublisherRun::~PublisherRun() = default;

void PublisherRun::stop()
{
    if (isStopping())
        return;
    m_stopTimer.start(m_stopLimit);
    m_publisher.stop();
}

} // namespace hearth::host
