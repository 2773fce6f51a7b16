#include "waker.h"

#include "logging.h"

namespace hearth::relay {

namespace {

qint64 wholeSeconds(Duration duration)
{
    return std::chrono::ceil<std::chrono::seconds>(duration).count();
}

} // namespace

/// One wake, over one channel after the other.
class Waker::Run final : private WakeObserver
{
public:
    Run(Waker &waker, const domain::Llm &llm, PublisherLink &link);
    ~Run() override;

    WakeStatus status() const;

private:
    void wakeProgressed(const channel::WakeProgress &progress) override;
    void wakeEnded(const Result<Duration> &result) override;
    void channelLost() override;
    void timedOut();

    Waker &m_waker;
    const LlmId m_llm;
    const QString m_name;
    /// Null once the wake is over.
    PublisherLink *m_link;
    TaskId m_task;
    channel::WakePhase m_phase = channel::WakePhase::Recipe;
    MonotonicTime m_startedAt;
    Duration m_limit;
    /// Not started anew by a reconnect: a publisher that comes and goes cannot hold anybody for ever.
    Timer m_deadline;
};

Waker::Run::Run(Waker &waker, const domain::Llm &llm, PublisherLink &link)
    : m_waker(waker)
    , m_llm(llm.id)
    , m_name(llm.name)
    , m_link(&link)
    , m_task(link.wake(llm.name, *this))
    , m_startedAt(waker.m_clock.now())
    , m_limit(llm.wake->recipeTimeout + llm.wake->maxWait)
    , m_deadline(waker.m_clock, [this] { timedOut(); })
{
    m_deadline.start(m_limit + waker.m_settings.wakeMargin);
}

Waker::Run::~Run()
{
    if (m_link)
        m_link->cancel(m_task);
}

WakeStatus Waker::Run::status() const
{
    const Duration elapsed = m_waker.m_clock.now() - m_startedAt;
    return {m_name, m_phase, elapsed, std::max(m_limit, elapsed), m_waker.history(m_llm).estimate()};
}

void Waker::Run::wakeProgressed(const channel::WakeProgress &progress)
{
    m_phase = progress.phase;
    // The publisher's run may be older than this task, which has joined it.
    m_startedAt = std::min(m_startedAt, m_waker.m_clock.now() - std::chrono::seconds(progress.elapsedSeconds));
    m_limit = std::chrono::seconds(progress.limitSeconds);
}

void Waker::Run::wakeEnded(const Result<Duration> &result)
{
    m_link = nullptr;
    m_waker.ended(m_llm, result);
}

void Waker::Run::channelLost()
{
    m_link = m_waker.m_sink.linkAfterLoss(m_llm);
    if (m_link)
        m_task = m_link->wake(m_name, *this);
    else
        m_waker.ended(m_llm,
                      Error{ErrorCode::PublisherLost,
                            QStringLiteral("The connection to the publisher was lost while it woke its backend.")});
}

void Waker::Run::timedOut()
{
    m_waker.ended(m_llm,
                  Error{ErrorCode::WakeTimeout, QStringLiteral("its publisher did not say within %1 s how the wake "
                                                               "had ended")
                                                    .arg(wholeSeconds(m_waker.m_clock.now() - m_startedAt))});
}

Waker::Waker(Clock &clock, const RelaySettings &settings, WakeSink &sink)
    : m_clock(clock)
    , m_settings(settings)
    , m_sink(sink)
{}

Waker::~Waker() = default;

void Waker::wake(const domain::Llm &llm, PublisherLink &link)
{
    if (isWaking(llm.id))
        return;
    qCInfo(lcRelay).noquote() << "waking" << llm.name;
    m_runs.insert(llm.id, std::make_shared<Run>(*this, llm, link));
}

void Waker::forget(const LlmId &llm)
{
    m_runs.remove(llm);
    m_histories.remove(llm);
}

std::optional<WakeStatus> Waker::status(const LlmId &llm) const
{
    const auto run = m_runs.constFind(llm);
    return run == m_runs.constEnd() ? std::nullopt : std::optional((*run)->status());
}

void Waker::ended(const LlmId &id, const Result<Duration> &result)
{
    // The run, which may be the caller and owns `id`, lives until the sink has been told.
    const LlmId llm = id;
    const std::shared_ptr<Run> run = m_runs.take(llm);
    const Duration elapsed = run->status().elapsed;
    if (!result)
        return m_sink.wakeEnded(llm, result.error(), elapsed);
    qCInfo(lcRelay).noquote() << "waking an Llm took" << result->count() << "ms:" << llm.toString();
    // Nothing had to be woken where it took no time.
    if (*result > Duration::zero())
        m_histories[llm].add(*result);
    m_sink.wakeEnded(llm, {}, *result);
}

} // namespace hearth::relay
