#include "forwardedfields.h"

#include <algorithm>
#include <array>
#include <span>

namespace hearth::api {

namespace {

bool isOneOf(QByteArrayView name, std::span<const QByteArrayView> names)
{
    return std::any_of(names.begin(), names.end(), [name](QByteArrayView known) {
        return known.size() == name.size() && known.compare(name, Qt::CaseInsensitive) == 0;
    });
}

bool hasPrefix(QByteArrayView name, QByteArrayView prefix)
{
    return name.size() > prefix.size() && name.first(prefix.size()).compare(prefix, Qt::CaseInsensitive) == 0;
}

bool isVendorField(QByteArrayView name)
{
    return hasPrefix(name, "anthropic-") || hasPrefix(name, "openai-");
}

bool isToken(QByteArrayView name)
{
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

bool isText(QByteArrayView value)
{
    return std::none_of(value.begin(), value.end(),
                        [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

template <typename Predicate>
HttpFields filtered(const HttpFields &fields, Predicate passes)
{
    HttpFields kept;
    for (const HttpField &field : fields) {
        if (passes(QByteArrayView(field.name)) && isToken(field.name) && isText(field.value))
            kept.append(field.name, field.value);
    }
    return kept;
}

} // namespace

HttpFields requestFieldsForBackend(const HttpFields &fields)
{
    static constexpr std::array<QByteArrayView, 2> names{"content-type", "accept"};
    return filtered(fields, [](QByteArrayView name) { return isOneOf(name, names) || isVendorField(name); });
}

HttpFields answerFieldsForClient(const HttpFields &fields)
{
    static constexpr std::array<QByteArrayView, 3> names{"content-type", "retry-after", "cache-control"};
    return filtered(fields, [](QByteArrayView name) { return isOneOf(name, names) || isVendorField(name); });
}

} // namespace hearth::api
