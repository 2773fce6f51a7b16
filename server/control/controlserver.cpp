#include "controlserver.h"

#include "logging.h"

namespace hearth::control {

namespace {

/// Whether a publisher is to be treated otherwise now; priority and limits are about calling, not about publishing.
bool differForPublishing(domain::ApiKey key, const domain::ApiKey &before)
{
    key.priority = before.priority;
    key.limits = before.limits;
    return key != before;
}

} // namespace

ControlServer::ControlServer(ControlContext context, ControlSettings settings, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_settings(settings)
    , m_keeper(context.registry, context.relay, context.storage, context.clock)
    , m_registrar(context.registry, context.storage, context.changes, context.clock, settings.lifecycle,
                  [this](const ProviderSessionId &session) { return isBound(session); })
    , m_sweeper(context.registry, m_keeper, context.storage, context.changes, context.clock, settings.lifecycle,
                [this](const ProviderSessionId &session) { return isBound(session); })
    , m_keyTimer(context.clock, [this] {
        checkKeys();
        m_keyTimer.start(m_settings.keyCheckInterval);
    })
{
    m_keyTimer.start(m_settings.keyCheckInterval);
    m_context.relay.onWoken([this](const LlmId &llm) { m_keeper.woken(llm); });
}

ControlServer::~ControlServer()
{
    closeAll();
    m_context.relay.onWoken({});
}

void ControlServer::storeLoadedRows()
{
    for (const domain::Registry::LiveAgent *live : m_context.registry.agents()) {
        if (live->row.kind == domain::LlmKind::Virtual)
            m_keeper.apply(domain::Agent(live->row));
    }
    for (const domain::Registry::LiveLlm *live : m_context.registry.llms()) {
        if (live->row.kind == domain::LlmKind::Virtual)
            m_keeper.apply(domain::Llm(live->row));
    }
}

void ControlServer::accept(std::unique_ptr<channel::Channel> channel, const domain::Principal &principal)
{
    m_sessions.append(new ControlSession(*this, std::move(channel), principal));
}

void ControlServer::checkKeys()
{
    const QList<ControlSession *> sessions = m_sessions;
    for (ControlSession *const session : sessions) {
        const auto renewed = m_context.keys.renew(session->principal(), m_context.clock.wallNow());
        if (!renewed || !renewed->has(domain::Scope::Publish))
            session->end(channel::CloseCode::KeyRefused, QStringLiteral("The API key is not valid any more."));
        else if (differForPublishing(renewed->key(), session->principal().key()))
            session->end(channel::CloseCode::GoingAway, QStringLiteral("The API key was changed; connect again."));
    }
}

void ControlServer::sayGoodbye()
{
    for (ControlSession *const session : std::as_const(m_sessions))
        session->sayGoodbye();
}

void ControlServer::closeAll()
{
    const QList<ControlSession *> sessions = m_sessions;
    for (ControlSession *const session : sessions)
        session->end(channel::CloseCode::GoingAway, QStringLiteral("The server stops."));
}

void ControlServer::bind(ControlSession &session)
{
    ControlSession *const previous = m_bound.value(session.providerSession());
    m_bound.insert(session.providerSession(), &session);
    if (previous && previous != &session)
        previous->replaced();
}

void ControlServer::unbind(ControlSession &session)
{
    if (m_bound.value(session.providerSession()) != &session)
        return;
    m_bound.remove(session.providerSession());
    m_keeper.disconnected(session.providerSession());
}

void ControlServer::bindNobody(const ProviderSessionId &session)
{
    if (ControlSession *const previous = m_bound.take(session))
        previous->replaced();
    m_keeper.disconnected(session);
}

void ControlServer::forget(ControlSession &session)
{
    m_sessions.removeOne(&session);
    session.deleteLater();
}

} // namespace hearth::control
