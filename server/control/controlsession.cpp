#include "controlsession.h"

#include "controlserver.h"
#include "logging.h"

#include <QCoreApplication>
#include <QPointer>

namespace hearth::control {

namespace {

/// Frames that are no heartbeats bump rows only this many times within the heartbeat timeout.
constexpr int bumpsPerTimeout = 16;

template <typename... Functions>
struct Overloaded : Functions...
{
    using Functions::operator()...;
};

QSet<QString> acceptedNames(const QList<channel::EntryOutcome> &outcomes)
{
    QSet<QString> names;
    for (const channel::EntryOutcome &outcome : outcomes) {
        if (outcome.status == channel::EntryStatus::Accepted)
            names.insert(outcome.name);
    }
    return names;
}

} // namespace

ControlSession::ControlSession(ControlServer &server, std::unique_ptr<channel::Channel> channel,
                               domain::Principal principal)
    : QObject(&server)
    , m_server(server)
    , m_channel(std::move(channel))
    , m_principal(std::move(principal))
    , m_registerTimer(server.m_context.clock, [this] {
        end(channel::CloseCode::PolicyViolation, QStringLiteral("No register message came in time."));
    })
{
    m_channel->setListener(*this);
    const auto heartbeat =
        std::chrono::ceil<std::chrono::seconds>(server.m_settings.lifecycle.heartbeatInterval).count();
    m_channel->send(channel::Hello{QCoreApplication::applicationVersion(), static_cast<int>(heartbeat)});
    m_registerTimer.start(server.m_settings.registerTimeout);
}

ControlSession::~ControlSession() = default;

void ControlSession::sayGoodbye()
{
    m_channel->send(channel::Goodbye{QStringLiteral("The server stops.")});
}

void ControlSession::replaced()
{
    qCInfo(lcControl) << "a newer socket has bound session" << m_providerSession.toString();
    m_channel->close(channel::CloseCode::Replaced, QStringLiteral("Another connection has taken over this session."));
    finish();
}

void ControlSession::end(channel::CloseCode code, const QString &reason)
{
    if (m_ended)
        return;
    qCInfo(lcControl).noquote() << "closing a control channel:" << reason;
    m_channel->close(code, reason);
    finish();
}

void ControlSession::closed(const channel::CloseReason &reason)
{
    qCInfo(lcControl).noquote() << "a control channel closed:" << reason.code << reason.text;
    finish();
}

void ControlSession::finish()
{
    if (std::exchange(m_ended, true))
        return;
    m_registerTimer.stop();
    // First of all nothing is routed to the link any more: its tasks are to fail, and rows that go offline while it is
    // there look as if they had been withdrawn.
    if (m_link)
        m_server.m_context.relay.detach(m_providerSession, *m_link);
    m_server.unbind(*this);
    m_link.reset();
    m_server.forget(*this);
}

void ControlSession::messageReceived(const channel::Message &message)
{
    if (m_ended)
        return;
    noteLife();
    std::visit(Overloaded{
                   [this](const channel::Register &m) { handle(m); },
                   [this](const channel::Heartbeat &m) { handle(m); },
                   [this](const channel::ResponseHead &m) { toLink(m); },
                   [this](const channel::ResponseEnd &m) { toLink(m); },
                   [this](const channel::TaskError &m) { toLink(m); },
                   [this](const channel::Cancelled &m) { toLink(m); },
                   [this](const channel::Window &m) { toLink(m); },
                   [this](const channel::WakeProgress &m) { toLink(m); },
                   [this](const channel::WakeResult &m) { toLink(m); },
                   [this](const auto &) {
                       end(channel::CloseCode::PolicyViolation,
                           QStringLiteral("A publisher sent a message that only servers send."));
                   },
               },
               message);
}

template <typename TaskMessage>
void ControlSession::toLink(const TaskMessage &message)
{
    if (m_link)
        m_link->receive(message);
}

void ControlSession::bodyReceived(TaskId task, QByteArrayView payload)
{
    if (m_ended)
        return;
    noteLife();
    if (m_link)
        m_link->receiveBody(task, payload);
}

void ControlSession::writable()
{
    if (m_link)
        m_link->channelWritable();
}

void ControlSession::noteLife()
{
    const MonotonicTime now = m_server.m_context.clock.now();
    if (!m_link || now - m_lastLife < m_server.m_settings.lifecycle.heartbeatTimeout / bumpsPerTimeout)
        return;
    m_lastLife = now;
    m_server.m_keeper.heardFrom(m_providerSession);
}

void ControlSession::handle(const channel::Heartbeat &message)
{
    if (m_link) {
        QList<channel::LlmReport> reports = message.llms;
        reports.removeIf([this](const channel::LlmReport &report) { return !m_publishedLlms.contains(report.name); });
        m_server.m_keeper.heartbeat(m_providerSession, reports, m_publishedAgents);
        m_lastLife = m_server.m_context.clock.now();
    }
    m_channel->send(channel::HeartbeatAck{});
}

void ControlSession::handle(const channel::Register &message)
{
    if (std::exchange(m_registering, true)) {
        return end(channel::CloseCode::PolicyViolation,
                   QStringLiteral("A second register message came before the first was answered."));
    }
    m_registerTimer.stop();
    channel::Register request = message;
    // The identity of a bound socket is settled.
    if (m_link)
        request.providerSessionId = m_providerSession;
    const auto isCurrent = [guard = QPointer<ControlSession>(this)] { return guard && !guard->m_ended; };
    m_server.m_registrar.submit({request, m_principal, !m_link, isCurrent},
                                [this, isCurrent, &server = m_server](const Result<domain::RegistrationPlan> &plan) {
                                    if (isCurrent())
                                        registered(plan);
                                    else if (plan)
                                        server.bindNobody(plan->session.id);
                                });
}

void ControlSession::registered(const Result<domain::RegistrationPlan> &plan)
{
    m_registering = false;
    if (!plan)
        return refused(plan.error());
    m_publishedLlms = acceptedNames(plan->llms.outcomes);
    m_publishedAgents = acceptedNames(plan->agents.outcomes);
    const bool isFirst = !m_link;
    if (isFirst)
        makeLink(plan->session);
    m_channel->send(
        channel::Registered{plan->session.id, plan->session.epoch, plan->llms.outcomes, plan->agents.outcomes});
    // Not before the link is there: what waited for the socket that is replaced now goes on to this one.
    if (isFirst)
        m_server.bind(*this);
    m_server.m_keeper.heardFrom(m_providerSession);
    for (const domain::Registry::LiveLlm *live : m_server.m_context.registry.llmsOf(m_providerSession))
        m_server.m_context.relay.llmChanged(live->row.id);
}

void ControlSession::refused(const Error &error)
{
    m_channel->send(channel::ErrorNotice{toString(error.code), error.message});
    // A bound session lives on while the database is away: its publisher offers again later.
    if (error.code != ErrorCode::StorageUnavailable)
        end(channel::CloseCode::PolicyViolation, error.message);
    else if (!m_link)
        end(channel::CloseCode::TryAgainLater, error.message);
}

void ControlSession::makeLink(const domain::ProviderSession &session)
{
    qCInfo(lcControl).noquote() << "publisher" << session.publisher << "bound session" << session.id.toString()
                                << "epoch" << session.epoch;
    m_providerSession = session.id;
    m_link = std::make_unique<relay::PublisherLink>(
        *m_channel, m_server.m_context.clock, m_server.m_context.relay.settings(), [this](const QString &reason) {
            // Not at once: the link is in the middle of a call.
            QMetaObject::invokeMethod(
                this, [this, reason] { end(channel::CloseCode::PolicyViolation, reason); }, Qt::QueuedConnection);
        });
    m_server.m_context.relay.attach(m_providerSession, *m_link);
}

} // namespace hearth::control
