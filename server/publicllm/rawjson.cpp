#include "rawjson.h"

#include "objectscan.h"

namespace hearth::publicllm {

namespace {

/// The place behind the value or white space that begins at `at`: the next comma or bracket of the same level.
qsizetype endOfItem(QByteArrayView text, qsizetype at)
{
    int depth = 0;
    bool inString = false;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (inString) {
            if (c == '\\')
                ++at;
            inString = c != '"';
        } else if (c == '"') {
            inString = true;
        } else if (c == '[' || c == '{') {
            ++depth;
        } else if (depth == 0 && (c == ',' || c == ']')) {
            return at;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return text.size();
}

} // namespace

std::optional<QByteArray> rawMember(const QByteArray &object, QByteArrayView key)
{
    const Result<json::ObjectScan> scan = json::scanObject(object, std::span(&key, 1));
    if (!scan || !scan.value().values.front())
        return std::nullopt;
    const json::Span place = *scan.value().values.front();
    return object.mid(place.offset, place.length);
}

QByteArrayList rawItems(QByteArrayView array)
{
    const QByteArrayView text = array.trimmed();
    QByteArrayList items;
    if (!text.startsWith('['))
        return items;
    for (qsizetype at = 1; at < text.size();) {
        const qsizetype end = endOfItem(text, at);
        if (const QByteArrayView item = text.sliced(at, end - at).trimmed(); !item.isEmpty())
            items.append(item.toByteArray());
        at = end + 1;
    }
    return items;
}

} // namespace hearth::publicllm
