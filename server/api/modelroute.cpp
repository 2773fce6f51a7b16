#include "modelroute.h"

#include "jsonwriter.h"
#include "logging.h"

namespace hearth::api {

namespace {

/// The `error` event of OpenAI's Responses API.
QByteArray responsesError(const Error &error)
{
    QByteArray body;
    json::JsonWriter writer(body);
    writer.beginObject()
        .field(QLatin1String("type"), QLatin1String("error"))
        .field(QLatin1String("code"), toString(error.code))
        .field(QLatin1String("message"), redact(error.message));
    writer.key(QLatin1String("param")).null().endObject();
    return body;
}

} // namespace

QByteArray streamError(const Error &error, StreamDialect dialect)
{
    switch (dialect) {
    case StreamDialect::Chat:
        return "data: " + http::errorBody(error, http::ErrorShape::OpenAi) + "\n\n";
    case StreamDialect::Responses:
        return "event: error\ndata: " + responsesError(error) + "\n\n";
    case StreamDialect::Messages:
        return "event: error\ndata: " + http::errorBody(error, http::ErrorShape::Anthropic) + "\n\n";
    }
    Q_UNREACHABLE();
}

} // namespace hearth::api
