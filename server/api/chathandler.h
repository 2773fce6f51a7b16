// ChatHandler: one request to chat with an agent, from its HTTP body to the end of its answer.
//
// Made by the router for an authenticated request, owned by the connection. It asks ChatService and tells the client
// what comes: all at once, or as events. When the client goes, the turn goes on without it. While the answer has to
// be waited for, it keeps a streaming client informed as InferHandler does. Main thread.

#pragma once

#include "apicontext.h"
#include "chatservice.h"
#include "exchange.h"

namespace hearth::api {

class ChatHandler final : public http::ExchangeHandler, private chat::TurnListener
{
public:
    ChatHandler(const ApiContext &context, http::Exchange &exchange, domain::Principal principal, QString agentName);
    ~ChatHandler() override;

    void requestComplete(http::Exchange &exchange, QByteArray body) override;
    void clientGone() override;

private:
    /// Begins the turn that `body` asks for.
    Result<chat::ChatTurn *> ask(const QByteArray &body);
    void tellOfWait();
    void beginStream();
    void writeEvent(QByteArrayView name, QByteArrayView data);
    void refuse(const Error &error);

    void turnDelayed() override;
    void turnText(const QString &delta) override;
    void turnEnded(const domain::ChatMessage &answer) override;
    void turnFailed(const Error &error) override;

    const ApiContext &m_context;
    /// Those that held when the request came.
    const ApiSettings m_settings;
    http::Exchange &m_exchange;
    domain::Principal m_principal;
    QString m_agentName;
    /// The client has asked for events.
    bool m_wantsStream = false;
    /// Null before the turn has begun and after it has ended.
    chat::ChatTurn *m_turn = nullptr;
    Timer m_waitTimer;
};

} // namespace hearth::api
