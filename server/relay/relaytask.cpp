#include "relaytask.h"

#include "relay.h"

#include <algorithm>
#include <array>

namespace hearth::relay {

using metering::AnswerMeter;
using scheduling::MemberOutcome;

namespace {

/// A target that does not take this request, and has sent nothing: it may be one for another target. A pool may have
/// boxes and public Llms that speak another dialect.
bool isNotTaken(ErrorCode code)
{
    return code == ErrorCode::InvalidRequest;
}

/// What a failure says of the Llm. Nothing is said where it was not asked, or where its connection was lost: that is
/// one event, however many requests it ends, and the Llm's row knows of it.
std::optional<MemberOutcome> outcomeAtMember(ErrorCode code)
{
    static constexpr std::array failures{ErrorCode::PublisherOffline, ErrorCode::BackendUnreachable,
                                         ErrorCode::BackendTimeout, ErrorCode::BackendError, ErrorCode::Overloaded};
    if (code == ErrorCode::PublisherLost || isNotTaken(code))
        return std::nullopt;
    const bool isFailure = std::ranges::find(failures, code) != failures.end();
    return isFailure ? MemberOutcome::Failed : MemberOutcome::Served;
}

/// Failures after which nobody has begun to work on the request, or nobody is left who does.
bool isWorthAnotherMember(ErrorCode code)
{
    static constexpr std::array codes{ErrorCode::PublisherLost, ErrorCode::PublisherOffline,
                                      ErrorCode::BackendUnreachable, ErrorCode::Overloaded, ErrorCode::InvalidRequest};
    return std::ranges::find(codes, code) != codes.end();
}

/// A backend, or a proxy before it, that is not able to serve now: 429, 502 and 503 (RFC 9110, RFC 6585).
bool saysUnable(int status)
{
    return status == 429 || status == 502 || status == 503;
}

/// What a key pays for a request. A stream that was cut off has not told all that it has cost: then it is at least what
/// can be guessed from the bytes that were sent and the events that have come.
qint64 tokensToCharge(const RequestRecord &record, qint64 events)
{
    static constexpr qint64 bytesPerToken = 4;
    const bool isCut = record.outcome == Outcome::Cancelled || record.outcome == Outcome::Truncated;
    if (!record.streamed || !isCut)
        return record.usage ? record.usage->total() : 0;
    return record.usage ? record.usage->input + std::max(record.usage->output, events)
                        : record.requestBytes / bytesPerToken + events;
}

bool isEventStream(const HttpFields &fields)
{
    return fields.value("content-type").toLower().startsWith("text/event-stream");
}

} // namespace

scheduling::Request schedulingRequest(const domain::Destination &destination, const domain::Principal &principal)
{
    scheduling::Request request;
    request.destination = destination;
    request.key = principal.key().id;
    request.owner = principal.owner();
    request.priority = principal.key().priority;
    return request;
}

RelayTask::RelayTask(Relay &relay, const domain::Destination &destination, InferRequest request,
                     const domain::Principal &principal, ResponseSink &sink)
    : m_relay(relay)
    , m_settings(relay.settings())
    , m_request(std::move(request))
    , m_principal(principal)
    , m_sink(sink)
    , m_wanted(schedulingRequest(destination, principal))
    , m_tally(relay.m_clock, principal.key(), m_request)
    , m_backendTimer(relay.m_clock, [this] { timedOut(); })
{
    m_request.firstByte = m_settings.firstByte;
    m_request.idle = m_settings.idle;
    m_wanted.conversation = m_request.conversation;
    m_wanted.maxWait = m_settings.scheduler.maxWait;
    ++m_relay.m_inFlight;
}

RelayTask::~RelayTask()
{
    if (m_answer)
        m_answer->sink = nullptr;
    // A client that leaves upon an error in its stream has not cancelled.
    if (!m_isOver && hasFailedInStream())
        conclude(Outcome::Truncated, ErrorCode::BackendError);
    else if (!m_isOver)
        conclude(Outcome::Cancelled);
    withdraw();
}

Result<void> RelayTask::begin()
{
    Result<void> taken = m_relay.m_keyMeter.begin(m_principal.key());
    if (taken) {
        m_keyUse = std::make_shared<const KeyUse>(m_relay.m_keyMeter, m_principal.key().id);
        // The sink must not be called yet: nobody has the task.
        const Relay::Settlement settlement(m_relay);
        taken = enter();
    }
    if (!taken) {
        conclude(Outcome::Refused, taken.error().code);
        return taken;
    }
    m_hasBegun = true;
    return m_earlyRefusal ? Result<void>(*m_earlyRefusal) : Result<void>();
}

Result<void> RelayTask::enter()
{
    const Result<scheduling::Ticket> ticket = m_relay.enqueue(m_wanted, *this);
    if (!ticket)
        return ticket.error();
    m_state = Waiting{*ticket};
    m_tally.waits();
    return {};
}

void RelayTask::granted(const domain::Llm &llm, TaskTarget &target, Slot slot, Duration waited)
{
    m_llm = llm.id;
    m_wanted.waited = waited;
    m_hidesUsage = m_request.hidesUsage && m_request.addsUsageFor(llm);
    m_tally.sent(llm.name);
    m_state = Dispatched{&target, target.start(llm, m_request, m_tally.attempts(), std::move(slot), *this)};
    m_backendTimer.start(m_settings.firstByte);
}

void RelayTask::refused(const Error &error)
{
    fail(m_lastFailure.value_or(error));
}

std::optional<WaitStatus> RelayTask::waitStatus() const
{
    const auto *const waiting = std::get_if<Waiting>(&m_state);
    if (!waiting)
        return std::nullopt;
    // A request whose refusal is on its way has no place any more.
    const auto position = m_relay.m_scheduler.position(waiting->ticket);
    // One that an active Llm may serve waits for its turn, whoever is being woken meanwhile.
    const auto wake = m_relay.m_scheduler.hasActive(m_wanted) ? std::nullopt : m_relay.wakeStatus(m_wanted.destination);
    return WaitStatus{position.value_or(scheduling::QueuePosition{1, 1, {}}), wake};
}

void RelayTask::consumed(qint64 bytes)
{
    const auto *const dispatched = std::get_if<Dispatched>(&m_state);
    if (!dispatched)
        return;
    m_backendTimer.start(m_settings.idle);
    dispatched->target->consumed(dispatched->task, bytes);
}

void RelayTask::withdraw()
{
    m_backendTimer.stop();
    const auto state = std::exchange(m_state, Ended{});
    if (const auto *const waiting = std::get_if<Waiting>(&state))
        m_relay.leave(waiting->ticket);
    else if (const auto *const dispatched = std::get_if<Dispatched>(&state))
        dispatched->target->cancel(dispatched->task);
}

void RelayTask::giveUp(const Error &reason)
{
    if (m_isOver)
        return;
    if (m_answer)
        m_answer->sink = nullptr;
    conclude(failure(), reason.code);
    withdraw();
}

void RelayTask::taskHead(int status, const HttpFields &fields)
{
    const Relay::Settlement settlement(m_relay);
    report(saysUnable(status) ? MemberOutcome::Failed : MemberOutcome::Served);
    if (mayTryElsewhere(status)) {
        withdraw();
        return tryAgain();
    }
    const bool isStream = isEventStream(fields);
    m_tally.answered(status, isStream);
    m_answer = std::make_shared<Answer>(
        AnswerMeter(m_tally.operation(), isStream ? AnswerMeter::Form::EventStream : AnswerMeter::Form::Whole,
                    isStream && m_hidesUsage ? AnswerMeter::UsageChunk::Remove : AnswerMeter::UsageChunk::Keep),
        &m_sink);
    m_backendTimer.start(m_settings.idle);
    m_sink.answerHead(status, fields);
}

void RelayTask::taskBody(QByteArrayView piece)
{
    m_backendTimer.start(m_settings.idle);
    m_tally.received(piece.size());
    const std::shared_ptr<Answer> answer = m_answer;
    const qint64 removed = answer->meter.take(piece, [&answer](QByteArrayView part) {
        if (answer->sink)
            answer->sink->answerBody(part);
    });
    // Nobody else consumes what was taken out.
    if (removed > 0 && answer->sink)
        consumed(removed);
}

bool RelayTask::flush()
{
    if (!m_answer)
        return true;
    const std::shared_ptr<Answer> answer = m_answer;
    answer->meter.finish([&answer](QByteArrayView rest) {
        if (answer->sink)
            answer->sink->answerBody(rest);
    });
    return answer->sink;
}

void RelayTask::taskEnded()
{
    m_state = Ended{};
    m_backendTimer.stop();
    if (!flush())
        return;
    if (m_tally.status() >= 400)
        conclude(Outcome::Rejected);
    else if (m_answer && m_answer->meter.end() != AnswerMeter::End::Told)
        conclude(Outcome::Truncated, ErrorCode::BackendError);
    else
        conclude(Outcome::Succeeded);
    m_sink.answerEnded();
}

bool RelayTask::hasFailedInStream() const
{
    return m_answer && m_tally.status() < 400 && m_answer->meter.end() == AnswerMeter::End::Failed;
}

void RelayTask::taskFailed(const Error &error)
{
    const Relay::Settlement settlement(m_relay);
    m_state = Ended{};
    m_backendTimer.stop();
    if (const auto outcome = outcomeAtMember(error.code); outcome && !m_answer)
        report(*outcome);
    const bool isAsleep = error.code == ErrorCode::BackendAsleep;
    if (isAsleep && hasAttemptsLeft() && canBeWoken()) {
        // Nothing has failed yet: what the wake says is what counts.
        m_lastFailure.reset();
        return tryAgain();
    }
    // What the publisher does not send on is unreachable for the caller.
    const Error told = isAsleep ? Error{ErrorCode::BackendUnreachable, error.message} : error;
    if (mayTryAgain(told))
        tryAgain();
    else
        fail(isNotTaken(told.code) ? m_lastFailure.value_or(told) : told);
}

void RelayTask::timedOut()
{
    const Relay::Settlement settlement(m_relay);
    if (!m_answer)
        report(MemberOutcome::Failed);
    withdraw();
    fail({ErrorCode::BackendTimeout, m_answer ? QStringLiteral("The backend fell silent in the middle of its answer.")
                                              : QStringLiteral("The backend did not begin to answer in time.")});
}

void RelayTask::report(MemberOutcome outcome)
{
    m_relay.m_scheduler.report(m_llm, outcome);
}

bool RelayTask::hasAttemptsLeft() const
{
    return !m_answer && m_tally.attempts() < m_settings.maxAttempts;
}

bool RelayTask::mayTryAgain(const Error &error)
{
    // Who does not take a request costs it no attempt: each one is asked once.
    const bool isAllowed = isNotTaken(error.code) ? !m_answer : hasAttemptsLeft();
    if (!isAllowed || !isWorthAnotherMember(error.code))
        return false;
    if (!isNotTaken(error.code))
        m_lastFailure = error;
    m_wanted.tried.append(m_llm);
    if (m_relay.m_scheduler.hasAlternative(m_wanted))
        return true;
    if (error.code != ErrorCode::PublisherLost)
        return false;
    // Its publisher may come back, or has done so already over a newer channel.
    m_wanted.tried.clear();
    return m_relay.m_scheduler.hasAlternative(m_wanted) || m_relay.m_scheduler.mayComeBack(m_llm);
}

bool RelayTask::mayTryElsewhere(int status)
{
    if (!saysUnable(status) || !hasAttemptsLeft())
        return false;
    m_wanted.tried.append(m_llm);
    m_lastFailure = {ErrorCode::BackendError, QStringLiteral("The backend answered with status %1.").arg(status)};
    return m_relay.m_scheduler.hasFreeAlternative(m_wanted);
}

bool RelayTask::canBeWoken() const
{
    const domain::Llm *const llm = m_relay.m_registry.findLlm(m_llm);
    return llm && llm->status == domain::LlmStatus::Hibernating && llm->wake && m_relay.targetOf(*llm);
}

void RelayTask::tryAgain()
{
    m_wanted.again = true;
    if (const Result<void> entered = enter(); !entered)
        return fail(m_lastFailure.value_or(entered.error()));
    m_sink.answerDelayed();
}

void RelayTask::fail(Error error)
{
    m_state = Ended{};
    m_backendTimer.stop();
    if (!flush())
        return;
    conclude(failure(), error.code);
    if (m_hasBegun)
        m_sink.answerFailed(error);
    else
        m_earlyRefusal = std::move(error);
}

Outcome RelayTask::failure() const
{
    if (m_answer)
        return Outcome::Truncated;
    return m_tally.attempts() > 0 ? Outcome::Failed : Outcome::Refused;
}

void RelayTask::conclude(Outcome outcome, std::optional<ErrorCode> error)
{
    m_isOver = true;
    --m_relay.m_inFlight;
    const std::optional<metering::TokenUsage> usage = m_answer ? m_answer->meter.usage() : std::nullopt;
    m_keyUse.reset();
    const RequestRecord record = m_tally.record(outcome, error, usage);
    m_relay.m_keyMeter.spend(m_principal.key(), tokensToCharge(record, m_answer ? m_answer->meter.events() : 0));
    m_relay.record(record);
}

} // namespace hearth::relay
