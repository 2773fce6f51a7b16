#include "healthcontroller.h"

#include "handlers.h"
#include "jsonwriter.h"

#include <QCoreApplication>

namespace hearth::api {

namespace {

http::Response status(int code, QLatin1String word, QLatin1String storage)
{
    QByteArray body;
    json::JsonWriter(body)
        .beginObject()
        .field(QLatin1String("status"), word)
        .field(QLatin1String("storage"), storage)
        .endObject();
    return jsonResponse(body, code);
}

} // namespace

http::Response HealthController::livez() const
{
    return jsonResponse(QByteArrayLiteral("{\"status\":\"ok\"}"));
}

http::Response HealthController::readyz() const
{
    const bool available = m_context.storage.available();
    const QLatin1String storage(available ? "ok" : "storage_unavailable");
    if (m_context.relay.isShuttingDown())
        return status(503, QLatin1String("shutting_down"), storage);
    return available ? status(200, QLatin1String("ok"), storage) : status(503, QLatin1String("unavailable"), storage);
}

http::Response HealthController::version() const
{
    QByteArray body;
    json::JsonWriter(body)
        .beginObject()
        .field(QLatin1String("version"), QCoreApplication::applicationVersion())
        .endObject();
    return jsonResponse(body);
}

} // namespace hearth::api
