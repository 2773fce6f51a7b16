// parseYaml(): builds ConfigNodes from yaml-cpp's events. Its own tree is not used, because it forgets duplicate keys
// and copies an alias as often as a document asks for.

#include "confignode.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <QUtf8StringView>

#include <algorithm>
#include <map>
#include <sstream>

namespace hearth {

namespace {

[[noreturn]] void fail(const YAML::Mark &mark, const QString &what)
{
    throw YAML::ParserException(mark, what.toStdString());
}

size_t nodesIn(const ConfigNode &node)
{
    size_t count = 1;
    if (const auto *list = std::get_if<ConfigNode::List>(&node.value)) {
        for (const ConfigNode &each : *list)
            count += nodesIn(each);
    } else if (const auto *map = std::get_if<ConfigNode::Map>(&node.value)) {
        for (const ConfigMember &each : *map)
            count += nodesIn(each.value);
    }
    return count;
}

class TreeBuilder final : public YAML::EventHandler
{
public:
    explicit TreeBuilder(const YamlLimits &limits)
        : m_limits(limits)
    {}

    ConfigNode takeRoot() { return std::move(m_root); }

    void OnDocumentStart(const YAML::Mark &) override {}

    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        count(mark, 1);
        put({.value = std::monostate(), .line = mark.line + 1, .offset = mark.pos}, mark, anchor);
    }

    void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        const auto found = m_anchors.find(anchor);
        if (found == m_anchors.end())
            fail(mark, QStringLiteral("an alias within the value that it stands for"));
        count(mark, nodesIn(found->second));
        ConfigNode copy = found->second;
        copy.offset = mark.pos;
        put(std::move(copy), mark, YAML::NullAnchor);
    }

    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                  const std::string &value) override
    {
        const bool quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
        if (!quoted)
            checkTag(mark, tag);
        count(mark, 1);
        put({.value = ConfigNode::Scalar{QString::fromStdString(value), quoted},
             .line = mark.line + 1,
             .offset = mark.pos},
            mark, anchor);
    }

    void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        open(mark, tag, anchor, ConfigNode::List());
    }

    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        open(mark, tag, anchor, ConfigNode::Map());
    }

    void OnMapEnd() override { close(); }

private:
    struct Open
    {
        ConfigNode node;
        YAML::Mark mark;
        YAML::anchor_t anchor;
        // In a map: the key whose value comes next.
        std::optional<ConfigMember> member = std::nullopt;
    };

    template <typename Collection>
    void open(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor, Collection empty)
    {
        checkTag(mark, tag);
        if (m_open.size() >= m_limits.depth)
            fail(mark, QStringLiteral("more than %1 maps and lists within each other").arg(m_limits.depth));
        count(mark, 1);
        m_open.push_back({{.value = std::move(empty), .line = mark.line + 1, .offset = mark.pos}, mark, anchor});
    }

    void close()
    {
        Open closed = std::move(m_open.back());
        m_open.pop_back();
        put(std::move(closed.node), closed.mark, closed.anchor);
    }

    static void checkTag(const YAML::Mark &mark, const std::string &tag)
    {
        if (!tag.empty() && tag != "?" && tag != "!" && !tag.starts_with("tag:yaml.org,2002:"))
            fail(mark, u"the tag " % QString::fromStdString(tag) % u" means nothing here");
    }

    void count(const YAML::Mark &mark, size_t nodes)
    {
        m_nodes += nodes;
        if (m_nodes > m_limits.nodes)
            fail(mark, QStringLiteral("more than %1 values").arg(m_limits.nodes));
    }

    void put(ConfigNode node, const YAML::Mark &mark, YAML::anchor_t anchor)
    {
        if (anchor != YAML::NullAnchor)
            m_anchors[anchor] = node;
        if (m_open.empty()) {
            m_root = std::move(node);
            return;
        }
        Open &parent = m_open.back();
        if (auto *list = std::get_if<ConfigNode::List>(&parent.node.value))
            list->push_back(std::move(node));
        else if (parent.member)
            completeMember(parent, std::move(node));
        else
            startMember(parent, node, mark);
    }

    void startMember(Open &parent, const ConfigNode &key, const YAML::Mark &mark)
    {
        const auto *scalar = std::get_if<ConfigNode::Scalar>(&key.value);
        if (!scalar)
            fail(mark, QStringLiteral("a key must be a text"));
        const auto &map = std::get<ConfigNode::Map>(parent.node.value);
        const auto twin = std::ranges::find(map, scalar->text, &ConfigMember::key);
        if (twin != map.end())
            fail(mark, QStringLiteral("%1 is given twice, first on line %2").arg(scalar->text).arg(twin->line));
        parent.member = ConfigMember{scalar->text, key.line, key.offset, {}};
    }

    static void completeMember(Open &parent, ConfigNode value)
    {
        parent.member->value = std::move(value);
        std::get<ConfigNode::Map>(parent.node.value).push_back(std::move(*parent.member));
        parent.member.reset();
    }

    const YamlLimits &m_limits;
    std::vector<Open> m_open;
    std::map<YAML::anchor_t, ConfigNode> m_anchors;
    ConfigNode m_root;
    size_t m_nodes = 0;
};

} // namespace

std::optional<ConfigNode> parseYaml(const QByteArray &text, const QString &name, QList<ConfigProblem> &problems,
                                    const YamlLimits &limits)
{
    const auto refuse = [&](const QString &what, const QString &position = {}) {
        problems.append({.place = name + position, .what = what});
        return std::nullopt;
    };
    if (text.size() > limits.size)
        return refuse(QStringLiteral("is larger than %1 bytes").arg(limits.size));
    if (!QUtf8StringView(text).isValidUtf8())
        return refuse(QStringLiteral("is not UTF-8 text"));
    try {
        std::istringstream stream(text.toStdString());
        YAML::Parser parser(stream);
        TreeBuilder builder(limits);
        parser.HandleNextDocument(builder);
        TreeBuilder rest(limits);
        if (parser.HandleNextDocument(rest))
            return refuse(QStringLiteral("holds more than one document"));
        return builder.takeRoot();
    } catch (const YAML::Exception &exception) {
        const YAML::Mark &mark = exception.mark;
        return refuse(QString::fromStdString(exception.msg),
                      QStringLiteral(":%1:%2").arg(mark.line + 1).arg(mark.column + 1));
    }
}

} // namespace hearth
