#include "session.h"

#include "logging.h"

namespace hearth::publisher {

Session::Session(Handshake::Greeting greeting, const SessionContext &context, SessionObserver &observer)
    : m_context(context)
    , m_observer(observer)
    , m_channel(std::move(greeting.channel))
    , m_serverVersion(greeting.hello.serverVersion)
    , m_heartbeatInterval(std::chrono::seconds(greeting.hello.heartbeatSeconds))
    , m_heartbeatTimer(context.clock, [this] { sendHeartbeat(); })
    , m_leaveTimer(context.clock, [this] { leave(); })
    , m_lifeTimer(context.clock,
                  [this] {
                      end(channel::CloseCode::PolicyViolation,
                          QStringLiteral("The server did not answer a heartbeat."));
                  })
    , m_registration(
          *m_channel, context,
          [this] { end(channel::CloseCode::PolicyViolation, QStringLiteral("The server did not answer a register.")); })
    , m_tasks(
          *m_channel, context, [this](const PublishedLlm &llm) { requestEnded(llm); }, [this] { tellDrain(); })
{
    m_channel->setListener(*this);
}

void Session::statesKnown(const ProviderSessionId &session)
{
    if (m_registration.isCurrent())
        return statesChanged();
    m_hasNews = false;
    m_registration.offer(session);
}

void Session::statesChanged()
{
    m_hasNews = true;
    if (m_facts)
        sendHeartbeat();
}

void Session::withdrawn(const ProviderSessionId &session)
{
    if (m_facts || m_registration.isPending())
        statesKnown(session);
}

void Session::makeSure()
{
    if (!m_facts || m_lifeTimer.isActive())
        return;
    sendHeartbeat();
    m_awaitedAcks = m_roundTrip.open();
    m_lifeTimer.start(m_context.settings.answerTimeout);
}

void Session::stop(std::function<void()> gone)
{
    m_tasks.failAll({ErrorCode::PublisherLost, QStringLiteral("The publisher was stopped.")});
    m_channel->closeThen(channel::CloseCode::GoingAway, QStringLiteral("The publisher was stopped."), std::move(gone));
}

void Session::messageReceived(const channel::Message &message)
{
    // A task's messages come first: there are many more of them.
    if (const auto *infer = std::get_if<channel::Infer>(&message))
        return m_tasks.infer(*infer);
    if (const auto *window = std::get_if<channel::Window>(&message))
        return enforce(m_tasks.grant(*window));
    if (const auto *cancel = std::get_if<channel::Cancel>(&message))
        return m_tasks.cancel(cancel->task);
    if (const auto *wake = std::get_if<channel::Wake>(&message))
        return m_tasks.wake(*wake);
    std::visit([this](const auto &other) { handle(other); }, message);
}

void Session::bodyReceived(TaskId task, QByteArrayView payload)
{
    enforce(m_tasks.receiveBody(task, payload));
}

void Session::closed(const channel::CloseReason &reason)
{
    m_observer.sessionEnded({reason, m_saidGoodbye});
}

void Session::handle(const channel::Registered &answer)
{
    if (!m_registration.answered(answer))
        return;
    if (!m_facts) {
        const MonotonicTime now = m_context.clock.now();
        m_facts = ConnectionFacts{.serverVersion = m_serverVersion, .since = now, .lastHeartbeat = now};
    }
    m_facts->epoch = answer.epoch;
    if (m_hasNews)
        sendHeartbeat();
    else
        m_heartbeatTimer.start(m_heartbeatInterval);
    m_observer.sessionRegistered(answer);
}

void Session::handle(const channel::HeartbeatAck &)
{
    if (!m_facts)
        return;
    m_facts->lastHeartbeat = m_context.clock.now();
    if (const std::optional<Duration> measured = m_roundTrip.answered(m_facts->lastHeartbeat))
        m_facts->roundTrip = measured;
    if (m_lifeTimer.isActive() && --m_awaitedAcks == 0)
        m_lifeTimer.stop();
}

void Session::handle(const channel::Goodbye &goodbye)
{
    qCInfo(lcPublisher).noquote() << "The server says goodbye:" << goodbye.reason;
    m_saidGoodbye = true;
    leaveWhenIdle();
}

void Session::handle(const channel::ErrorNotice &notice)
{
    qCWarning(lcPublisher).noquote() << "The server says:" << notice.message;
    // A session that it knows lives on while its database is away.
    if (m_facts && errorCodeFromString(notice.code.toLatin1()) == ErrorCode::StorageUnavailable)
        m_registration.refused();
}

void Session::sendHeartbeat()
{
    channel::Heartbeat heartbeat;
    for (const PublishedLlm &llm : m_context.roster.llms()) {
        if (llm.isAccepted())
            heartbeat.llms.append({llm.settings.name, reportedState(llm, m_context.intake), llm.running});
    }
    m_channel->send(heartbeat);
    m_roundTrip.asked(m_context.clock.now());
    // A register that is being stored carries older states, which will replace these.
    m_hasNews = m_registration.isPending();
    m_heartbeatTimer.start(m_heartbeatInterval);
}

void Session::requestEnded(const PublishedLlm &llm)
{
    if (m_context.intake == Intake::Draining && llm.running == 0)
        statesChanged();
    if (m_saidGoodbye)
        leaveWhenIdle();
    tellDrain();
}

void Session::tellDrain()
{
    if (m_context.intake != Intake::Open)
        m_observer.sessionDrains();
}

void Session::leaveWhenIdle()
{
    // Not from in here: the caller may be one of the tasks.
    m_leaveTimer.start(Duration::zero());
}

void Session::leave()
{
    if (m_tasks.isIdle())
        end(channel::CloseCode::Normal, QStringLiteral("The server said goodbye."));
}

void Session::enforce(const Result<void> &result)
{
    if (!result)
        end(channel::CloseCode::PolicyViolation, result.error().message);
}

void Session::end(channel::CloseCode code, const QString &text)
{
    m_channel->close(code, text);
    m_observer.sessionEnded({{static_cast<int>(code), text}, m_saidGoodbye});
}

} // namespace hearth::publisher
