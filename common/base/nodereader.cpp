#include "nodereader.h"

#include <algorithm>

namespace hearth {

namespace {

std::optional<QStringList> textsOf(const ConfigNode &node)
{
    if (std::holds_alternative<std::monostate>(node.value))
        return QStringList();
    const auto *list = std::get_if<ConfigNode::List>(&node.value);
    if (!list)
        return std::nullopt;
    QStringList texts;
    for (const ConfigNode &each : *list) {
        const auto *scalar = std::get_if<ConfigNode::Scalar>(&each.value);
        if (!scalar)
            return std::nullopt;
        texts.append(scalar->text);
    }
    return texts;
}

std::optional<TextMap> textMapOf(const ConfigNode &node)
{
    if (std::holds_alternative<std::monostate>(node.value))
        return TextMap();
    const auto *map = std::get_if<ConfigNode::Map>(&node.value);
    if (!map)
        return std::nullopt;
    TextMap texts;
    for (const ConfigMember &member : *map) {
        const auto *scalar = std::get_if<ConfigNode::Scalar>(&member.value.value);
        if (!scalar)
            return std::nullopt;
        texts.append({member.key, scalar->text});
    }
    return texts;
}

std::optional<QJsonObject> objectOf(const ConfigNode &node)
{
    const QJsonValue json = node.toJson();
    return json.isObject() || json.isNull() ? std::optional(json.toObject()) : std::nullopt;
}

std::optional<SettingValue> valueOf(const Setting &setting, const ConfigNode &node)
{
    switch (setting.type) {
    case SettingType::TextList:
        return textsOf(node);
    case SettingType::TextMap:
        return textMapOf(node);
    case SettingType::Object:
        return objectOf(node);
    case SettingType::Text:
    case SettingType::Path:
    case SettingType::Choice:
    case SettingType::Boolean:
    case SettingType::Integer:
    case SettingType::Seconds:
    case SettingType::Minutes:
    case SettingType::Size:
    case SettingType::Entries:
        const auto *scalar = std::get_if<ConfigNode::Scalar>(&node.value);
        return scalar ? setting.parse(scalar->text) : std::nullopt;
    }
    Q_UNREACHABLE();
}

} // namespace

NodeReader::NodeReader(const SettingTable &table, const QString &file, QList<ConfigProblem> &problems)
    : m_table(table)
    , m_file(file)
    , m_problems(problems)
{}

void NodeReader::complain(int line, const QString &path, const QString &what)
{
    m_problems.append({SettingOrigin{SettingOrigin::Layer::File, m_file, line}.toString(), path, what});
}

void NodeReader::read(const ConfigNode &node, SettingValues &values)
{
    readMap(node, {}, values);
}

void NodeReader::readMap(const ConfigNode &node, const QString &section, SettingValues &values)
{
    // A map whose members are all commented out reads as nothing at all.
    values.openSection(section);
    if (std::holds_alternative<std::monostate>(node.value))
        return;
    const auto *map = std::get_if<ConfigNode::Map>(&node.value);
    if (!map) {
        complain(node.line, values.pathOf(section), QStringLiteral("must be a map of settings"));
        return;
    }
    for (const ConfigMember &member : *map)
        readMember(member, section.isEmpty() ? member.key : section % u'.' % member.key, values);
}

void NodeReader::readMember(const ConfigMember &member, const QString &key, SettingValues &values)
{
    // A dot in a name would be a second way to write a setting.
    const bool dotted = member.key.contains(u'.');
    if (const Setting *setting = dotted ? nullptr : m_table.find(key)) {
        readSetting(*setting, member, values);
    } else if (!dotted && m_table.isSection(key)) {
        readMap(member.value, key, values);
    } else {
        const QString meant = dotted ? QString() : m_table.suggestionFor(key);
        complain(member.line, values.pathOf(key),
                 meant.isEmpty() ? QStringLiteral("unknown setting")
                                 : u"unknown setting; did you mean " % values.pathOf(meant) % u'?');
    }
}

void NodeReader::readSetting(const Setting &setting, const ConfigMember &member, SettingValues &values)
{
    const SettingOrigin origin{SettingOrigin::Layer::File, m_file, member.line};
    const QString path = values.pathOf(setting.key);
    if (setting.type == SettingType::Entries) {
        values.assign(setting.key, entriesOf(setting, member.value, path), origin);
        return;
    }
    if (std::optional<SettingValue> value = valueOf(setting, member.value))
        values.assign(setting.key, std::move(*value), origin);
    else
        complain(member.line, path, setting.requirement());
}

std::vector<SettingValues> NodeReader::entriesOf(const Setting &setting, const ConfigNode &node, const QString &path)
{
    std::vector<SettingValues> entries;
    const auto *list = std::get_if<ConfigNode::List>(&node.value);
    if (!list && !std::holds_alternative<std::monostate>(node.value))
        complain(node.line, path, setting.requirement());
    if (!list)
        return entries;
    NodeReader reader(setting.fields, m_file, m_problems);
    for (const ConfigNode &each : *list) {
        const QString entryPath = path % u'[' % QString::number(entries.size()) % u']';
        SettingValues entry = setting.fields.defaults(entryPath, {SettingOrigin::Layer::File, m_file, each.line});
        if (std::holds_alternative<ConfigNode::Map>(each.value)) {
            reader.read(each, entry);
            requireSettings(setting.fields, entry, m_problems);
        } else {
            complain(each.line, entryPath, QStringLiteral("must be a map"));
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

void requireSettings(const SettingTable &table, const SettingValues &values, QList<ConfigProblem> &problems)
{
    for (const Setting &setting : table) {
        const QByteArray key = setting.key.toLatin1();
        const QByteArray section = key.left(std::max<qsizetype>(key.lastIndexOf('.'), 0));
        if (setting.required && !values.isSet(key) && (section.isEmpty() || values.hasSection(section)))
            problems.append(
                values.problem(key, setting.flag.isEmpty()
                                        ? QStringLiteral("is required")
                                        : u"is required; set it in the configuration file or with " % setting.flag));
    }
}

} // namespace hearth
