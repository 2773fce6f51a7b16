#include "configchange.h"

#include <algorithm>

namespace hearth::draft {

namespace {

using Map = ConfigNode::Map;
using List = ConfigNode::List;

ConfigPath joined(ConfigPath path, ConfigStep step)
{
    path.push_back(std::move(step));
    return path;
}

const ConfigMember *memberOf(const Map &map, const QString &key)
{
    const auto found = std::ranges::find(map, key, &ConfigMember::key);
    return found == map.end() ? nullptr : &*found;
}

/// Whether the new map comes of keeping members where they are, removing some, and adding others at the end.
bool keepsOrder(const Map &before, const Map &after)
{
    auto next = after.begin();
    for (const ConfigMember &each : before) {
        if (!memberOf(after, each.key))
            continue;
        if (next->key != each.key)
            return false;
        ++next;
    }
    return std::none_of(next, after.end(), [&before](const ConfigMember &each) { return memberOf(before, each.key); });
}

void addEdits(std::vector<ConfigEdit> &edits, const ConfigPath &path, const ConfigNode &before,
              const ConfigNode &after);

void addMapEdits(std::vector<ConfigEdit> &edits, const ConfigPath &path, const Map &before, const Map &after)
{
    for (const ConfigMember &each : after) {
        if (const ConfigMember *old = memberOf(before, each.key))
            addEdits(edits, joined(path, each.key), old->value, each.value);
        else
            edits.push_back({joined(path, each.key), each.value});
    }
    for (const ConfigMember &each : before) {
        if (!memberOf(after, each.key))
            edits.push_back({joined(path, each.key), std::nullopt});
    }
}

void addListEdits(std::vector<ConfigEdit> &edits, const ConfigPath &path, const List &before, const List &after)
{
    // Of a list that shrinks, the part that is gone is taken out from between those that stay.
    size_t first = 0;
    while (first < before.size() && first < after.size() && isSame(before[first], after[first]))
        ++first;
    const size_t gone = before.size() > after.size() ? before.size() - after.size() : 0;
    size_t last = after.size();
    while (gone > 0 && last > first && isSame(before[last - 1 + gone], after[last - 1]))
        --last;
    for (size_t i = first; i < last; ++i) {
        if (i < before.size())
            addEdits(edits, joined(path, i), before[i], after[i]);
        else
            edits.push_back({joined(path, i), after[i]});
    }
    for (size_t i = 0; i < gone; ++i)
        edits.push_back({joined(path, last), std::nullopt});
}

void addEdits(std::vector<ConfigEdit> &edits, const ConfigPath &path, const ConfigNode &before, const ConfigNode &after)
{
    if (isSame(before, after))
        return;
    const auto *oldMap = std::get_if<Map>(&before.value);
    const auto *newMap = std::get_if<Map>(&after.value);
    const auto *oldList = std::get_if<List>(&before.value);
    const auto *newList = std::get_if<List>(&after.value);
    if (oldMap && newMap && !newMap->empty() && keepsOrder(*oldMap, *newMap))
        addMapEdits(edits, path, *oldMap, *newMap);
    else if (oldList && newList && !newList->empty())
        addListEdits(edits, path, *oldList, *newList);
    else
        edits.push_back({path, after});
}

/// `value` below the maps and lists that `steps` lead through.
ConfigNode wrapped(std::span<const ConfigStep> steps, const ConfigNode &value)
{
    if (steps.empty())
        return value;
    ConfigNode inner = wrapped(steps.subspan(1), value);
    if (const auto *key = std::get_if<QString>(&steps.front()))
        return {.value = Map{{.key = *key, .value = std::move(inner)}}};
    return {.value = List{std::move(inner)}};
}

bool canHold(const ConfigNode &node, const ConfigStep &step)
{
    const auto *list = std::get_if<List>(&node.value);
    const auto *index = std::get_if<size_t>(&step);
    return index ? list && *index <= list->size() : std::holds_alternative<Map>(node.value);
}

} // namespace

std::vector<ConfigEdit> editsFor(const ConfigNode &root, const ConfigPath &path, const ConfigNode &wanted)
{
    const std::span<const ConfigStep> steps(path);
    const ConfigNode *node = &root;
    for (size_t i = 0; i < path.size(); ++i) {
        // The root is a map even while it is empty.
        if (i > 0 && !canHold(*node, path[i]))
            return {{ConfigPath(path.begin(), path.begin() + static_cast<ptrdiff_t>(i)),
                     wrapped(steps.subspan(i), wanted)}};
        node = childOf(*node, path[i]);
        if (!node) {
            return {{ConfigPath(path.begin(), path.begin() + static_cast<ptrdiff_t>(i) + 1),
                     wrapped(steps.subspan(i + 1), wanted)}};
        }
    }
    std::vector<ConfigEdit> edits;
    addEdits(edits, path, *node, wanted);
    return edits;
}

void adoptSpelling(ConfigNode &wanted, const ConfigNode &old)
{
    if (wanted.toJson() == old.toJson()) {
        wanted = old;
        return;
    }
    auto *map = std::get_if<Map>(&wanted.value);
    const auto *before = std::get_if<Map>(&old.value);
    if (!map || !before)
        return;
    const auto placeOf = [before](const ConfigMember &each) {
        return std::ranges::find(*before, each.key, &ConfigMember::key) - before->begin();
    };
    std::ranges::stable_sort(*map, {}, placeOf);
    for (ConfigMember &each : *map) {
        if (const ConfigMember *member = memberOf(*before, each.key))
            adoptSpelling(each.value, member->value);
    }
}

} // namespace hearth::draft
