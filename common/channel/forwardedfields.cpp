#include "forwardedfields.h"

#include <algorithm>
#include <array>

namespace hearth::channel {

namespace {

/// The fields of one message that pass may have this many bytes in all; what comes after them is left out.
constexpr qsizetype maxForwardedBytes = 32 * 1024;

bool hasPrefix(QByteArrayView name, QByteArrayView prefix)
{
    return name.size() > prefix.size() && name.first(prefix.size()).compare(prefix, Qt::CaseInsensitive) == 0;
}

template <size_t Count>
HttpFields passing(const HttpFields &fields, const std::array<QByteArrayView, Count> &names)
{
    const auto passes = [&names](QByteArrayView name) {
        const auto is = [name](QByteArrayView known) {
            return known.size() == name.size() && known.compare(name, Qt::CaseInsensitive) == 0;
        };
        return std::any_of(names.begin(), names.end(), is) || hasPrefix(name, "anthropic-") ||
               hasPrefix(name, "openai-");
    };
    HttpFields kept;
    qsizetype room = maxForwardedBytes;
    for (const HttpField &field : fields) {
        if (!passes(field.name) || !isToken(field.name) || !isFieldValue(field.value))
            continue;
        room -= field.name.size() + field.value.size();
        if (room < 0)
            break;
        kept.append(field.name, field.value);
    }
    return kept;
}

} // namespace

HttpFields fieldsForBackend(const HttpFields &fields)
{
    return passing(fields, std::array<QByteArrayView, 2>{"content-type", "accept"});
}

HttpFields fieldsForClient(const HttpFields &fields)
{
    return passing(fields, std::array<QByteArrayView, 3>{"content-type", "retry-after", "cache-control"});
}

} // namespace hearth::channel
