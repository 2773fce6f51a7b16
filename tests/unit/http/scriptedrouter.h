// ScriptedRouter: a Router for tests whose handlers do what the path says.
//
//   /echo     answers with method, target and body          /hold     leaves the exchange to the test
//   /empty    answers 204                                    /refuse   is refused with 401 before its body is read
//   /stream   streams "one", "two"                           /upgrade  hands the socket to the test
//
// Everything else is refused with 404.

#pragma once

#include "exchange.h"

#include <QTcpSocket>

namespace hearth::http {

/// An exchange that the test answers. Outlives its handler, so that the test can see how it went.
struct HeldExchange
{
    /// Null once the handler has been destroyed.
    Exchange *exchange = nullptr;
    QByteArray body;
    bool clientGone = false;
    int drained = 0;
    std::function<void()> onDrained = {};
};

class ScriptedRouter final : public Router
{
public:
    HeadDecision routeHead(Exchange &exchange) override;

    /// Method and target of the requests that were routed, and of those that were answered by a handler.
    QByteArrayList routed;
    QByteArrayList executed;
    RequestHead lastHead;
    QList<std::shared_ptr<HeldExchange>> held;
    std::unique_ptr<QTcpSocket> upgradedSocket;
    /// Handlers that exist.
    int handlers = 0;
};

} // namespace hearth::http
