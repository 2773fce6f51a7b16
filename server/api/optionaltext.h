// writeText(): a text that a row may lack: null where it is empty.

#pragma once

#include "jsonwriter.h"

namespace hearth::api {

inline void writeText(json::JsonWriter &writer, QLatin1String name, const QString &text)
{
    writer.key(name);
    if (text.isEmpty())
        writer.null();
    else
        writer.value(text);
}

} // namespace hearth::api
