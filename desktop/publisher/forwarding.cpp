#include "forwarding.h"

#include <algorithm>
#include <array>

namespace hearth::publisher {

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

} // namespace hearth::publisher
