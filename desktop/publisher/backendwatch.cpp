#include "backendwatch.h"

#include "codec.h"
#include "logging.h"

#include <algorithm>
#include <utility>

namespace hearth::publisher {

namespace {

using channel::ReportedState;

ReportedState stateOf(const PublishedLlm &llm, bool available)
{
    if (available && llm.rest == Rest::None)
        return ReportedState::Active;
    return llm.settings.wake ? ReportedState::Hibernating : ReportedState::Inactive;
}

bool isSameQuestion(const httpclient::TransferRequest &a, const httpclient::TransferRequest &b)
{
    return a.url == b.url && a.fields == b.fields;
}

} // namespace

BackendWatch::BackendWatch(Roster &roster, WatchSettings settings, httpclient::HttpClient &client, Clock &clock,
                           QObject *parent)
    : QObject(parent)
    , m_roster(roster)
    , m_settings(settings)
    , m_client(client)
    , m_clock(clock)
    , m_timer(clock, [this] { tick(); })
{
    regroup();
}

BackendWatch::~BackendWatch() = default;

void BackendWatch::checkAll()
{
    m_checking = true;
    for (Probe &probe : m_probes)
        ask(probe);
    m_timer.start(m_settings.interval);
    finishCheck();
}

void BackendWatch::resume()
{
    askIdle();
    for (const Probe &probe : m_probes) {
        for (PublishedLlm *llm : probe.llms)
            llm->isResuming = probe.fetch && isIdle(probe);
    }
}

void BackendWatch::rosterChanged(WatchSettings settings)
{
    m_settings = settings;
    regroup();
    if (m_timer.isActive())
        m_timer.start(m_settings.interval);
}

void BackendWatch::checkNew()
{
    m_checking = true;
    for (Probe &probe : m_probes) {
        if (!probe.fetch && probe.told.size() < probe.llms.size())
            ask(probe);
    }
    finishCheck();
}

void BackendWatch::regroup()
{
    for (Probe &probe : m_probes)
        probe.llms.clear();
    for (PublishedLlm &llm : m_roster.llms()) {
        Probe &probe = probeOf(llm);
        probe.llms.push_back(&llm);
        reconsider(llm, probe);
    }
    for (Probe &probe : m_probes) {
        std::erase_if(probe.told, [&probe](const PublishedLlm *llm) {
            return std::ranges::find(probe.llms, llm) == probe.llms.end();
        });
    }
    m_probes.remove_if([](const Probe &probe) { return probe.llms.empty(); });
}

BackendWatch::Probe &BackendWatch::probeOf(const PublishedLlm &llm)
{
    httpclient::TransferRequest request = llm.target.get(llm.settings.probePath);
    const auto shared = std::ranges::find_if(
        m_probes, [&request](const Probe &probe) { return isSameQuestion(probe.request, request); });
    if (shared == m_probes.end())
        return m_probes.emplace_back(Probe{std::move(request)});
    shared->request.limits = request.limits;
    return *shared;
}

void BackendWatch::reconsider(PublishedLlm &llm, Probe &probe)
{
    const bool isNew = std::ranges::find(probe.told, &llm) == probe.told.end();
    // What is known of its rest is true of the backend it had, and as long as something can wake it.
    if (llm.rest == Rest::PutToSleep && (isNew || !llm.settings.wake)) {
        llm.rest = Rest::None;
        std::erase(probe.told, &llm);
    }
    if (llm.state != ReportedState::Active)
        llm.state = stateOf(llm, false);
}

void BackendWatch::askNow(const PublishedLlm &llm)
{
    for (Probe &probe : m_probes) {
        if (!probe.fetch && std::ranges::find(probe.llms, &llm) != probe.llms.end())
            ask(probe);
    }
}

void BackendWatch::stop()
{
    m_checking = false;
    m_timer.stop();
    for (Probe &probe : m_probes)
        probe.fetch.reset();
    for (PublishedLlm &llm : m_roster.llms())
        llm.isResuming = false;
}

void BackendWatch::fallAsleep(std::span<PublishedLlm *const> llms)
{
    bool isNews = false;
    for (PublishedLlm *llm : llms) {
        llm->rest = Rest::FallingAsleep;
        isNews = setState(*llm, ReportedState::Hibernating) || isNews;
    }
    if (isNews)
        Q_EMIT changed();
}

void BackendWatch::sleepEnded(std::span<PublishedLlm *const> llms, Rest rest)
{
    for (PublishedLlm *llm : llms)
        llm->rest = rest;
    askAnew(llms);
}

void BackendWatch::wakeRecipeEnded(std::span<PublishedLlm *const> llms)
{
    for (PublishedLlm *llm : llms)
        llm->rest = Rest::None;
    askAnew(llms);
}

void BackendWatch::askAnew(std::span<PublishedLlm *const> llms)
{
    for (Probe &probe : m_probes) {
        if (std::ranges::find_first_of(probe.llms, llms) != probe.llms.end())
            ask(probe);
    }
}

bool BackendWatch::setState(PublishedLlm &llm, ReportedState state)
{
    if (llm.state == state)
        return false;
    llm.state = state;
    if (state == ReportedState::Active)
        llm.lastActivity = m_clock.now();
    return true;
}

void BackendWatch::ask(Probe &probe)
{
    // An earlier question is given up: its answer could be older than what is asked for now.
    probe.fetch =
        std::make_unique<Fetch>(m_client, m_clock, probe.request, m_settings.timeout,
                                [this, &probe](const Result<Fetch::Answer> &answer) { answered(probe, answer); });
}

void BackendWatch::answered(Probe &probe, const Result<Fetch::Answer> &answer)
{
    probe.fetch.reset();
    probe.told.assign(probe.llms.begin(), probe.llms.end());
    const bool available = answer && answer->status >= 200 && answer->status < 300;
    bool isNews = false;
    for (PublishedLlm *llm : probe.llms) {
        // It has not only gone to sleep, it is gone: when it answers again, it is back.
        if (!available && llm->rest == Rest::PutToSleep)
            llm->rest = Rest::None;
        isNews = std::exchange(llm->isResuming, false) || isNews;
        if (!setState(*llm, stateOf(*llm, available)))
            continue;
        isNews = true;
        qCInfo(lcPublisher).noquote() << llm->settings.name << "is" << channel::toString(llm->state)
                                      << (answer ? QStringLiteral("(its backend answers %1)").arg(answer->status)
                                                 : QStringLiteral("(%1)").arg(answer.error().message));
    }
    if (isNews)
        Q_EMIT changed();
    finishCheck();
}

void BackendWatch::finishCheck()
{
    if (!m_checking || std::ranges::any_of(m_probes, [](const Probe &probe) { return probe.fetch != nullptr; }))
        return;
    m_checking = false;
    Q_EMIT checked();
}

void BackendWatch::tick()
{
    askIdle();
    m_timer.start(m_settings.interval);
}

void BackendWatch::askIdle()
{
    for (Probe &probe : m_probes) {
        if (!probe.fetch && isIdle(probe))
            ask(probe);
    }
}

bool BackendWatch::isIdle(const Probe &probe)
{
    return std::ranges::all_of(probe.llms, [](const PublishedLlm *llm) { return llm->running == 0; });
}

} // namespace hearth::publisher
