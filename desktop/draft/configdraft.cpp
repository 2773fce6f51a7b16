#include "configdraft.h"

#include "configchange.h"
#include "configuration.h"
#include "yamlsurgery.h"

#include <QJsonArray>
#include <QLocale>

#include <algorithm>

namespace hearth::draft {

namespace {

using Map = ConfigNode::Map;
using List = ConfigNode::List;
using Scalar = ConfigNode::Scalar;

constexpr QByteArrayView byteOrderMark("\xef\xbb\xbf");

ConfigNode textNode(const QString &text)
{
    // A lone surrogate has no UTF-8; it becomes a replacement character here and not on its way into the file.
    return {.value = Scalar{QString::fromUtf8(text.toUtf8()), true}};
}

/// The same, spelled as one of the values in the map or list `old` is: whether `8000` is quoted does not matter to
/// those who read texts.
ConfigNode textNode(const QString &text, const ConfigNode *old)
{
    const auto isIt = [&text](const ConfigNode &node) {
        const auto *scalar = std::get_if<Scalar>(&node.value);
        return scalar && scalar->text == text;
    };
    if (const auto *list = old ? std::get_if<List>(&old->value) : nullptr) {
        const auto found = std::ranges::find_if(*list, isIt);
        return found == list->end() ? textNode(text) : *found;
    }
    if (const auto *map = old ? std::get_if<Map>(&old->value) : nullptr) {
        const auto found = std::ranges::find_if(*map, isIt, &ConfigMember::value);
        return found == map->end() ? textNode(text) : found->value;
    }
    return textNode(text);
}

ConfigNode plainNode(const QString &text)
{
    return {.value = Scalar{text, false}};
}

ConfigNode jsonNode(const QJsonValue &json)
{
    switch (json.type()) {
    case QJsonValue::Bool:
        return plainNode(json.toBool() ? QStringLiteral("true") : QStringLiteral("false"));
    case QJsonValue::Double:
        return plainNode(json.toVariant().typeId() == QMetaType::LongLong
                             ? QString::number(json.toInteger())
                             : QString::number(json.toDouble(), 'g', QLocale::FloatingPointShortest));
    case QJsonValue::String:
        return textNode(json.toString());
    case QJsonValue::Array: {
        List list;
        for (const QJsonValue &each : json.toArray())
            list.push_back(jsonNode(each));
        return {.value = std::move(list)};
    }
    case QJsonValue::Object: {
        Map map;
        const QJsonObject object = json.toObject();
        for (auto member = object.begin(); member != object.end(); ++member)
            map.push_back({.key = member.key(), .value = jsonNode(member.value())});
        return {.value = std::move(map)};
    }
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        break;
    }
    return {};
}

/// An empty file says an empty map.
bool isSameDocument(const ConfigNode &root, const ConfigNode &wanted)
{
    return isSame(root, wanted) || (isEmptyCollection(wanted) && std::holds_alternative<std::monostate>(root.value));
}

} // namespace

ConfigDraft::ConfigDraft()
    : m_root(std::make_shared<ConfigNode>())
{}

Result<ConfigDraft> ConfigDraft::fromText(const QByteArray &text, const QString &name)
{
    ConfigDraft draft;
    draft.m_base = text;
    draft.m_text = text.startsWith(byteOrderMark) ? text.sliced(byteOrderMark.size()) : text;
    QList<ConfigProblem> problems;
    std::optional<ConfigNode> root = parseYaml(draft.m_text, name, problems);
    if (!root)
        return configurationError(problems);
    if (!std::holds_alternative<Map>(root->value) && !std::holds_alternative<std::monostate>(root->value))
        return configurationError({{.place = name, .what = QStringLiteral("must be a map of settings")}});
    draft.m_root = std::make_shared<ConfigNode>(std::move(*root));
    return draft;
}

std::optional<QString> ConfigDraft::scalar(const QString &path) const
{
    const ConfigNode *node = find(path);
    const auto *scalar = node ? std::get_if<Scalar>(&node->value) : nullptr;
    return scalar ? std::optional(scalar->text) : std::nullopt;
}

QStringList ConfigDraft::list(const QString &path) const
{
    const ConfigNode *node = find(path);
    QStringList texts;
    if (const auto *list = node ? std::get_if<List>(&node->value) : nullptr) {
        for (const ConfigNode &each : *list) {
            if (const auto *scalar = std::get_if<Scalar>(&each.value))
                texts.append(scalar->text);
        }
    }
    return texts;
}

TextMap ConfigDraft::map(const QString &path) const
{
    const ConfigNode *node = find(path);
    TextMap texts;
    if (const auto *map = node ? std::get_if<Map>(&node->value) : nullptr) {
        for (const ConfigMember &each : *map) {
            if (const auto *scalar = std::get_if<Scalar>(&each.value.value))
                texts.append({each.key, scalar->text});
        }
    }
    return texts;
}

QJsonObject ConfigDraft::object(const QString &path) const
{
    const ConfigNode *node = find(path);
    return node ? node->toJson().toObject() : QJsonObject();
}

int ConfigDraft::entryCount(const QString &list) const
{
    const ConfigNode *node = find(list);
    const auto *entries = node ? std::get_if<List>(&node->value) : nullptr;
    return entries ? static_cast<int>(entries->size()) : 0;
}

bool ConfigDraft::hasSection(const QString &path) const
{
    const ConfigNode *node = find(path);
    return node && (std::holds_alternative<Map>(node->value) || std::holds_alternative<std::monostate>(node->value));
}

bool ConfigDraft::setText(const QString &path, const QString &text)
{
    return setScalar(path, textNode(text));
}

bool ConfigDraft::setBoolean(const QString &path, bool value)
{
    return setScalar(path, plainNode(toText(SettingType::Boolean, value)));
}

bool ConfigDraft::setInteger(const QString &path, qint64 value)
{
    return setScalar(path, plainNode(toText(SettingType::Integer, value)));
}

bool ConfigDraft::setSeconds(const QString &path, Duration value)
{
    return setScalar(path, plainNode(toText(SettingType::Seconds, value)));
}

bool ConfigDraft::setMinutes(const QString &path, Duration value)
{
    return setScalar(path, plainNode(toText(SettingType::Minutes, value)));
}

bool ConfigDraft::setList(const QString &path, const QStringList &values)
{
    const ConfigNode *old = find(path);
    List list;
    for (const QString &value : values)
        list.push_back(textNode(value, old));
    return set(path, {.value = std::move(list)});
}

bool ConfigDraft::setMap(const QString &path, const TextMap &values)
{
    const ConfigNode *old = find(path);
    Map map;
    for (const auto &[name, value] : values)
        map.push_back({.key = name, .value = textNode(value, old)});
    return set(path, {.value = std::move(map)});
}

bool ConfigDraft::setObject(const QString &path, const QJsonObject &object)
{
    ConfigNode node = jsonNode(object);
    if (const ConfigNode *old = find(path))
        adoptSpelling(node, *old);
    return set(path, node);
}

bool ConfigDraft::remove(const QString &path)
{
    return !find(path) || apply({configPath(path), std::nullopt});
}

QString ConfigDraft::appendEntry(const QString &list, const QString &name)
{
    const QString path = QStringLiteral("%1[%2]").arg(list).arg(entryCount(list));
    setText(path + u".name", name);
    return path;
}

bool ConfigDraft::removeEntry(const QString &list, int index)
{
    return remove(QStringLiteral("%1[%2]").arg(list).arg(index));
}

std::optional<QString> ConfigDraft::entry(const QString &list, const QString &name) const
{
    const int count = entryCount(list);
    for (int i = 0; i < count; ++i) {
        const QString path = QStringLiteral("%1[%2]").arg(list).arg(i);
        if (scalar(path + u".name") == name)
            return path;
    }
    return std::nullopt;
}

const ConfigNode *ConfigDraft::find(const QString &path) const
{
    return findNode(*m_root, configPath(path));
}

bool ConfigDraft::setScalar(const QString &path, const ConfigNode &node)
{
    // The reader of a setting does not mind how the same text is quoted.
    return scalar(path) == std::get<Scalar>(node.value).text || set(path, node);
}

bool ConfigDraft::set(const QString &path, const ConfigNode &node)
{
    const ConfigDraft before = *this;
    const std::vector<ConfigEdit> edits = editsFor(*m_root, configPath(path), node);
    const bool isDone = std::ranges::all_of(edits, [this](const ConfigEdit &edit) { return apply(edit); });
    if (!isDone)
        *this = before;
    return isDone;
}

bool ConfigDraft::apply(const ConfigEdit &edit)
{
    const ConfigNode wanted = applied(*m_root, edit);
    const std::shared_ptr<const ConfigNode> root = m_root;
    const QByteArray text = m_text;
    const YamlSurgery surgery(text, *root);
    // As finely as it goes, and as coarsely as it must be for every other value to survive.
    if (const auto edited = surgery.edited(edit); edited && adopt(*edited, wanted))
        return true;
    if (const auto rewritten = surgery.rewriteBlocks(wanted); rewritten && adopt(*rewritten, wanted))
        return true;
    return adopt(surgery.rewrite(wanted), wanted);
}

bool ConfigDraft::adopt(const QByteArray &text, const ConfigNode &wanted)
{
    QList<ConfigProblem> problems;
    std::optional<ConfigNode> root = parseYaml(text, {}, problems);
    if (!root || !isSameDocument(*root, wanted))
        return false;
    m_text = text;
    m_root = std::make_shared<ConfigNode>(std::move(*root));
    return true;
}

} // namespace hearth::draft
