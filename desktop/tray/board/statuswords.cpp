#include "statuswords.h"

#include <QLocale>

#include <algorithm>

namespace hearth::board {

namespace {

using channel::ReportedState;
using publisher::ConnectionState;
using publisher::Intake;
using status::LlmSnapshot;
using status::PublisherSnapshot;
using status::Situation;

const LlmSnapshot *firstWaking(const PublisherSnapshot &snapshot)
{
    const auto found = std::ranges::find_if(snapshot.llms, [](const LlmSnapshot &llm) { return llm.wake.has_value(); });
    return found == snapshot.llms.end() ? nullptr : &*found;
}

IndicatorState onlineState(const PublisherSnapshot &snapshot)
{
    if (firstWaking(snapshot))
        return IndicatorState::Waking;
    if (snapshot.intake != Intake::Open)
        return IndicatorState::Resting;
    return snapshot.running() > 0 ? IndicatorState::Busy : IndicatorState::Idle;
}

IndicatorState connectionState(const PublisherSnapshot &snapshot)
{
    switch (snapshot.state) {
    case ConnectionState::Offline:
        return IndicatorState::Offline;
    case ConnectionState::Connecting:
        return IndicatorState::Connecting;
    case ConnectionState::Online:
        return onlineState(snapshot);
    }
    Q_UNREACHABLE();
}

QString attentionSummary(const PublisherSnapshot &snapshot)
{
    if (snapshot.attentions.empty())
        return StatusWords::tr("The configuration cannot be used");
    const QString first = StatusWords::attentionText(snapshot.attentions.front());
    const int others = int(snapshot.attentions.size()) - 1;
    return others == 0 ? StatusWords::tr("Needs attention: %1").arg(first)
                       : StatusWords::tr("Needs attention: %1 And %n more.", nullptr, others).arg(first);
}

QString offlineSummary(const PublisherSnapshot &snapshot)
{
    switch (snapshot.situation) {
    case Situation::Unconfigured:
        return StatusWords::tr("Not set up yet");
    case Situation::Nowhere:
        return StatusWords::tr("Not publishing: %1 has ended").arg(snapshot.program);
    case Situation::Broken:
    case Situation::Here:
    case Situation::Elsewhere:
        break;
    }
    if (snapshot.retryIn) {
        const QString wait = StatusWords::span(*snapshot.retryIn);
        return snapshot.problem.isEmpty()
                   ? StatusWords::tr("Offline: next attempt in %1").arg(wait)
                   : StatusWords::tr("Offline: %1 Next attempt in %2.").arg(snapshot.problem, wait);
    }
    return snapshot.problem.isEmpty() ? StatusWords::tr("Offline")
                                      : StatusWords::tr("Offline: %1").arg(snapshot.problem);
}

QString requestsRunning(int count)
{
    return count == 0 ? StatusWords::tr("no requests running")
                      : StatusWords::tr("%n request(s) running", nullptr, count);
}

QString restingSummary(const PublisherSnapshot &snapshot)
{
    const QString running = requestsRunning(snapshot.running());
    const bool isDraining = snapshot.intake == Intake::Draining && snapshot.running() > 0;
    if (!snapshot.pauseReason.isEmpty()) {
        const QString words = isDraining ? StatusWords::tr("Draining (%1): %2") : StatusWords::tr("Paused (%1): %2");
        return words.arg(snapshot.pauseReason, running);
    }
    if (isDraining)
        return StatusWords::tr("Draining: %1, nothing new is taken").arg(running);
    return StatusWords::tr("Paused: %1, nothing new is taken").arg(running);
}

QString onlineSummary(const PublisherSnapshot &snapshot)
{
    const int published = int(std::ranges::count_if(snapshot.llms, &LlmSnapshot::isPublished));
    const QString models = StatusWords::tr("%n model(s)", nullptr, published);
    const QString running = requestsRunning(snapshot.running());
    if (!snapshot.connection)
        return StatusWords::tr("Online: %1, %2").arg(models, running);
    return StatusWords::tr("Online: %1, %2, heartbeat %3")
        .arg(models, running, StatusWords::ago(snapshot.connection->heartbeatAge));
}

QString wakingSummary(const LlmSnapshot &llm)
{
    return StatusWords::tr("Waking %1: %2 of %3")
        .arg(llm.name, StatusWords::span(llm.wake->elapsed), StatusWords::span(llm.wake->limit));
}

QString reportedState(const LlmSnapshot &llm)
{
    switch (llm.state) {
    case ReportedState::Active:
        return StatusWords::tr("active");
    case ReportedState::Hibernating:
        return StatusWords::tr("asleep");
    case ReportedState::Inactive:
        return StatusWords::tr("backend down");
    case ReportedState::Paused:
        return StatusWords::tr("paused");
    case ReportedState::Draining:
        return StatusWords::tr("draining");
    }
    Q_UNREACHABLE();
}

QString stillRunning(const LlmSnapshot &llm)
{
    return StatusWords::tr("%n request(s) still running", nullptr, llm.running);
}

QString reportedDetail(const LlmSnapshot &llm)
{
    switch (llm.state) {
    case ReportedState::Active:
        return {};
    case ReportedState::Hibernating:
        return StatusWords::tr("The next request wakes it");
    case ReportedState::Inactive:
        return StatusWords::tr("Its backend does not answer");
    case ReportedState::Paused:
        return StatusWords::tr("Nothing new is taken");
    case ReportedState::Draining:
        return stillRunning(llm);
    }
    Q_UNREACHABLE();
}

bool isRefused(const LlmSnapshot &llm, channel::EntryStatus status)
{
    return llm.outcome && llm.outcome->status == status;
}

} // namespace

IndicatorState indicatorStateOf(const PublisherSnapshot &snapshot)
{
    if (!snapshot.attentions.empty())
        return IndicatorState::Attention;
    switch (snapshot.situation) {
    case Situation::Broken:
        return IndicatorState::Attention;
    case Situation::Unconfigured:
    case Situation::Nowhere:
        return IndicatorState::Offline;
    case Situation::Here:
    case Situation::Elsewhere:
        return connectionState(snapshot);
    }
    Q_UNREACHABLE();
}

QString StatusWords::stateName(IndicatorState state)
{
    switch (state) {
    case IndicatorState::Attention:
        return tr("Needs attention");
    case IndicatorState::Offline:
        return tr("Offline");
    case IndicatorState::Connecting:
        return tr("Connecting");
    case IndicatorState::Waking:
        return tr("Waking");
    case IndicatorState::Resting:
        return tr("Paused");
    case IndicatorState::Busy:
        return tr("Busy");
    case IndicatorState::Idle:
        return tr("Online");
    }
    Q_UNREACHABLE();
}

QString StatusWords::summary(const PublisherSnapshot &snapshot)
{
    switch (indicatorStateOf(snapshot)) {
    case IndicatorState::Attention:
        return attentionSummary(snapshot);
    case IndicatorState::Offline:
        return offlineSummary(snapshot);
    case IndicatorState::Connecting:
        return tr("Connecting to %1").arg(snapshot.server.host());
    case IndicatorState::Waking:
        return wakingSummary(*firstWaking(snapshot));
    case IndicatorState::Resting:
        return restingSummary(snapshot);
    case IndicatorState::Busy:
    case IndicatorState::Idle:
        return onlineSummary(snapshot);
    }
    Q_UNREACHABLE();
}

QString StatusWords::llmState(const LlmSnapshot &llm, ConnectionState connection)
{
    if (!llm.isPublished)
        return tr("not published");
    if (llm.wake)
        return tr("waking: %1 of %2").arg(span(llm.wake->elapsed), span(llm.wake->limit));
    if (connection != ConnectionState::Online)
        return tr("offline");
    if (isRefused(llm, channel::EntryStatus::Conflict))
        return tr("name taken");
    if (isRefused(llm, channel::EntryStatus::Invalid))
        return tr("refused");
    return reportedState(llm);
}

QString StatusWords::llmDetail(const LlmSnapshot &llm, ConnectionState connection)
{
    if (!llm.isPublished)
        return llm.running > 0 ? stillRunning(llm) : QString();
    if (llm.wake)
        return wakeDetail(*llm.wake, std::nullopt);
    if (connection != ConnectionState::Online)
        return tr("No connection to the server");
    if (llm.outcome && llm.outcome->status != channel::EntryStatus::Accepted)
        return llm.outcome->message;
    return reportedDetail(llm);
}

QString StatusWords::attentionText(const status::Attention &attention)
{
    using Kind = status::Attention::Kind;
    switch (attention.kind) {
    case Kind::KeyRefused:
        return tr("The server refuses the API key: %1").arg(attention.text);
    case Kind::KeyringLocked:
        // Translated already, where the keyring is read.
        return attention.text;
    case Kind::KeyMissing:
        return tr("There is no API key: %1").arg(attention.text);
    case Kind::ConfigBroken:
        return tr("The configuration cannot be used: %1").arg(attention.text);
    case Kind::NotSaved:
        return tr("The change could not be saved: %1").arg(attention.text);
    case Kind::Replaced:
        return tr("Another publisher has taken over this provider session. If you run two of them, give each a "
                  "stateFile of its own.");
    case Kind::NameTaken:
        return tr("The name %1 is taken: %2").arg(attention.subject, attention.text);
    case Kind::EntryRefused:
        return tr("The server does not take %1: %2").arg(attention.subject, attention.text);
    case Kind::WakeFailed:
        return tr("%1 could not be woken: %2").arg(attention.subject, attention.text);
    case Kind::BackendLost:
        return tr("The backend of %1 was there and does not answer any more. Start it again, or give it a wake recipe.")
            .arg(attention.subject);
    }
    Q_UNREACHABLE();
}

QString StatusWords::ago(Duration age)
{
    if (age < std::chrono::seconds(1))
        return tr("just now");
    if (age < std::chrono::minutes(1))
        return tr("%1 s ago").arg(std::chrono::floor<std::chrono::seconds>(age).count());
    if (age < std::chrono::hours(1))
        return tr("%1 min ago").arg(std::chrono::floor<std::chrono::minutes>(age).count());
    if (age < std::chrono::days(1))
        return tr("%1 h ago").arg(std::chrono::floor<std::chrono::hours>(age).count());
    return tr("%1 d ago").arg(std::chrono::floor<std::chrono::days>(age).count());
}

// The two greatest units: nobody wants the seconds of yesterday.
QString StatusWords::span(Duration duration)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(std::max(duration, Duration::zero())).count();
    const auto two = [](const QString &great, qint64 greatCount, const QString &both, qint64 smallCount) {
        return smallCount == 0 ? great.arg(greatCount) : both.arg(greatCount).arg(smallCount);
    };
    if (seconds < 60)
        return tr("%1 s").arg(seconds);
    if (seconds < 60 * 60)
        return two(tr("%1 min"), seconds / 60, tr("%1 min %2 s"), seconds % 60);
    if (seconds < 24 * 60 * 60)
        return two(tr("%1 h"), seconds / 3600, tr("%1 h %2 min"), seconds / 60 % 60);
    return two(tr("%1 d"), seconds / 86'400, tr("%1 d %2 h"), seconds / 3600 % 24);
}

QString StatusWords::nothing()
{
    return QStringLiteral("–");
}

QString StatusWords::rate(double tokensPerSecond)
{
    constexpr double least = 0.05;
    if (tokensPerSecond < least)
        return nothing();
    constexpr double wholeNumbersFrom = 9.95;
    const int decimals = tokensPerSecond < wholeNumbersFrom ? 1 : 0;
    return tr("%1 tokens/s").arg(QLocale().toString(tokensPerSecond, 'f', decimals));
}

QString StatusWords::wakePhase(channel::WakePhase phase)
{
    switch (phase) {
    case channel::WakePhase::Recipe:
        return tr("running its recipe");
    case channel::WakePhase::Polling:
        return tr("waiting for the backend");
    }
    Q_UNREACHABLE();
}

QString StatusWords::wakeDetail(const publisher::WakeStatus &wake, std::optional<Duration> usual)
{
    return usual ? tr("%1, usually %2").arg(wakePhase(wake.phase), span(*usual)) : wakePhase(wake.phase);
}

} // namespace hearth::board
