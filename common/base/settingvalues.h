// SettingValues: what a program has been told, and by whom.
//
// loadConfiguration() (configuration.h) makes one from a SettingTable and the layers of sources; a setting that is a
// list of maps (the `llms` of publisher.yaml) holds one SettingValues for each map. Main programs read it once, at
// start, and fill the plain settings structs of the rooms from it; rooms never see it. A plain value without thread
// affinity. It checks nothing but types: what a value means is for the program to judge, which reports through
// problem().

#pragma once

#include "clock.h"
#include "configproblem.h"

#include <QByteArrayView>
#include <QJsonObject>
#include <QStringList>

#include <concepts>
#include <utility>
#include <variant>
#include <vector>

namespace hearth {

class SettingValues;

enum class SettingType {
    Text,
    Path,
    Choice,
    Boolean,
    Integer,
    Seconds,
    Minutes,
    Size,
    TextList,
    TextMap,
    Object,
    Entries,
};

/// Names and texts in the order of the file, for example header fields.
using TextMap = QList<std::pair<QString, QString>>;

/// Text, Path and Choice hold a QString, Integer and Size (bytes) a qint64, the others what their name says.
using SettingValue =
    std::variant<QString, bool, qint64, Duration, QStringList, TextMap, QJsonObject, std::vector<SettingValues>>;

/// The value as the configuration file would spell it.
QString toText(SettingType type, const SettingValue &value);

/// Where a value comes from.
struct SettingOrigin
{
    /// In order of precedence: a later layer replaces an earlier one.
    enum class Layer { Default, File, Environment, Flag };

    Layer layer = Layer::Default;
    /// The file, variable or flag; empty for a default.
    QString name = {};
    /// In the file, from 1; 0 elsewhere.
    int line = 0;

    /// `default`, `/etc/hearth/hearthd.yaml:7`, `environment HEARTH_LISTEN`, `--listen`.
    QString toString() const;
};

class SettingValues
{
public:
    struct Item
    {
        QString key;
        SettingType type;
        bool secret;
        SettingValue value;
        SettingOrigin origin;
    };

    /// `path` is the place of an entry in its file (`llms[1]`), `at` where it begins; both empty for a whole program.
    explicit SettingValues(std::vector<Item> defaults, QString path = {}, SettingOrigin at = {});

    // Asking for a key that is not in the table, or for another type than the table's, is a programmer error.
    /// Of a Text, Path or Choice.
    const QString &text(QByteArrayView key) const;
    bool boolean(QByteArrayView key) const;
    Duration duration(QByteArrayView key) const;
    /// Bytes.
    qint64 size(QByteArrayView key) const;
    const QStringList &list(QByteArrayView key) const;
    const TextMap &textMap(QByteArrayView key) const;
    const QJsonObject &object(QByteArrayView key) const;
    const std::vector<SettingValues> &entries(QByteArrayView key) const;
    /// Of any type, for who writes settings down (toText()).
    const SettingValue &value(QStringView key) const;

    /// The table's range must fit into T: `integer<int>("queue.length")`.
    template <std::integral T = qint64>
    T integer(QByteArrayView key) const
    {
        const qint64 value = integerOf(key);
        Q_ASSERT(std::in_range<T>(value));
        return static_cast<T>(value);
    }

    /// Whether a source gives the value; false while it is the default.
    bool isSet(QByteArrayView key) const;
    /// Whether the file opens this map (`wake` where there are settings `wake.…`), be it empty.
    bool hasSection(QByteArrayView section) const;
    const SettingOrigin &origin(QByteArrayView key) const;

    /// A complaint that names the value's place.
    ConfigProblem problem(QByteArrayView key, const QString &what) const;

    enum class Show { Values, Origins };
    /// One `key: value` per line, aligned, with `# origin` behind where asked for. Secrets are masked.
    QString show(Show what = Show::Values) const;

    // For those who fill it: NodeReader and loadConfiguration().
    /// The key as seen from the whole file: `llms[1].wake.url`.
    QString pathOf(const QString &key) const;
    void assign(QStringView key, SettingValue value, SettingOrigin origin);
    void openSection(const QString &section);

private:
    struct Line;

    const Item &item(QStringView key) const;
    template <typename T>
    const T &valueOf(QByteArrayView key) const;
    qint64 integerOf(QByteArrayView key) const;
    void appendLines(std::vector<Line> &lines) const;

    std::vector<Item> m_items;
    QStringList m_sections;
    QString m_path;
    SettingOrigin m_at;
};

} // namespace hearth
