#include "eventtext.h"

#include <algorithm>

namespace hearth::metering {

namespace {

constexpr QByteArrayView dataField("data:");
constexpr QByteArrayView eventField("event:");

/// Takes the first line off `text`, its end included; the line without it. The halves of a CR LF are two ends.
QByteArrayView takeLine(QByteArrayView &text)
{
    const auto *const end = std::find_if(text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; });
    const QByteArrayView line = text.first(end - text.begin());
    text = text.sliced(std::min(line.size() + 1, text.size()));
    return line;
}

} // namespace

std::optional<QByteArrayView> singleData(QByteArrayView event)
{
    std::optional<QByteArrayView> data;
    while (!event.isEmpty()) {
        const QByteArrayView line = takeLine(event);
        const bool isData = line.startsWith(dataField);
        if (line.startsWith(':') || (isData && data))
            return std::nullopt;
        if (isData)
            data = line.sliced(dataField.size());
    }
    return data;
}

std::optional<QByteArrayView> eventName(QByteArrayView event)
{
    while (!event.isEmpty() && !event.startsWith(dataField)) {
        const QByteArrayView line = takeLine(event);
        if (line.startsWith(eventField))
            return line.sliced(eventField.size()).trimmed();
    }
    return std::nullopt;
}

} // namespace hearth::metering
