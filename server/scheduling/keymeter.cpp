#include "keymeter.h"

#include <algorithm>
#include <cmath>

namespace hearth::scheduling {

namespace {

constexpr double minuteMs = 60'000;
constexpr Duration cleaningInterval = std::chrono::minutes(1);
/// A slot of a key becomes free when one of its requests ends; nobody knows when that is.
constexpr std::chrono::seconds busyRetry(1);
constexpr std::chrono::seconds longestRetry(59);

Error rateLimited(const domain::ApiKey &key, int limit, const char *what, std::chrono::seconds retryAfter)
{
    return {ErrorCode::RateLimited,
            QStringLiteral("Key '%1' is limited to %2 %3; try again later.")
                .arg(key.name)
                .arg(limit)
                .arg(QLatin1String(what)),
            {},
            retryAfter};
}

/// Until a bucket that misses `missing` has it.
std::chrono::seconds until(double missing, int perMinute)
{
    const Duration wait(std::llround(std::ceil(missing * minuteMs / perMinute)));
    return std::clamp(std::chrono::ceil<std::chrono::seconds>(wait), std::chrono::seconds(1), longestRetry);
}

} // namespace

Result<void> KeyMeter::check(const domain::ApiKey &key) const
{
    const domain::KeyLimits &limits = key.limits;
    const Account account = m_accounts.value(key.id);
    if (limits.maxConcurrent > 0 && account.running >= limits.maxConcurrent)
        return rateLimited(key, limits.maxConcurrent, "requests at the same time", busyRetry);
    const double requests = levelOf(account.requests, limits.requestsPerMinute);
    if (limits.requestsPerMinute > 0 && requests < 1) {
        return rateLimited(key, limits.requestsPerMinute, "requests per minute",
                           until(1 - requests, limits.requestsPerMinute));
    }
    const double tokens = levelOf(account.tokens, limits.tokensPerMinute);
    if (limits.tokensPerMinute > 0 && tokens <= 0)
        return rateLimited(key, limits.tokensPerMinute, "tokens per minute", until(1 - tokens, limits.tokensPerMinute));
    return {};
}

Result<void> KeyMeter::begin(const domain::ApiKey &key)
{
    forgetIdle();
    if (const Result<void> allowed = check(key); !allowed)
        return allowed;
    Account &account = m_accounts[key.id];
    refill(account.requests, key.limits.requestsPerMinute);
    refill(account.tokens, key.limits.tokensPerMinute);
    if (account.requests)
        account.requests->level -= 1;
    ++account.running;
    return {};
}

void KeyMeter::ended(const ApiKeyId &key)
{
    const auto account = m_accounts.find(key);
    if (account == m_accounts.end() || account->running == 0)
        return;
    --account->running;
    if (isLikeFresh(*account))
        m_accounts.erase(account);
}

void KeyMeter::spend(const domain::ApiKey &key, qint64 tokens)
{
    if (key.limits.tokensPerMinute <= 0 || tokens <= 0)
        return;
    std::optional<Bucket> &bucket = m_accounts[key.id].tokens;
    refill(bucket, key.limits.tokensPerMinute);
    bucket->level = std::max<double>(bucket->level - static_cast<double>(tokens), -key.limits.tokensPerMinute);
}

int KeyMeter::running(const ApiKeyId &key) const
{
    const auto account = m_accounts.constFind(key);
    return account == m_accounts.constEnd() ? 0 : account->running;
}

double KeyMeter::levelOf(const std::optional<Bucket> &bucket, int perMinute) const
{
    const double level = bucket ? bucket->levelAt(m_clock.now()) : perMinute;
    return std::clamp<double>(level, -perMinute, perMinute);
}

void KeyMeter::refill(std::optional<Bucket> &bucket, int perMinute) const
{
    if (perMinute <= 0) {
        bucket.reset();
        return;
    }
    bucket = Bucket{perMinute, levelOf(bucket, perMinute), m_clock.now()};
}

double KeyMeter::Bucket::levelAt(MonotonicTime now) const
{
    const auto elapsedMs = static_cast<double>((now - filledAt).count());
    return std::min<double>(perMinute, level + elapsedMs * perMinute / minuteMs);
}

bool KeyMeter::isLikeFresh(const Account &account) const
{
    const auto isFull = [now = m_clock.now()](const std::optional<Bucket> &bucket) {
        return !bucket || bucket->levelAt(now) >= bucket->perMinute;
    };
    return account.running == 0 && isFull(account.requests) && isFull(account.tokens);
}

void KeyMeter::forgetIdle()
{
    const MonotonicTime now = m_clock.now();
    if (now < m_cleanedAt + cleaningInterval)
        return;
    m_cleanedAt = now;
    m_accounts.removeIf([this](const auto &entry) { return isLikeFresh(entry.value()); });
}

} // namespace hearth::scheduling
