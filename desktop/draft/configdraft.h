// ConfigDraft: the text of a publisher.yaml that is being changed by a program, with everything else left as a person
// wrote it.
//
// The wizard, the settings dialog and the menu change a draft; what is saved is its text. A change touches the lines of
// the value that is changed and no others: comments, order and spelling of everything else survive. Paths are those
// of problems: `server`, `desktop.closeToTray`, `llms[1].wake.url`. A plain value. It judges nothing: see
// checkConfig().

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
    // so that it reads back as the same value.
    void setText(const QString &path, const QString &text);
    void setBoolean(const QString &path, bool value);
    void setInteger(const QString &path, qint64 value);
    /// In seconds with up to three decimals, as settings of the type Seconds want it.
    void setSeconds(const QString &path, Duration value);
    /// In minutes, the same.
    void setMinutes(const QString &path, Duration value);
    void setList(const QString &path, const QStringList &values);
    void setMap(const QString &path, const TextMap &values);
    void setObject(const QString &path, const QJsonObject &object);
    /// Removes the key with everything below it; ignored where the file does not set it.
    void remove(const QString &path);

    /// Adds an entry at the end of `llms` or `agents`, with this name; returns its path, `llms[2]`.
    QString appendEntry(const QString &list, const QString &name);
    void removeEntry(const QString &list, int index);
    /// The path of the entry with this name; nothing where there is none.
    std::optional<QString> entry(const QString &list, const QString &name) const;

    friend bool operator==(const ConfigDraft &left, const ConfigDraft &right) { return left.m_text == right.m_text; }

private:
    /// Null where the file does not set it.
    const ConfigNode *find(const QString &path) const;
    void setScalar(const QString &path, const ConfigNode &node);
    void set(const QString &path, const ConfigNode &node);
    void apply(const ConfigEdit &edit);
    /// Whether `text` says `wanted` and nothing else; then it is the new text.
    bool adopt(const QByteArray &text, const ConfigNode &wanted);

    QByteArray m_text;
    /// What the text says; copies of a draft share it.
    std::shared_ptr<const ConfigNode> m_root;
};

} // namespace hearth::draft
