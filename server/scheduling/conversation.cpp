#include "conversation.h"

#include "arraywalk.h"
#include "objectscan.h"

#include <algorithm>

namespace hearth::scheduling {

namespace {

constexpr qsizetype longestMark = 64 * 1024;

bool isUsers(QByteArrayView message)
{
    constexpr QByteArrayView keys[] = {"role"};
    // Only looked at while the call lasts.
    const auto scan = json::scanObject(QByteArray::fromRawData(message.data(), message.size()), keys);
    if (!scan || !scan->values.front())
        return false;
    const json::Span role = *scan->values.front();
    return json::decodeString(message.sliced(role.offset, role.length)) == QLatin1String("user");
}

/// Up to and with the first message of the user, or as much of that as is looked at; empty when there is none.
QByteArrayView beginning(QByteArrayView messages)
{
    const QByteArrayView seen = messages.first(std::min(messages.size(), longestMark));
    json::ArrayWalk walk(seen);
    while (const std::optional<QByteArrayView> message = walk.next()) {
        if (isUsers(*message))
            return seen.first(message->end() - seen.begin());
    }
    return seen.size() < messages.size() ? seen : QByteArrayView();
}

bool isText(QByteArrayView literal)
{
    return literal.startsWith('"') && literal != "\"\"";
}

} // namespace

std::optional<quint64> conversationOf(const ApiKeyId &key, QByteArrayView user, QByteArrayView messages)
{
    const QByteArrayView mark = isText(user) ? user.first(std::min(user.size(), longestMark)) : beginning(messages);
    if (mark.isEmpty())
        return std::nullopt;
    return qHash(mark, qHash(key));
}

} // namespace hearth::scheduling
