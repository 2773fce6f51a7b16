#include "activity.h"

#include <algorithm>

namespace hearth::status {

Activity::Activity(Clock &clock)
    : m_clock(clock)
    , m_sampled(clock.now())
{}

void Activity::sample(std::span<const publisher::RequestFacts> running)
{
    m_sampled = m_clock.now();
    QHash<TaskId, Track> tracks;
    tracks.reserve(static_cast<qsizetype>(running.size()));
    for (const publisher::RequestFacts &request : running) {
        Track track = trackOf(request);
        LlmTrack &llm = llmOf(request);
        if (const qint64 more = request.tokens() - track.tokens; more != 0) {
            track.rate.add(track.sampled, m_sampled, static_cast<double>(more));
            llm.rate.add(track.sampled, m_sampled, static_cast<double>(more));
            m_hour.add(m_sampled, 0, more);
            track.tokens = request.tokens();
        }
        track.sampled = m_sampled;
        tracks.insert(request.task, track);
    }
    m_running = std::move(tracks);
}

void Activity::ended(const publisher::RequestFacts &request)
{
    const MonotonicTime now = m_clock.now();
    const qint64 more = request.tokens() - trackOf(request).tokens;
    m_running.remove(request.task);
    m_hour.add(now, 1, more);
    LlmTrack &llm = llmOf(request);
    // An answer as a whole was made all the time, and what a usage corrects was wrong from the first token on.
    if (more != 0)
        llm.rate.add(request.isStream ? request.answered.value_or(request.began) : request.began, now,
                     static_cast<double>(more));
}

double Activity::tokensPerSecond(const QString &llm) const
{
    const auto found = m_llms.constFind(llm);
    return found == m_llms.cend() ? 0 : found->rate.rate(m_sampled);
}

double Activity::tokensPerSecond(TaskId task) const
{
    const auto found = m_running.constFind(task);
    return found == m_running.cend() ? 0 : found->rate.rate(m_sampled);
}

std::vector<MinuteSnapshot> Activity::lastHour() const
{
    return m_hour.lastHour(m_clock.now());
}

std::optional<MonotonicTime> Activity::lastRequest(const QString &llm) const
{
    const auto found = m_llms.constFind(llm);
    return found == m_llms.cend() ? std::nullopt : std::optional(found->lastRequest);
}

Activity::Track Activity::trackOf(const publisher::RequestFacts &request) const
{
    const auto found = m_running.constFind(request.task);
    if (found != m_running.cend() && found->began == request.began)
        return *found;
    // Tokens can have come since the head of the answer did.
    return {.began = request.began, .sampled = request.answered.value_or(request.began)};
}

Activity::LlmTrack &Activity::llmOf(const publisher::RequestFacts &request)
{
    LlmTrack &llm = m_llms[request.llm];
    llm.lastRequest = std::max(llm.lastRequest, request.began);
    return llm;
}

} // namespace hearth::status
