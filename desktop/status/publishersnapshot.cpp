#include "publishersnapshot.h"

#include "activity.h"

#include <QCoreApplication>

#include <algorithm>
#include <numeric>

namespace hearth::status {

namespace {

/// From `then` to `now`; zero where a timer that is due has not run yet.
Duration timeBetween(MonotonicTime then, MonotonicTime now)
{
    return std::max(Duration::zero(), now - then);
}

LlmSnapshot llmOf(const publisher::LlmSettings &settings, const publisher::PublishedLlm *published,
                  publisher::Intake intake)
{
    LlmSnapshot llm;
    llm.name = settings.name;
    llm.model = settings.model;
    llm.backend = QUrl::fromEncoded(settings.url).adjusted(QUrl::RemoveUserInfo).authority();
    llm.isPublished = settings.publish;
    llm.maxConcurrency = settings.maxConcurrency;
    if (published) {
        llm.state = publisher::reportedState(*published, intake);
        llm.outcome = published->outcome;
        llm.running = published->running;
        llm.wake = published->wake;
        llm.canBeWoken = settings.wake && !published->wake && published->state == channel::ReportedState::Hibernating;
    }
    return llm;
}

std::vector<LlmSnapshot> llmsOf(const publisher::Publisher &publisher, const Activity *activity, MonotonicTime now)
{
    const std::vector<publisher::RequestFacts> requests = publisher.requests();
    std::vector<LlmSnapshot> llms;
    for (const publisher::LlmSettings &settings : publisher.settings().llms) {
        const auto published = std::ranges::find(publisher.llms(), settings.name,
                                                 [](const publisher::PublishedLlm &llm) { return llm.settings.name; });
        const bool isPublished = published != publisher.llms().end();
        LlmSnapshot llm = llmOf(settings, isPublished ? &*published : nullptr, publisher.intake());
        if (!isPublished)
            llm.running = int(std::ranges::count(requests, llm.name, &publisher::RequestFacts::llm));
        if (activity) {
            llm.tokensPerSecond = activity->tokensPerSecond(llm.name);
            if (const auto last = activity->lastRequest(llm.name))
                llm.lastRequestAge = timeBetween(*last, now);
        }
        llms.push_back(std::move(llm));
    }
    return llms;
}

std::vector<RequestSnapshot> requestsOf(const publisher::Publisher &publisher, const Activity *activity,
                                        MonotonicTime now)
{
    std::vector<publisher::RequestFacts> running = publisher.requests();
    std::ranges::sort(running, {}, &publisher::RequestFacts::began);
    std::vector<RequestSnapshot> requests;
    requests.reserve(running.size());
    for (const publisher::RequestFacts &request : running) {
        requests.push_back({.task = request.task,
                            .llm = request.llm,
                            .path = QString::fromUtf8(request.path),
                            .isStream = request.isStream,
                            .age = timeBetween(request.began, now),
                            .tokens = request.tokens(),
                            .tokensPerSecond = activity ? activity->tokensPerSecond(request.task) : 0});
    }
    return requests;
}

std::optional<ConnectionSnapshot> connectionOf(const publisher::Publisher &publisher, MonotonicTime now)
{
    const std::optional<publisher::ConnectionFacts> facts = publisher.connection();
    if (!facts)
        return std::nullopt;
    return ConnectionSnapshot{.serverVersion = facts->serverVersion,
                              .epoch = facts->epoch,
                              .age = timeBetween(facts->since, now),
                              .roundTrip = facts->roundTrip,
                              .heartbeatAge = timeBetween(facts->lastHeartbeat, now)};
}

} // namespace

int PublisherSnapshot::running() const
{
    const int ofLlms =
        std::accumulate(llms.begin(), llms.end(), 0, [](int sum, const LlmSnapshot &llm) { return sum + llm.running; });
    // Some may be to Llms that are not even in the configuration any more; and not every publisher lists its requests.
    return std::max(ofLlms, int(requests.size()));
}

QString PublisherSnapshot::baseUrl() const
{
    if (server.isEmpty())
        return {};
    QString url = server.toString();
    while (url.endsWith(QLatin1Char('/')))
        url.chop(1);
    return url + QStringLiteral("/v1");
}

PublisherSnapshot snapshotOf(const publisher::Publisher &publisher, const Activity *activity, Clock &clock)
{
    const MonotonicTime now = clock.now();
    PublisherSnapshot snapshot;
    snapshot.program = QCoreApplication::applicationName();
    snapshot.processId = QCoreApplication::applicationPid();
    snapshot.name = publisher.settings().name;
    snapshot.server = publisher.settings().server.adjusted(QUrl::RemoveUserInfo);
    snapshot.state = publisher.state();
    snapshot.problem = publisher.problem();
    snapshot.connection = connectionOf(publisher, now);
    if (const auto next = publisher.nextAttempt())
        snapshot.retryIn = timeBetween(now, *next);
    snapshot.intake = publisher.intake();
    snapshot.llms = llmsOf(publisher, activity, now);
    snapshot.requests = requestsOf(publisher, activity, now);
    if (activity)
        snapshot.lastHour = activity->lastHour();
    return snapshot;
}

} // namespace hearth::status
