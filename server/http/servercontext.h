// ServerContext: what all connections of one HttpServer share.
//
// Owned by HttpServer, which outlives its connections. Main thread only.

#pragma once

#include "bodybudget.h"
#include "clock.h"
#include "cors.h"
#include "exchange.h"
#include "httpsettings.h"
#include "loopturn.h"
#include "requestids.h"

#include <algorithm>

namespace hearth::http {

struct ServerContext
{
    ServerContext(HttpSettings serverSettings, Clock &serverClock, Router &serverRouter)
        : settings(std::move(serverSettings))
        , clock(serverClock)
        , router(serverRouter)
        , cors(settings.allowedOrigins)
        , bodies(settings.limits.allBodies)
        , scratch(2 * readBufferSize(), Qt::Uninitialized)
    {}

    void setSettings(HttpSettings changed)
    {
        settings = std::move(changed);
        cors = Cors(settings.allowedOrigins);
        bodies.setLimit(settings.limits.allBodies);
        // Never smaller: sockets keep their room until their next request.
        scratch.resize(std::max<qsizetype>(scratch.size(), 2 * readBufferSize()));
    }

    /// How much a client's socket may hold unread: enough to see that a head, or what comes behind a request in flight,
    /// is over its limit.
    qint64 readBufferSize() const { return std::max(settings.limits.head, settings.limits.readAhead) + 4096; }

    HttpSettings settings;
    Clock &clock;
    Router &router;
    Cors cors;
    BodyBudget bodies;
    RequestIds requestIds;
    LoopTurn turns;
    /// Where connections look at their input, with room for a full socket and what a body reader has kept back; its
    /// content means nothing from one use to the next.
    QByteArray scratch;
    int activeRequests = 0;
    bool draining = false;
};

} // namespace hearth::http
