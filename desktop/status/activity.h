// Activity: how much a publisher has done: tokens a second now, requests and tokens a minute over the last hour.
//
// Fed with a Publisher's running requests whenever somebody looks (sample()), and with each request that ends. A
// stream's tokens count as they come, by its events; what the answer says of its usage corrects them in the end. Memory
// is constant but for the running requests and the names of Llms. Main thread.

#pragma once

#include "hourcount.h"
#include "ratewindow.h"

#include <QHash>

#include <span>

namespace hearth::status {

class Activity
{
public:
    explicit Activity(Clock &clock);

    /// How the running requests are now: all of them.
    void sample(std::span<const publisher::RequestFacts> running);
    void ended(const publisher::RequestFacts &request);

    /// As of the latest sample.
    double tokensPerSecond(const QString &llm) const;
    double tokensPerSecond(TaskId task) const;
    /// 60 of them, the present minute last.
    std::vector<MinuteSnapshot> lastHour() const;
    /// When the latest request to this Llm began; nothing before the first.
    std::optional<MonotonicTime> lastRequest(const QString &llm) const;

private:
    /// What is known of a running request.
    struct Track
    {
        /// Tells it from a request of another channel with the same number.
        MonotonicTime began{};
        /// Of its answer, as far as they have been counted.
        qint64 tokens = 0;
        MonotonicTime sampled{};
        RateWindow rate = {};
    };

    struct LlmTrack
    {
        MonotonicTime lastRequest = MonotonicTime::min();
        RateWindow rate = {};
    };

    Track trackOf(const publisher::RequestFacts &request) const;
    LlmTrack &llmOf(const publisher::RequestFacts &request);

    Clock &m_clock;
    QHash<TaskId, Track> m_running;
    QHash<QString, LlmTrack> m_llms;
    HourCount m_hour;
    MonotonicTime m_sampled{};
};

} // namespace hearth::status
