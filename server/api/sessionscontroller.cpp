#include "sessionscontroller.h"

#include "handlers.h"
#include "jsonwriter.h"
#include "timestamp.h"

#include <algorithm>

namespace hearth::api {

http::Response SessionsController::list() const
{
    QByteArray body;
    json::JsonWriter writer(body);
    writer.beginArray();
    for (const domain::ProviderSession *session : m_context.registry.sessions()) {
        const auto age = std::chrono::duration<double>(m_context.clock.wallNow() - session->lastHeartbeatAt);
        writer.beginObject()
            .field(QLatin1String("id"), session->id.toString())
            .field(QLatin1String("owner"), session->owner)
            .field(QLatin1String("publisher"), session->publisher)
            .field(QLatin1String("publisherVersion"), session->publisherVersion)
            .field(QLatin1String("epoch"), session->epoch)
            .field(QLatin1String("bound"), m_context.relay.isBound(session->id));
        writeTime(writer, QLatin1String("createdAt"), session->createdAt);
        writeTime(writer, QLatin1String("lastHeartbeatAt"), session->lastHeartbeatAt);
        writer.field(QLatin1String("heartbeatAgeSeconds"), std::max(age.count(), 0.0))
            .field(QLatin1String("inFlight"), m_context.relay.running(session->id))
            .key(QLatin1String("llms"))
            .beginArray();
        for (const domain::Registry::LiveLlm *live : m_context.registry.llmsOf(session->id))
            writer.value(live->row.name);
        writer.endArray().endObject();
    }
    writer.endArray();
    return jsonResponse(body);
}

} // namespace hearth::api
