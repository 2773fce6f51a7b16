#include "hostprivate.h"

#include "logging.h"

#include <QCoreApplication>

#include <algorithm>

namespace hearth::host {

using publisher::Publisher;
using status::Attention;
using status::PublisherSnapshot;
using status::Situation;

PublisherHost::Private::Private(PublisherHost &owner, const QString &configFile, platform::KeyStore &keyStore,
                                Clock &time, const QProcessEnvironment &environment, HostSettings hostSettings)
    : host(owner)
    , clock(time)
    , settings(std::move(hostSettings))
    , config(configFile, clock, environment)
    , keys(keyStore, clock, settings.keyringRetry)
    , activity(clock)
    , lock(configFile)
    , elsewhere(lock, clock, settings.elsewhereRetry)
    , judgeTimer(clock, [this] {
        config.judgeAgain();
        watchConfig();
    })
{
    connect(&config, &ConfigKeeper::accepted, &host, [this] { follow(); });
    connect(&config, &ConfigKeeper::changed, &host, [this] {
        watchConfig();
        touch();
    });
    connect(&config, &ConfigKeeper::edited, &host, &PublisherHost::fileEdited);
    connect(&keys, &KeySource::changed, &host, [this] {
        if (Publisher *here = publisher())
            here->connectNow();
        touch();
    });
    connect(&elsewhere, &Elsewhere::changed, &host, [this] { touch(); });
    connect(&elsewhere, &Elsewhere::ended, &host, [this] {
        isNowhere = true;
        touch();
    });
}

PublisherHost::Private::~Private()
{
    // Nobody is told how a publisher goes down with its host.
    if (run)
        run->publisher().disconnect(&host);
}

void PublisherHost::Private::enter()
{
    isNowhere = false;
    const Result<void> taken = lock.take();
    mayPublish = taken || taken.error().code != ErrorCode::Conflict;
    if (taken)
        serve();
    else
        qCWarning(lcTray).noquote() << taken.error().message;
    if (!mayPublish)
        elsewhere.follow();
    follow();
}

void PublisherHost::Private::watchConfig()
{
    if (config.problem().isEmpty())
        judgeTimer.stop();
    else if (!judgeTimer.isActive())
        judgeTimer.start(settings.configRetry);
}

void PublisherHost::Private::serve()
{
    server = std::make_unique<status::StatusServer>([this] { return snapshot(); }, clock);
    connect(server.get(), &status::StatusServer::raiseRequested, &host, &PublisherHost::raiseRequested);
    if (const Result<void> listening = server->listen(lock.socketPath()); !listening)
        qCWarning(lcTray).noquote() << listening.error().message;
}

void PublisherHost::Private::follow()
{
    if (config.inForce()) {
        if (const auto level = logLevelFromString(config.inForce()->logLevel))
            setLogLevel(*level);
        if (mayPublish && !isStopping)
            renew();
    }
    Q_EMIT host.settingsChanged();
    touch();
}

void PublisherHost::Private::renew()
{
    // One that stops is followed by one with the settings of that time.
    if (!run)
        makeRun();
    else if (run->publisher().canApply(config.inForce()->publisher))
        run->publisher().apply(config.inForce()->publisher);
    else
        run->stop();
}

void PublisherHost::Private::makeRun()
{
    const publisher::PublisherSettings &wanted = config.inForce()->publisher;
    run = std::make_unique<PublisherRun>(
        wanted, [this] { return keys.key(); }, settings.parts, clock, settings.stopLimit);
    connect(run.get(), &PublisherRun::stopped, &host, [this] { runStopped(); });
    causes.forgetBackends();
    observe(run->publisher());
    tellIntake();
    keys.use(wanted, config.path());
    run->publisher().start();
}

void PublisherHost::Private::runStopped()
{
    // It is the one that calls, and must not outlive the clock. What it has left to say is of no interest.
    run->publisher().disconnect(&host);
    run->setParent(&host);
    run.release()->deleteLater();
    touch();
    if (isStopping)
        finish();
    else
        makeRun();
}

void PublisherHost::Private::observe(Publisher &publisher)
{
    const auto changed = [this] {
        lookAround();
        leaveLater();
        touch();
    };
    connect(&publisher, &Publisher::stateChanged, &host, changed);
    connect(&publisher, &Publisher::problemChanged, &host, changed);
    connect(&publisher, &Publisher::llmsChanged, &host, changed);
    connect(&publisher, &Publisher::wakeEnded, &host, [this](const QString &llm, const Result<void> &result) {
        // With the publisher all wakes end.
        if (!run->isStopping())
            causes.wakeEnded(llm, result);
        touch();
    });
    connect(&publisher, &Publisher::requestEnded, &host,
            [this](const publisher::RequestFacts &request) { activity.ended(request); });
    connect(&publisher, &Publisher::requestsChanged, &host, [this] {
        leaveLater();
        touch();
    });
}

void PublisherHost::Private::lookAround()
{
    status::Attentions::Facts facts = status::Attentions::factsOf(run->publisher());
    // What keeps the key in its keyring is told by keyringProblem().
    if (keys.isInKeyring() && facts.problemCode == ErrorCode::Configuration)
        facts.problemCode.reset();
    causes.look(facts);
}

void PublisherHost::Private::tellIntake()
{
    if (Publisher *here = publisher())
        here->setIntake(pauses.intake());
    touch();
}

void PublisherHost::Private::leaveLater()
{
    if (!pauses.isLeaving())
        return;
    // Requests and wakes tell their end before they have quite ended.
    QMetaObject::invokeMethod(
        &host, [this] { stopIfIdle(); }, Qt::QueuedConnection);
}

void PublisherHost::Private::stopIfIdle()
{
    const auto isBusy = [](const Publisher &publisher) {
        return !publisher.requests().empty() ||
               std::ranges::any_of(publisher.llms(), [](const auto &llm) { return llm.wake.has_value(); });
    };
    if (pauses.isLeaving() && !(run && isBusy(run->publisher())))
        host.stop();
}

void PublisherHost::Private::finish()
{
    server.reset();
    lock.release();
    Q_EMIT host.stopped();
}

void PublisherHost::Private::touch()
{
    if (server)
        server->touch();
    Q_EMIT host.changed();
}

PublisherSnapshot PublisherHost::Private::snapshot()
{
    if (elsewhere.isFollowing()) {
        PublisherSnapshot there = elsewhere.snapshot();
        there.situation = Situation::Elsewhere;
        there.configFile = config.path();
        return there;
    }
    PublisherSnapshot here = snapshotHere();
    here.situation = host.situation();
    here.configFile = config.path();
    here.pauseReason = pauses.reason();
    here.attentions = attentions();
    return here;
}

PublisherSnapshot PublisherHost::Private::snapshotHere()
{
    if (!run) {
        PublisherSnapshot nothing;
        nothing.program = QCoreApplication::applicationName();
        nothing.processId = QCoreApplication::applicationPid();
        nothing.intake = pauses.intake();
        return nothing;
    }
    // A publisher that cannot even try, for want of a key, changes no state.
    lookAround();
    activity.sample(run->publisher().requests());
    return status::snapshotOf(run->publisher(), &activity, clock);
}

std::vector<Attention> PublisherHost::Private::attentions() const
{
    std::vector<Attention> all = causes.list();
    if (const auto problem = keys.keyringProblem()) {
        const bool isLocked = problem->code == ErrorCode::Conflict;
        all.push_back({isLocked ? Attention::Kind::KeyringLocked : Attention::Kind::KeyMissing, {}, problem->message});
    }
    if (!config.problem().isEmpty())
        all.push_back({Attention::Kind::ConfigBroken, {}, config.problem()});
    if (!config.changeProblem().isEmpty())
        all.push_back({Attention::Kind::NotSaved, {}, config.changeProblem()});
    std::ranges::stable_sort(all, {}, &Attention::kind);
    return all;
}

} // namespace hearth::host
