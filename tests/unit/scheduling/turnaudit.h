// TurnAudit: whether keys take turns. Between two requests of one key no other key may have two, as far as the first
// one could have been served in their place.

#pragma once

#include "ids.h"

#include <QSet>

#include <map>

namespace hearth::testsupport {

class TurnAudit
{
public:
    /// The key has something waiting in `group` and had nothing before.
    void joined(size_t group, const ApiKeyId &key) { m_overtaken.erase({group, key}); }

    /// A request of `key` was served; those of `others`, who wait in the same group, could have been. Returns the key
    /// that has been overtaken twice by this one, if there is one.
    std::optional<ApiKeyId> served(size_t group, const ApiKeyId &key, const QSet<ApiKeyId> &others)
    {
        std::optional<ApiKeyId> wronged;
        for (const ApiKeyId &other : others) {
            if (++m_overtaken[{group, other}][key] > 1)
                wronged = other;
        }
        m_overtaken.erase({group, key});
        return wronged;
    }

    /// Groups have been mixed.
    void startAnew() { m_overtaken.clear(); }

private:
    std::map<std::pair<size_t, ApiKeyId>, std::map<ApiKeyId, int>> m_overtaken;
};

} // namespace hearth::testsupport
