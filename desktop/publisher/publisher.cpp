#include "publisher.h"

#include "logging.h"
#include "recipeconfig.h"

#include <QPointer>

#include <algorithm>
#include <tuple>

namespace hearth::publisher {

namespace {

RecipeParts recipeParts(const PublisherSettings &settings, const PublisherParts &parts)
{
    return {{parts.client, parts.clock, settings.recipes}, parts.startRecipe};
}

WatchSettings watchSettings(const PublisherSettings &settings)
{
    return {settings.watchInterval, settings.backend.probeTimeout};
}

/// What a person has to know of it.
Error problemOf(const ChannelLoss &loss)
{
    if (loss.reason.code == static_cast<int>(channel::CloseCode::Replaced)) {
        return {ErrorCode::Conflict,
                QStringLiteral("Another publisher has taken over this provider session. If you run two of them, give "
                               "each a stateFile of its own.")};
    }
    if (loss.reason.code == static_cast<int>(channel::CloseCode::KeyRefused)) {
        return {ErrorCode::InvalidApiKey,
                QStringLiteral("The server no longer accepts the API key. Make one with \"hearthd key create --name "
                               "NAME --scope publish\" and put it where the old one is: into keyFile, or into the "
                               "keyring by hearth-tray.")};
    }
    const QString what = loss.reason.text.isEmpty() ? QString::number(loss.reason.code) : loss.reason.text;
    return {ErrorCode::Io, QStringLiteral("The control channel was closed: %1").arg(what)};
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
    , m_roster(m_settings)
    , m_watch(m_roster, watchSettings(m_settings), m_parts.client, m_parts.clock)
    , m_wakes(m_roster, {m_watch, recipeParts(m_settings, m_parts), m_settings.wakePoll, [this] { wakesChanged(); },
                         [this](const PublishedLlm &llm, const Result<void> &result) { wakeOver(llm, result); }})
    , m_sleeper(m_roster, m_watch, recipeParts(m_settings, m_parts), [this] { m_wakes.statesChanged(); })
    , m_stateFile(m_settings.stateFile)
    , m_reconnect(m_settings.reconnect, m_parts.random)
    , m_context{m_settings,    m_intake,
                m_roster,      m_parts.client,
                m_watch,       m_wakes,
                m_parts.clock, m_parts.watchesRequests ? static_cast<RequestObserver *>(this) : nullptr}
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
    if (m_live) {
        ++m_leavingChannels;
        m_live->stop([self = QPointer(this)] {
            if (self)
                self->channelGone();
        });
    }
    m_live.reset();
    m_sleeper.stop();
    m_wakes.stop();
    m_watch.stop();
    setState(ConnectionState::Offline, std::nullopt);
    QMetaObject::invokeMethod(this, &Publisher::finishStopping, Qt::QueuedConnection);
}

bool Publisher::canApply(const PublisherSettings &settings) const
{
    const auto channelOf = [](const PublisherSettings &each) {
        return std::tie(each.server, each.keyFile, each.keyStore, each.caFile, each.stateFile, each.channel);
    };
    return channelOf(settings) == channelOf(m_settings);
}

void Publisher::apply(PublisherSettings settings)
{
    Q_ASSERT(canApply(settings));
    m_settings = std::move(settings);
    m_parts.client.setMaxIdleConnections(httpClientSettings(m_settings).maxIdleConnections);
    const bool withdraws = std::ranges::any_of(m_roster.llms(), [this](const PublishedLlm &llm) {
        const auto wanted = std::ranges::find(m_settings.llms, llm.settings.name, &LlmSettings::name);
        return wanted == m_settings.llms.end() || !wanted->publish;
    });
    m_roster.apply(m_settings);
    if (m_live)
        m_live->rosterChanged();
    m_reconnect.setSettings(m_settings.reconnect);
    m_watch.rosterChanged(watchSettings(m_settings));
    m_wakes.rosterChanged(m_settings.recipes, m_settings.wakePoll);
    m_sleeper.rosterChanged(m_settings.recipes);
    warnOfRecipes();
    Q_EMIT llmsChanged();
    if (!m_live)
        return;
    // Requests for what is withdrawn must not come any more, however long new backends take to answer.
    if (withdraws)
        m_live->withdrawn(m_session);
    // Else what is new is offered with its true state.
    m_watch.checkNew();
}

void Publisher::setIntake(Intake intake)
{
    if (std::exchange(m_intake, intake) == intake)
        return;
    // Requests come at once when the server hears that there is somebody for them: first it is made sure of.
    if (m_live && intake == Intake::Open)
        m_watch.resume();
    Q_EMIT llmsChanged();
    const bool isNews = intake != Intake::Open || !std::ranges::all_of(m_roster.llms(), &PublishedLlm::isResuming);
    if (m_live && isNews)
        m_live->statesChanged();
}

void Publisher::connectNow()
{
    if (m_retryTimer.isActive())
        connectToServer();
    else if (m_live)
        m_live->makeSure();
}

void Publisher::wake(const QString &name)
{
    const PublishedLlm *const llm = m_roster.find(name);
    if (!llm)
        return;
    if (const std::optional<WakeOutcome> outcome = m_wakes.wake(*llm, nullptr))
        wakeOver(*llm, outcome->result);
    else
        Q_EMIT llmsChanged();
}

void Publisher::cancelWake(const QString &name)
{
    if (const PublishedLlm *const llm = m_roster.find(name))
        m_wakes.cancel(*llm,
                       {ErrorCode::CancelledByOwner, QStringLiteral("The owner of the box has cancelled the wake.")});
}

void Publisher::cancelRequest(TaskId task)
{
    if (m_live)
        m_live->cancelRequest(task);
}

std::vector<RequestFacts> Publisher::requests() const
{
    return m_live ? m_live->requests() : std::vector<RequestFacts>();
}

TaskCounts Publisher::taskCounts() const
{
    return m_live ? m_live->taskCounts() : TaskCounts();
}

std::optional<ErrorCode> Publisher::problemCode() const
{
    return m_problem ? std::optional(m_problem->code) : std::nullopt;
}

std::optional<ConnectionFacts> Publisher::connection() const
{
    return m_live ? m_live->facts() : std::nullopt;
}

std::optional<MonotonicTime> Publisher::nextAttempt() const
{
    return m_retryTimer.isActive() ? std::optional(m_nextAttempt) : std::nullopt;
}

void Publisher::finishStopping()
{
    if (!m_isStopping || !m_wakes.isIdle() || m_leavingChannels > 0)
        return;
    m_isStopping = false;
    Q_EMIT stopped();
}

void Publisher::channelGone()
{
    --m_leavingChannels;
    finishStopping();
}

void Publisher::warnOfRecipes()
{
    QStringList warnings;
    for (const PublishedLlm &llm : m_roster.llms()) {
        for (const RecipeCheck &check : checkRecipes(llm.settings)) {
            if (!check.canRun)
                warnings.append(check.text);
        }
    }
    for (const QString &warning : std::as_const(warnings)) {
        if (!m_recipeWarnings.contains(warning))
            qCWarning(lcPublisher).noquote() << warning;
    }
    m_recipeWarnings = warnings;
}

void Publisher::connectToServer()
{
    m_retryTimer.stop();
    const Result<QByteArray> key = m_parts.key();
    if (!key) {
        // Whatever keeps it back, a locked keyring perhaps, a person has to see to it.
        const Error problem{ErrorCode::Configuration, key.error().message};
        return retryAfter(m_reconnect.afterFailure(problem), problem);
    }
    m_shownKey = *key;
    setState(ConnectionState::Connecting, m_problem);
    m_handshake = std::make_unique<Handshake>(m_parts.dialer, m_parts.clock, m_settings.answerTimeout);
    m_handshake->start(controlChannelUrl(m_settings.server), *key,
                       [this](Result<Handshake::Greeting> result) { greeted(std::move(result)); });
}

void Publisher::greeted(Result<Handshake::Greeting> result)
{
    m_handshake.reset();
    if (!result)
        return tryAgain(m_reconnect.afterFailure(result.error()), result.error());
    m_live = std::make_unique<Session>(std::move(result).value(), m_context, static_cast<SessionObserver &>(*this));
    m_watch.checkAll();
}

void Publisher::backendsChecked()
{
    if (m_live)
        m_live->statesKnown(m_session);
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

void Publisher::wakeOver(const PublishedLlm &llm, const Result<void> &result)
{
    // Later: whoever is told may do anything, and the caller is in the middle of something.
    const auto tell = [this, name = llm.settings.name, result] { Q_EMIT wakeEnded(name, result); };
    QMetaObject::invokeMethod(this, tell, Qt::QueuedConnection);
}

void Publisher::sessionRegistered(const channel::Registered &answer)
{
    m_reconnect.succeeded();
    rememberSession(answer.providerSessionId);
    if (m_state != ConnectionState::Online) {
        qCInfo(lcPublisher).noquote() << "Online at" << m_settings.server.toString() << "as" << m_settings.name
                                      << "in epoch" << answer.epoch;
    }
    setState(ConnectionState::Online, std::nullopt);
    Q_EMIT llmsChanged();
}

void Publisher::sessionDrains()
{
    // Later: whoever is told may stop it, and the caller is in the middle of something.
    QMetaObject::invokeMethod(this, &Publisher::drainProgressed, Qt::QueuedConnection);
}

void Publisher::sessionEnded(const ChannelLoss &loss)
{
    // Before anything else: with the session go all connections to backends.
    m_live.reset();
    m_watch.stop();
    tryAgain(m_reconnect.afterLoss(loss), problemOf(loss));
}

void Publisher::requestTaken()
{
    // Later: whoever is told may do anything, and the caller is in the middle of something.
    QMetaObject::invokeMethod(this, &Publisher::requestsChanged, Qt::QueuedConnection);
}

void Publisher::requestFinished(const RequestFacts &request, const Result<void> &outcome)
{
    const auto tell = [this, request, outcome] {
        Q_EMIT requestEnded(request, outcome);
        Q_EMIT requestsChanged();
    };
    QMetaObject::invokeMethod(this, tell, Qt::QueuedConnection);
}

void Publisher::tryAgain(Duration wait, const Error &problem)
{
    if (problem.code == ErrorCode::InvalidApiKey || problem.code == ErrorCode::ScopeMissing) {
        const Result<QByteArray> key = m_parts.key();
        if (key && *key != m_shownKey)
            return connectToServer();
    }
    retryAfter(wait, problem);
}

void Publisher::retryAfter(Duration wait, const Error &problem)
{
    // Said once, not with every attempt.
    if (m_problem != problem)
        qCWarning(lcPublisher).noquote() << problem.message << "- trying again";
    qCDebug(lcPublisher) << "next attempt in" << wait.count() << "ms";
    m_nextAttempt = m_parts.clock.now() + wait;
    m_retryTimer.start(wait);
    setState(ConnectionState::Offline, problem);
}

void Publisher::setState(ConnectionState state, std::optional<Error> problem)
{
    const bool isOtherState = std::exchange(m_state, state) != state;
    const bool isOtherProblem = m_problem != problem;
    m_problem = std::move(problem);
    if (isOtherState)
        Q_EMIT stateChanged(state);
    if (isOtherProblem)
        Q_EMIT problemChanged();
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
