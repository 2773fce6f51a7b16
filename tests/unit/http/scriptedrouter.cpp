#include "scriptedrouter.h"

#include "errorresponse.h"

namespace hearth::http {

namespace {

QByteArray nameOf(Method method)
{
    static const QByteArray names[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "OTHER"};
    return names[static_cast<int>(method)];
}

class Handler final : public ExchangeHandler
{
public:
    Handler(ScriptedRouter &router, QByteArray path)
        : m_router(router)
        , m_path(std::move(path))
    {
        ++m_router.handlers;
    }

    ~Handler() override
    {
        --m_router.handlers;
        if (m_held)
            m_held->exchange = nullptr;
    }

    void requestComplete(Exchange &exchange, QByteArray body) override
    {
        const QByteArray line = nameOf(exchange.head().method) + ' ' + exchange.head().target;
        m_router.executed.append(line);
        if (m_path == "/hold") {
            m_held = std::make_shared<HeldExchange>(HeldExchange{&exchange, body});
            m_router.held.append(m_held);
        } else if (m_path == "/empty") {
            exchange.respond({204, {}, "nobody may see this"});
        } else if (m_path == "/stream") {
            exchange.begin(200, {{"Content-Type", "text/event-stream"}});
            exchange.write("one");
            exchange.write("two");
            exchange.finish();
        } else {
            exchange.respond({200, {{"Content-Type", "text/plain"}}, line + '\n' + body});
        }
    }

    void drained() override
    {
        if (!m_held)
            return;
        ++m_held->drained;
        if (m_held->onDrained)
            m_held->onDrained();
    }

    void clientGone() override
    {
        if (m_held)
            m_held->clientGone = true;
    }

private:
    ScriptedRouter &m_router;
    const QByteArray m_path;
    std::shared_ptr<HeldExchange> m_held;
};

} // namespace

HeadDecision ScriptedRouter::routeHead(Exchange &exchange)
{
    const RequestHead &head = exchange.head();
    routed.append(nameOf(head.method) + ' ' + head.target);
    lastHead = head;
    if (head.path == "/upgrade")
        return Upgraded{[this](std::unique_ptr<QTcpSocket> socket) { upgradedSocket = std::move(socket); }};
    if (head.path == "/refuse")
        return Refused{errorResponse({ErrorCode::InvalidApiKey, QStringLiteral("No.")}, ErrorShape::OpenAi)};
    for (const QByteArray path : {"/echo", "/hold", "/empty", "/stream", "/hidden", "*"}) {
        if (head.path == path)
            return Accepted{std::make_unique<Handler>(*this, path)};
    }
    return Refused{errorResponse({ErrorCode::RouteNotFound, QStringLiteral("No such route.")}, ErrorShape::OpenAi)};
}

} // namespace hearth::http
