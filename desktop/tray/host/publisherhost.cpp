#include "publisherhost.h"

#include "hostprivate.h"

namespace hearth::host {

using status::Situation;

PublisherHost::PublisherHost(const QString &configFile, platform::KeyStore &keys, Clock &clock,
                             const QProcessEnvironment &environment, HostSettings settings, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, configFile, keys, clock, environment, std::move(settings)))
{}

PublisherHost::~PublisherHost() = default;

bool PublisherHost::reserve()
{
    const Result<void> taken = d->lock.take();
    return taken || taken.error().code != ErrorCode::Conflict;
}

void PublisherHost::start()
{
    d->config.load();
    d->enter();
}

Situation PublisherHost::situation() const
{
    if (d->elsewhere.isFollowing())
        return Situation::Elsewhere;
    if (d->isNowhere)
        return Situation::Nowhere;
    if (d->config.inForce())
        return Situation::Here;
    return d->config.problem().isEmpty() ? Situation::Unconfigured : Situation::Broken;
}

status::PublisherSnapshot PublisherHost::snapshot() const
{
    return d->snapshot();
}

QString PublisherHost::configFile() const
{
    return d->config.path();
}

const QProcessEnvironment &PublisherHost::environment() const
{
    return d->config.environment();
}

Result<draft::ConfigDraft> PublisherHost::draft()
{
    return d->config.draft();
}

Result<void> PublisherHost::save(const draft::ConfigDraft &draft)
{
    return d->config.save(draft);
}

bool PublisherHost::wouldReconnect(const draft::ConfigDraft &draft) const
{
    const draft::ConfigVerdict verdict = d->config.check(draft);
    return d->run && verdict.meaning && !d->run->publisher().canApply(verdict.meaning->publisher);
}

void PublisherHost::keyStored()
{
    // Without the key the configuration may not even have been in order.
    d->config.judgeAgain();
    d->keys.lookAgain();
}

const publisher::DesktopSettings &PublisherHost::desktop() const
{
    static const publisher::DesktopSettings defaults;
    return d->config.inForce() ? d->config.inForce()->desktop : defaults;
}

void PublisherHost::setPauseReasons(const QStringList &reasons)
{
    d->pauses.setReasons(reasons);
    d->tellIntake();
}

void PublisherHost::stop()
{
    if (std::exchange(d->isStopping, true))
        return;
    Q_EMIT stopping();
    if (d->run)
        d->run->stop();
    else
        QMetaObject::invokeMethod(
            this, [this] { d->finish(); }, Qt::QueuedConnection);
}

void PublisherHost::stopWhenIdle()
{
    d->pauses.setLeaving(true);
    d->tellIntake();
    d->stopIfIdle();
}

bool PublisherHost::isLeaving() const
{
    return d->pauses.isLeaving();
}

void PublisherHost::cancelStop()
{
    if (d->isStopping)
        return;
    d->pauses.setLeaving(false);
    d->tellIntake();
}

void PublisherHost::wake(const QString &llm)
{
    if (publisher::Publisher *here = d->publisher())
        here->wake(llm);
}

void PublisherHost::cancelWake(const QString &llm)
{
    if (publisher::Publisher *here = d->publisher())
        here->cancelWake(llm);
}

void PublisherHost::cancelRequest(TaskId task)
{
    if (publisher::Publisher *here = d->publisher())
        here->cancelRequest(task);
}

void PublisherHost::setPublished(const QString &llm, bool isPublished)
{
    if (!d->run)
        return;
    d->config.change([&llm, isPublished](draft::ConfigDraft &draft) {
        if (const auto entry = draft.entry(QStringLiteral("llms"), llm))
            draft.setBoolean(*entry + QStringLiteral(".publish"), isPublished);
    });
}

void PublisherHost::pause()
{
    d->pauses.pause();
    d->tellIntake();
}

void PublisherHost::drain()
{
    d->pauses.drain();
    d->tellIntake();
}

void PublisherHost::resume()
{
    d->pauses.resume();
    cancelStop();
    d->tellIntake();
}

void PublisherHost::connectNow()
{
    if (publisher::Publisher *here = d->publisher())
        here->connectNow();
}

void PublisherHost::takeOver()
{
    if (d->isNowhere)
        d->enter();
}

} // namespace hearth::host
