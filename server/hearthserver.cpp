#include "hearthserver.h"

#include "agenttable.h"
#include "apirouter.h"
#include "llmtable.h"
#include "logging.h"
#include "providersessiontable.h"
#include "publicllms.h"
#include "turnstart.h"
#include "websocketacceptor.h"

#include <QCoreApplication>
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

Result<StoredRows> loadRows(storage::Database &database, WallTime now)
{
    if (const Result<void> failed = chat::failInterrupted(database, now); !failed)
        return failed.error();
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
    /// Finishes when nothing is being answered any more, be it that nobody waits for it.
    void finishWhenDone();
    /// Finishes although something has not ended.
    void giveUp();
    void finish();

    HearthServer &q;
    ServerSettings settings;
    SystemClock clock;
    storage::Storage storage;
    domain::Registry registry;
    domain::KeyRing keys;
    SerialQueue changes;
    relay::Relay relay;
    metrics::Metrics metrics;
    usage::UsageLedger usage;
    publicllm::SecretBox secrets;
    publicllm::AddressGuard addresses;
    publicllm::PublicLlms publicLlms;
    control::ControlServer control;
    chat::ChatService chat;
    channel::WebSocketAcceptor acceptor;
    QThreadPool scanners;
    api::ApiRouter router;
    http::HttpServer http;
    Timer drainTimer;
    bool stopping = false;
    bool stopped = false;
    /// The last connection has closed.
    bool isDrained = false;
};

HearthServer::Private::Private(HearthServer &server, ServerSettings serverSettings)
    : q(server)
    , settings(std::move(serverSettings))
    , storage(settings.storage)
    , registry(clock)
    , relay(registry, clock, settings.relay)
    , metrics(clock, settings.metrics, QCoreApplication::applicationVersion())
    , usage(storage, clock, settings.usage)
    , addresses(settings.http.host)
    , publicLlms(settings.publicLlm, secrets, addresses, clock)
    , control({registry, keys, relay, storage, changes, clock}, settings.control)
    , chat({relay, storage, clock}, settings.chat)
    , acceptor(settings.channel, clock)
    , router({registry, keys, relay, chat, secrets, addresses, metrics, usage, storage, changes, clock, scanners,
              settings.api,
              [this](std::unique_ptr<QTcpSocket> socket, const domain::Principal &principal) {
                  acceptor.accept(std::move(socket), [this, principal](std::unique_ptr<channel::Channel> channel) {
                      control.accept(std::move(channel), principal);
                  });
              }})
    , http(settings.http, clock, router)
    , drainTimer(clock, [this] { giveUp(); })
{
    // One thread: a scan runs at a gigabyte a second, and more of them would only take cores from the event loop.
    scanners.setMaxThreadCount(1);
    relay.setPublicTarget(publicLlms);
    relay.addObserver(metrics);
    relay.addObserver(usage);
    connect(&storage, &storage::Storage::apiKeysLoaded, &q, [this](const QList<domain::ApiKey> &loadedKeys) {
        keys.setKeys(loadedKeys);
        control.checkKeys();
    });
    connect(&http, &http::HttpServer::drained, &q, [this] {
        isDrained = true;
        finishWhenDone();
    });
    connect(&chat, &chat::ChatService::idle, &q, [this] { finishWhenDone(); });
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
    const Result<void> listening = http.listen();
    if (listening)
        addresses.setOwnPort(http.port());
    return listening;
}

void HearthServer::Private::finishWhenDone()
{
    if (isDrained && chat.isIdle())
        finish();
}

void HearthServer::Private::giveUp()
{
    if (const int running = http.activeRequests(); running > 0)
        qCWarning(lcServer) << "giving up" << running << "requests that are still running";
    else if (!chat.isIdle())
        qCWarning(lcServer) << "giving up answers in chats that are still to be stored";
    finish();
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
    if (const Result<void> loaded = d->secrets.load(secretFilePath(d->settings)); !loaded) {
        Q_EMIT failed(loaded.error());
        return;
    }
    d->storage.submit<StoredRows>(
        this, [now = d->clock.wallNow()](storage::Database &database) { return loadRows(database, now); },
        [this](const Result<StoredRows> &rows) { d->loaded(rows); });
}

quint16 HearthServer::port() const
{
    return d->http.port();
}

int HearthServer::runningRequests() const
{
    return d->http.activeRequests();
}

bool HearthServer::hasUnstoredAnswers() const
{
    return !d->chat.isIdle();
}

Result<http::CertificateChange> HearthServer::apply(const ServerSettings &settings)
{
    // The only room that may refuse goes first.
    const Result<http::CertificateChange> taken = d->http.setSettings(settings.http);
    if (!taken)
        return taken;
    d->relay.setSettings(settings.relay);
    d->publicLlms.setSettings(settings.publicLlm);
    d->chat.setSettings(settings.chat);
    d->router.setSettings(settings.api);
    d->usage.setSettings(settings.usage);
    setLogLevel(settings.logLevel);
    d->settings.logLevel = settings.logLevel;
    d->settings.drainTimeout = settings.drainTimeout;
    return taken;
}

ServerSettings HearthServer::settings() const
{
    ServerSettings now = d->settings;
    now.http = d->http.settings();
    now.relay = d->relay.settings();
    now.publicLlm = d->publicLlms.settings();
    now.chat = d->chat.settings();
    now.api = d->router.settings();
    now.usage = d->usage.settings();
    return now;
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
