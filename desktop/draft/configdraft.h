// ConfigDraft: the text of a publisher.yaml that is being changed by a program, with everything else left as a person
// wrote it.
//
// The wizard, the settings dialog and the menu change a draft; what is saved is its text. A change touches the lines of
// the value that is changed and no others: comments, order and spelling of everything else survive. Where a text is
// spelled in a way that leaves no such cut (aliases, `? key`), the whole block or file is written anew, without its
// comments. A draft remembers the text that it came from, so that a save never replaces another one. Paths are those of
// problems: `server`, `desktop.closeToTray`, `llms[1].wake.url`. A plain value. It judges nothing: see checkConfig().

#pragma once

#include "result.h"
#include "settingvalues.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <optional>

namespace hearth {
struct ConfigNode;
}

namespace hearth::draft {

struct ConfigEdit;

class ConfigDraft
{
public:
    /// An empty file.
    ConfigDraft();

    /// Errors: Configuration for a text that is no YAML map; `name` is what the message calls it.
    static Result<ConfigDraft> fromText(const QByteArray &text, const QString &name);

    const QByteArray &text() const { return m_text; }

    /// The text that this one was made of, and takes the place of when it is saved; empty where there was no file.
    const QByteArray &base() const { return m_base; }

    /// It takes the place of another text from now on.
    void setBase(const QByteArray &text) { m_base = text; }

    /// The scalar at `path` as the file spells it, without quotes; nothing where the file does not set it or it is no
    /// scalar.
    std::optional<QString> scalar(const QString &path) const;
    /// The list of scalars at `path`; empty where the file does not set it.
    QStringList list(const QString &path) const;
    /// The map of scalars at `path`, in the order of the file; empty where the file does not set it.
    TextMap map(const QString &path) const;
    /// The map at `path` as JSON (`defaultParams`, `extraConfig`); empty where the file does not set it.
    QJsonObject object(const QString &path) const;
    /// How many entries the list `llms` or `agents` has.
    int entryCount(const QString &list) const;
    /// Whether the file opens this map (`llms[0].wake`), be it empty.
    bool hasSection(const QString &path) const;

    // What stands at `path` is replaced, or added at the end of its map; maps on the way are made. The value is written
    // so that it reads back as the same value. False, and nothing has changed, where no configuration can hold it: it
    // is too large, too deep (YamlLimits), or has a name twice or one that YAML has no room for.
    bool setText(const QString &path, const QString &text);
    bool setBoolean(const QString &path, bool value);
    bool setInteger(const QString &path, qint64 value);
    /// In seconds with up to three decimals, as settings of the type Seconds want it.
    bool setSeconds(const QString &path, Duration value);
    /// In minutes, the same.
    bool setMinutes(const QString &path, Duration value);
    bool setList(const QString &path, const QStringList &values);
    bool setMap(const QString &path, const TextMap &values);
    bool setObject(const QString &path, const QJsonObject &object);
    /// Removes the key with everything below it, and what stands behind it on its line; comments on the lines above it
    /// stay. Ignored where the file does not set it.
    bool remove(const QString &path);

    /// Adds an entry at the end of `llms` or `agents`, with this name; returns its path, `llms[2]`.
    QString appendEntry(const QString &list, const QString &name);
    /// With the comments that stand right above it, up to one that looks like settings that were taken out.
    bool removeEntry(const QString &list, int index);
    /// The path of the entry with this name; nothing where there is none.
    std::optional<QString> entry(const QString &list, const QString &name) const;

    friend bool operator==(const ConfigDraft &left, const ConfigDraft &right) { return left.m_text == right.m_text; }

private:
    /// Null where the file does not set it.
    const ConfigNode *find(const QString &path) const;
    bool setScalar(const QString &path, const ConfigNode &node);
    bool set(const QString &path, const ConfigNode &node);
    bool apply(const ConfigEdit &edit);
    /// Whether `text` says `wanted` and nothing else; then it is the new text.
    bool adopt(const QByteArray &text, const ConfigNode &wanted);

    QByteArray m_text;
    QByteArray m_base;
    /// What the text says; copies of a draft share it.
    std::shared_ptr<const ConfigNode> m_root;
};

} // namespace hearth::draft
