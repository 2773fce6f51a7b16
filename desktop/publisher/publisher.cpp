#include "publisher.h"

#include "logging.h"
#include "recipeconfig.h"

#include <algorithm>

namespace hearth::publisher {

namespace {

std::vector<PublishedLlm> publishedOf(const PublisherSettings &settings)
{
    std::vector<PublishedLlm> llms;
    for (const LlmSettings &llm : settings.llms) {
        if (llm.publish)
            llms.emplace_back(llm, settings.backend);
    }
    return llms;
}

/// An agent cannot be had without its Llm. One that is no entry of this publisher is the server's to judge.
std::vector<PublishedAgent> publishedAgentsOf(const PublisherSettings &settings)
{
    std::vector<PublishedAgent> agents;
    for (const AgentSettings &agent : settings.agents) {
        const auto own = std::ranges::find(settings.llms, agent.llm, &LlmSettings::name);
        if (own == settings.llms.end() || own->publish)
            agents.push_back({agent});
    }
    return agents;
}

RecipeParts recipeParts(const PublisherSettings &settings, const PublisherParts &parts)
{
    return {{parts.client, parts.clock, settings.recipes}, parts.startRecipe};
}

QString lossText(const ChannelLoss &loss)
{
    if (loss.reason.code == static_cast<int>(channel::CloseCode::Replaced)) {
        return QStringLiteral(
            "Another publisher has taken over this provider session. If you run two of them, give each "
            "a stateFile of its own.");
    }
    if (loss.reason.code == static_cast<int>(channel::CloseCode::KeyRefused)) {
        return QStringLiteral("The server no longer accepts the API key. Make one with \"hearthd key create --scope "
                              "publish\" and put it into keyFile.");
    }
    const QString what = loss.reason.text.isEmpty() ? QString::number(loss.reason.code) : loss.reason.text;
    return QStringLiteral("The control channel was closed: %1").arg(what);
}

} // namespace

httpclient::HttpClientSettings httpClientSettings(const PublisherSettings &settings)
{
    httpclient::HttpClientSettings client;
    client.caFile = settings.caFile.toUtf8();
    // A backend that is kept busy keeps its connections.
    int tasks = 0;
    for (const LlmSettings &llm : settings.llms)
        tasks += llm.maxConcurrency;
    client.maxIdleConnections = std::max(client.maxIdleConnections, tasks);
    return client;
}

Publisher::Publisher(PublisherSettings settings, PublisherParts parts, QObject *parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_parts(std::move(parts))
    , m_llms(publishedOf(m_settings))
    , m_agents(publishedAgentsOf(m_settings))
    , m_watch(m_llms, {m_settings.watchInterval, m_settings.backend.probeTimeout}, m_parts.client, m_parts.clock)
    , m_wakes(m_llms, {m_watch, recipeParts(m_settings, m_parts), m_settings.wakePoll, [this] { wakesChanged(); }})
    , m_sleeper(m_llms, m_watch, recipeParts(m_settings, m_parts), [this] { m_wakes.statesChanged(); })
    , m_stateFile(m_settings.stateFile)
    , m_reconnect(m_settings.reconnect, m_parts.random)
    , m_context{m_settings, m_llms, m_agents, m_parts.client, m_watch, m_wakes, m_parts.clock}
    , m_retryTimer(m_parts.clock, [this] { connectToServer(); })
    , m_session(m_stateFile.load())
{
    connect(&m_watch, &BackendWatch::checked, this, &Publisher::backendsChecked);
    connect(&m_watch, &BackendWatch::changed, this, &Publisher::backendsChanged);
}

Publisher::~Publisher() = default;

void Publisher::start()
{
    m_isStopping = false;
    m_sleeper.start();
    if (m_handshake || m_live)
        return;
    warnOfRecipes();
    connectToServer();
}

void Publisher::stop()
{
    m_isStopping = true;
    m_retryTimer.stop();
    m_handshake.reset();
    if (m_live)
        m_live->stop();
    m_live.reset();
    m_sleeper.stop();
    m_wakes.stop();
    m_watch.stop();
    m_problem.clear();
    setState(ConnectionState::Offline);
    QMetaObject::invokeMethod(this, &Publisher::finishStopping, Qt::QueuedConnection);
}

void Publisher::finishStopping()
{
    if (!m_isStopping || !m_wakes.isIdle())
        return;
    m_isStopping = false;
    Q_EMIT stopped();
}

void Publisher::warnOfRecipes() const
{
    for (const PublishedLlm &llm : m_llms) {
        for (const RecipeCheck &check : checkRecipes(llm.settings)) {
            if (!check.canRun)
                qCWarning(lcPublisher).noquote() << check.text;
        }
    }
}

void Publisher::connectToServer()
{
    m_retryTimer.stop();
    const Result<QByteArray> key = m_parts.key();
    if (!key)
        return retryAfter(m_reconnect.afterFailure(key.error()), key.error().message);
    setState(ConnectionState::Connecting);
    m_handshake = std::make_unique<Handshake>(m_parts.dialer, m_parts.clock, m_settings.answerTimeout);
    m_handshake->start(controlChannelUrl(m_settings.server), *key,
                       [this](Result<Handshake::Greeting> result) { greeted(std::move(result)); });
}

void Publisher::greeted(Result<Handshake::Greeting> result)
{
    m_handshake.reset();
    if (!result)
        return retryAfter(m_reconnect.afterFailure(result.error()), result.error().message);
    m_live = std::make_unique<Session>(std::move(result).value(), m_context, static_cast<SessionObserver &>(*this));
    m_watch.checkAll();
}

void Publisher::backendsChecked()
{
    if (m_live)
        m_live->registerLlms(m_session);
}

void Publisher::backendsChanged()
{
    // The server learns the states before it learns how a wake has ended.
    if (m_live)
        m_live->statesChanged();
    m_wakes.statesChanged();
    Q_EMIT llmsChanged();
}

void Publisher::wakesChanged()
{
    Q_EMIT llmsChanged();
    QMetaObject::invokeMethod(this, &Publisher::finishStopping, Qt::QueuedConnection);
}

void Publisher::sessionRegistered(const channel::Registered &answer)
{
    m_reconnect.succeeded();
    rememberSession(answer.providerSessionId);
    if (m_state != ConnectionState::Online) {
        qCInfo(lcPublisher).noquote() << "Online at" << m_settings.server.toString() << "as" << m_settings.name
                                      << "in epoch" << answer.epoch;
    }
    m_problem.clear();
    setState(ConnectionState::Online);
    Q_EMIT llmsChanged();
}

void Publisher::sessionEnded(const ChannelLoss &loss)
{
    // Before anything else: with the session go all connections to backends.
    m_live.reset();
    m_watch.stop();
    retryAfter(m_reconnect.afterLoss(loss), lossText(loss));
}

void Publisher::retryAfter(Duration wait, const QString &problem)
{
    // Said once, not with every attempt.
    if (m_problem != problem)
        qCWarning(lcPublisher).noquote() << problem << "- trying again";
    qCDebug(lcPublisher) << "next attempt in" << wait.count() << "ms";
    m_problem = problem;
    m_retryTimer.start(wait);
    setState(ConnectionState::Offline);
}

void Publisher::setState(ConnectionState state)
{
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT stateChanged(state);
}

void Publisher::rememberSession(const ProviderSessionId &session)
{
    if (m_session == session)
        return;
    m_session = session;
    if (const Result<void> saved = m_stateFile.save(session); !saved)
        qCWarning(lcPublisher).noquote() << saved.error().message;
}

} // namespace hearth::publisher
