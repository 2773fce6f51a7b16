#include "hearthserver.h"

#include "agenttable.h"
#include "apirouter.h"
#include "httpserver.h"
#include "llmtable.h"
#include "logging.h"
#include "providersessiontable.h"
#include "websocketacceptor.h"

#include <QHostAddress>
#include <QTcpSocket>
#include <QThreadPool>

namespace hearth::server {

namespace {

/// What the registry is filled with at the start.
struct StoredRows
{
    QList<domain::Llm> llms;
    QList<domain::Agent> agents;
    QList<domain::ProviderSession> sessions;
};

Result<StoredRows> loadRows(storage::Database &database)
{
    auto llms = storage::LlmTable(database).all();
    if (!llms)
        return llms.error();
    auto agents = storage::AgentTable(database).all();
    if (!agents)
        return agents.error();
    auto sessions = storage::ProviderSessionTable(database).all();
    if (!sessions)
        return sessions.error();
    return StoredRows{std::move(*llms), std::move(*agents), std::move(*sessions)};
}

bool isLoopback(const QString &host)
{
    return host == QLatin1String("localhost") || QHostAddress(host).isLoopback();
}

} // namespace

// In the order of construction; what stands below uses what stands above.
class HearthServer::Private
{
public:
    Private(HearthServer &server, ServerSettings serverSettings);

    void loaded(const Result<StoredRows> &rows);
    Result<void> listen();
    void finish();

    HearthServer &q;
    const ServerSettings settings;
    SystemClock clock;
    storage::Storage storage;
    domain::Registry registry;
    domain::KeyRing keys;
    SerialQueue changes;
    relay::Relay relay;
    control::ControlServer control;
    channel::WebSocketAcceptor acceptor;
    QThreadPool scanners;
    api::ApiRouter router;
    http::HttpServer http;
    Timer drainTimer;
    bool stopping = false;
    bool stopped = false;
};

HearthServer::Private::Private(HearthServer &server, ServerSettings serverSettings)
    : q(server)
    , settings(std::move(serverSettings))
    , storage(settings.storage)
    , registry(clock)
    , relay(registry, clock, settings.relay)
    , control({registry, keys, relay, storage, changes, clock}, settings.control)
    , acceptor(settings.channel, clock)
    , router({registry, keys, relay, storage, changes, clock, scanners, settings.api,
              [this](std::unique_ptr<QTcpSocket> socket, const domain::Principal &principal) {
                  acceptor.accept(std::move(socket), [this, principal](std::unique_ptr<channel::Channel> channel) {
                      control.accept(std::move(channel), principal);
                  });
              }})
    , http(settings.http, clock, router)
    , drainTimer(clock, [this] {
        qCWarning(lcServer) << "giving up" << http.activeRequests() << "requests that are still running";
        finish();
    })
{
    // One thread: a scan runs at a gigabyte a second, and more of them would only take cores from the event loop.
    scanners.setMaxThreadCount(1);
    connect(&storage, &storage::Storage::apiKeysLoaded, &q, [this](const QList<domain::ApiKey> &loadedKeys) {
        keys.setKeys(loadedKeys);
        control.checkKeys();
    });
    connect(&http, &http::HttpServer::drained, &q, [this] { finish(); });
}

void HearthServer::Private::loaded(const Result<StoredRows> &rows)
{
    if (!rows) {
        Q_EMIT q.failed(rows.error());
        return;
    }
    registry.load(rows->llms, rows->agents, rows->sessions);
    // What loading has made inactive is written behind, like every change of a row's lifecycle.
    control.storeLoadedRows();
    if (stopping)
        return;
    if (const Result<void> listening = listen(); !listening)
        Q_EMIT q.failed(listening.error());
    else
        Q_EMIT q.started();
}

Result<void> HearthServer::Private::listen()
{
    if (!isLoopback(settings.http.host) && !keys.hasValidKey(clock.wallNow())) {
        return Error{
            ErrorCode::Configuration,
            QStringLiteral("Refusing to listen on %1 while no valid API key exists. Make one first: hearthd key create "
                           "--name NAME --scope infer")
                .arg(settings.http.host)};
    }
    return http.listen();
}

void HearthServer::Private::finish()
{
    if (!stopping || std::exchange(stopped, true))
        return;
    drainTimer.stop();
    control.closeAll();
    Q_EMIT q.stopped();
}

HearthServer::HearthServer(ServerSettings settings, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, std::move(settings)))
{}

HearthServer::~HearthServer() = default;

void HearthServer::start()
{
    if (const Result<void> opened = d->storage.open(); !opened) {
        Q_EMIT failed(opened.error());
        return;
    }
    d->storage.submit<StoredRows>(this, loadRows, [this](const Result<StoredRows> &rows) { d->loaded(rows); });
}

quint16 HearthServer::port() const
{
    return d->http.port();
}

void HearthServer::stop()
{
    if (std::exchange(d->stopping, true))
        return;
    d->drainTimer.start(d->settings.drainTimeout);
    d->relay.beginShutdown();
    d->control.sayGoodbye();
    d->http.drain();
}

} // namespace hearth::server
