#include "configpath.h"

#include <algorithm>

namespace hearth::draft {

namespace {

using Map = ConfigNode::Map;
using List = ConfigNode::List;
using Scalar = ConfigNode::Scalar;

void edit(ConfigNode &node, std::span<const ConfigStep> path, const std::optional<ConfigNode> &value);

void editMember(Map &map, const QString &key, std::span<const ConfigStep> rest, const std::optional<ConfigNode> &value)
{
    const auto member = std::ranges::find(map, key, &ConfigMember::key);
    if (!rest.empty()) {
        Q_ASSERT(member != map.end());
        edit(member->value, rest, value);
    } else if (member == map.end()) {
        map.push_back({.key = key, .value = value.value()});
    } else if (value) {
        member->value = *value;
    } else {
        map.erase(member);
    }
}

void editItem(List &list, size_t index, std::span<const ConfigStep> rest, const std::optional<ConfigNode> &value)
{
    if (!rest.empty())
        edit(list.at(index), rest, value);
    else if (index == list.size())
        list.push_back(value.value());
    else if (value)
        list.at(index) = *value;
    else
        list.erase(list.begin() + static_cast<List::difference_type>(index));
}

void edit(ConfigNode &node, std::span<const ConfigStep> path, const std::optional<ConfigNode> &value)
{
    const ConfigStep &step = path.front();
    const auto rest = path.subspan(1);
    if (const auto *key = std::get_if<QString>(&step))
        editMember(std::get<Map>(node.value), *key, rest, value);
    else
        editItem(std::get<List>(node.value), std::get<size_t>(step), rest, value);
}

bool isSameScalar(const ConfigNode &left, const ConfigNode &right)
{
    const auto &one = std::get<Scalar>(left.value);
    const auto &other = std::get<Scalar>(right.value);
    // Quotes only matter where they make a text of what would be a number.
    return one.text == other.text && (one.quoted == other.quoted || left.toJson() == right.toJson());
}

} // namespace

ConfigPath configPath(QStringView text)
{
    ConfigPath path;
    for (const QStringView part : text.split(u'.')) {
        const QList<QStringView> pieces = part.split(u'[');
        path.emplace_back(pieces.front().toString());
        for (const QStringView index : pieces.sliced(1)) {
            bool ok = false;
            path.emplace_back(size_t{index.chopped(1).toUInt(&ok)});
            Q_ASSERT(ok && index.endsWith(u']'));
        }
    }
    return path;
}

const ConfigNode *childOf(const ConfigNode &node, const ConfigStep &step)
{
    if (const auto *key = std::get_if<QString>(&step)) {
        const auto *map = std::get_if<Map>(&node.value);
        if (!map)
            return nullptr;
        const auto member = std::ranges::find(*map, *key, &ConfigMember::key);
        return member == map->end() ? nullptr : &member->value;
    }
    const auto *list = std::get_if<List>(&node.value);
    const size_t index = std::get<size_t>(step);
    return list && index < list->size() ? &(*list)[index] : nullptr;
}

const ConfigNode *findNode(const ConfigNode &root, const ConfigPath &path)
{
    const ConfigNode *node = &root;
    for (const ConfigStep &step : path) {
        node = childOf(*node, step);
        if (!node)
            return nullptr;
    }
    return node;
}

ConfigNode applied(const ConfigNode &root, const ConfigEdit &change)
{
    ConfigNode result = root;
    if (std::holds_alternative<std::monostate>(result.value))
        result.value = Map();
    edit(result, change.path, change.value);
    return result;
}

bool isSame(const ConfigNode &left, const ConfigNode &right)
{
    if (left.value.index() != right.value.index())
        return false;
    if (std::holds_alternative<Scalar>(left.value))
        return isSameScalar(left, right);
    if (const auto *list = std::get_if<List>(&left.value))
        return std::ranges::equal(*list, std::get<List>(right.value), isSame);
    if (const auto *map = std::get_if<Map>(&left.value)) {
        return std::ranges::equal(*map, std::get<Map>(right.value),
                                  [](const ConfigMember &one, const ConfigMember &other) {
                                      return one.key == other.key && isSame(one.value, other.value);
                                  });
    }
    return true;
}

bool isEmptyCollection(const ConfigNode &node)
{
    const auto *list = std::get_if<List>(&node.value);
    const auto *map = std::get_if<Map>(&node.value);
    return (list && list->empty()) || (map && map->empty());
}

} // namespace hearth::draft
