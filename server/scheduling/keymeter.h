// KeyMeter: holds every API key to its limits: requests at the same time, requests and tokens per minute.
//
// The relay asks it before it takes a request, and tells it when the request is over and what it has cost. Both rates
// are buckets that refill steadily: a key that has been quiet for a minute may spend its whole minute at once. What a
// request costs in tokens is known only afterwards, so a key can overdraw, and pays that back before its next request:
// what one minute allows at most, because it is the backend that says what a request has cost. Main thread only; it
// reads the clock and has no timers.

#pragma once

#include "apikey.h"
#include "clock.h"
#include "result.h"

#include <QHash>

namespace hearth::scheduling {

class KeyMeter
{
public:
    /// `clock` must outlive the meter.
    explicit KeyMeter(const Clock &clock)
        : m_clock(clock)
    {}

    /// Whether a request would be let in now. Errors: RateLimited, saying which limit and when to come back.
    Result<void> check(const domain::ApiKey &key) const;
    /// Counts a request in; ended() is to be called for it. Errors: those of check(); the request does not count then.
    Result<void> begin(const domain::ApiKey &key);
    /// A request that was counted in is over.
    void ended(const ApiKeyId &key);
    /// What it has cost. May be told after ended().
    void spend(const domain::ApiKey &key, qint64 tokens);

    /// Requests of the key that are not over.
    int running(const ApiKeyId &key) const;

    /// Keys that something is remembered of.
    int accounts() const { return static_cast<int>(m_accounts.size()); }

private:
    /// What may still be spent of one limit. A fresh one is full.
    struct Bucket
    {
        int perMinute = 0;
        /// From -perMinute to perMinute.
        double level = 0;
        MonotonicTime filledAt{};

        double levelAt(MonotonicTime now) const;
    };

    struct Account
    {
        int running = 0;
        std::optional<Bucket> requests;
        std::optional<Bucket> tokens;
    };

    /// What `bucket` has under the key's present limit.
    double levelOf(const std::optional<Bucket> &bucket, int perMinute) const;
    void refill(std::optional<Bucket> &bucket, int perMinute) const;
    bool isLikeFresh(const Account &account) const;
    /// Looks at all accounts, and therefore not at every call.
    void forgetIdle();

    const Clock &m_clock;
    QHash<ApiKeyId, Account> m_accounts;
    MonotonicTime m_cleanedAt{};
};

} // namespace hearth::scheduling
