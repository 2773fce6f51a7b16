#include "timestamp.h"

#include <QDateTime>

namespace hearth::api {

void writeTime(json::JsonWriter &writer, QLatin1String name, std::optional<WallTime> time)
{
    writer.key(name);
    if (!time) {
        writer.null();
        return;
    }
    const QDateTime date = QDateTime::fromMSecsSinceEpoch(time->time_since_epoch().count(), Qt::UTC);
    writer.value(date.toString(Qt::ISODateWithMs));
}

} // namespace hearth::api
