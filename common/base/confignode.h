// ConfigNode: a YAML document as a tree that remembers where everything stands.
//
// parseYaml() makes it, NodeReader turns it into SettingValues. Anchors and aliases are resolved. A plain value.
// It does not interpret scalars, except in toJson().

#pragma once

#include "configproblem.h"

#include <QJsonValue>

#include <optional>
#include <variant>
#include <vector>

namespace hearth {

struct ConfigMember;

struct ConfigNode
{
    struct Scalar
    {
        QString text;
        /// Whether the file says that it is a text and nothing else, by quotes or by a block.
        bool quoted = false;
    };

    using List = std::vector<ConfigNode>;
    using Map = std::vector<ConfigMember>;

    /// Empty where the file gives no value or null.
    std::variant<std::monostate, Scalar, List, Map> value;
    /// From 1; of an alias, the line of what it stands for.
    int line = 1;
    /// Where it begins, its anchor and tag included, in bytes behind a byte order mark; of an alias, the alias's own.
    /// Where the file gives no value, that of whatever comes next.
    qsizetype offset = 0;

    /// Plain scalars become null, booleans and numbers by the core schema (YAML 1.2, 10.3.2), all else a string.
    QJsonValue toJson() const;
};

struct ConfigMember
{
    QString key;
    /// Of the key, from 1.
    int line = 1;
    /// Of the key.
    qsizetype offset = 0;
    ConfigNode value;
};

struct YamlLimits
{
    /// Bytes of the document.
    qint64 size = 1024 * 1024;
    /// Maps and lists within each other.
    size_t depth = 32;
    /// After aliases have been resolved, so that a small document cannot become a huge tree.
    size_t nodes = 100'000;
};

/// The document in `text`; nothing where it is not legal, repeats a key or breaks a limit: that becomes a problem at
/// the place `name:line:column`. `name` is only used there.
std::optional<ConfigNode> parseYaml(const QByteArray &text, const QString &name, QList<ConfigProblem> &problems,
                                    const YamlLimits &limits = {});

} // namespace hearth
