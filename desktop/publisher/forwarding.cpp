#include "forwarding.h"

#include <algorithm>
#include <array>

namespace hearth::publisher {

namespace {

bool isSame(QByteArrayView name, QByteArrayView lowerCase)
{
    return name.size() == lowerCase.size() && name.compare(lowerCase, Qt::CaseInsensitive) == 0;
}

bool hasPrefix(QByteArrayView name, QByteArrayView lowerCase)
{
    return name.size() > lowerCase.size() && isSame(name.first(lowerCase.size()), lowerCase);
}

bool passesBothWays(QByteArrayView name)
{
    return isSame(name, "content-type") || hasPrefix(name, "anthropic-") || hasPrefix(name, "openai-");
}

template <typename Predicate>
void appendPassing(HttpFields &fields, const HttpFields &received, Predicate passes)
{
    qsizetype room = maxForwardedBytes;
    for (const HttpField &field : received) {
        if (!passes(field.name) || !isFieldName(field.name) || !isFieldValue(field.value))
            continue;
        room -= field.name.size() + field.value.size();
        if (room < 0)
            return;
        fields.append(field.name, field.value);
    }
}

} // namespace

bool isModelRoute(QByteArrayView path)
{
    static constexpr std::array<QByteArrayView, 6> routes{"/chat/completions", "/completions", "/embeddings",
                                                          "/responses",        "/rerank",      "/messages"};
    return std::ranges::find(routes, path) != routes.end();
}

bool isQuery(QByteArrayView query)
{
    return query.size() <= maxQueryBytes &&
           std::ranges::all_of(query, [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
}

void appendRequestFields(HttpFields &fields, const HttpFields &received)
{
    appendPassing(fields, received, [](QByteArrayView name) { return passesBothWays(name) || isSame(name, "accept"); });
}

HttpFields answerFields(const HttpFields &received)
{
    HttpFields fields;
    appendPassing(fields, received,
                  [](QByteArrayView name) { return passesBothWays(name) || isSame(name, "retry-after"); });
    return fields;
}

bool isFieldName(QByteArrayView name)
{
    static constexpr QByteArrayView punctuation = "!#$%&'*+-.^_`|~";
    const auto isTokenCharacter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || punctuation.contains(c);
    };
    return !name.isEmpty() && std::ranges::all_of(name, isTokenCharacter);
}

bool isFieldValue(QByteArrayView value)
{
    return std::ranges::all_of(value, [](char c) { return static_cast<uchar>(c) >= 0x20 && c != 0x7f; });
}

} // namespace hearth::publisher
