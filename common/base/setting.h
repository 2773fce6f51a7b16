// Setting and SettingTable: the one description of everything that can be configured.
//
// Each program states its table once; the values are read, checked, shown and documented from it, so a setting that is
// not in the table does not exist. Defaults are taken from the settings structs of the rooms, so that each is written
// down once:
//
//     const HttpLimits limits;
//     SettingTable({Setting::text("listen", u"127.0.0.1:4327"_s, "Where to listen.").withFlag("--listen", "HOST:PORT"),
//                   Setting::size("http.maxBody", limits.body, 1024, 1 << 30, "The largest request body."),
//                   Setting::entries("llms", "The models to publish.", llmFields())});
//
// A key is dotted and camelCase; what stands before a dot is a map in the file. Plain values, constant after they have
// been made.

#pragma once

#include "settingvalues.h"

#include <optional>

namespace hearth {

struct Setting;

class SettingTable
{
public:
    SettingTable() = default;
    /// Keys must be unique and defaults must obey their own rule: anything else is a programmer error.
    SettingTable(std::vector<Setting> settings);

    /// The setting with this key, or null.
    const Setting *find(QStringView key) const;
    /// The setting with this variable, in any case, or null.
    const Setting *findVariable(QStringView variable) const;
    /// Whether there are settings below this key.
    bool isSection(QStringView key) const;
    /// The key or section that was most likely meant; empty where nothing is near.
    QString suggestionFor(const QString &unknownKey) const;

    /// All defaults, for the map that begins at `at` and is called `path`.
    SettingValues defaults(QString path = {}, SettingOrigin at = {}) const;

    std::vector<Setting>::const_iterator begin() const;
    std::vector<Setting>::const_iterator end() const;

private:
    std::vector<Setting> m_settings;
};

struct Setting
{
    QString key;
    SettingType type = SettingType::Text;
    SettingValue fallback = QString();
    /// Inclusive. A number for Integer, milliseconds for Seconds and Minutes, bytes for Size; unused elsewhere.
    qint64 minimum = 0;
    qint64 maximum = 0;
    /// What a number counts (`seconds`, `bytes`, `connections`); empty elsewhere.
    QString unit = {};
    QStringList choices = {};
    /// Complete sentences for the person who configures the program.
    QString help = {};
    /// Never shown, not even by `config show`.
    bool secret = false;
    /// Without a default: some source must give it. Below a section, only when the file opens the section.
    bool required = false;
    /// Whether a running program takes over a new value when it is told to read its configuration again.
    bool reloadable = false;
    /// What documentation says in place of a default that depends on the machine: `the name of this machine`. Empty
    /// where `fallback` is the same everywhere.
    QString defaultWords = {};
    /// The command line's spelling with its dashes, and what stands for its value in the help; empty where none.
    QString flag = {};
    QString placeholder = {};
    /// What each map of an Entries setting may contain.
    SettingTable fields = {};

    static Setting text(const char *key, const QString &fallback, const char *help);
    static Setting path(const char *key, const QString &fallback, const char *help);
    static Setting choice(const char *key, const QString &fallback, const QStringList &choices, const char *help);
    static Setting boolean(const char *key, bool fallback, const char *help);
    static Setting integer(const char *key, qint64 fallback, qint64 minimum, qint64 maximum, const char *unit,
                           const char *help);
    /// Written in seconds with up to three decimals, so that tests can run it short.
    static Setting seconds(const char *key, Duration fallback, Duration minimum, Duration maximum, const char *help);
    /// The same in minutes, for what people think of in minutes; whole thousandths of one.
    static Setting minutes(const char *key, Duration fallback, Duration minimum, Duration maximum, const char *help);
    /// Written in bytes or with KiB, MiB or GiB.
    static Setting size(const char *key, qint64 fallback, qint64 minimum, qint64 maximum, const char *help);
    static Setting textList(const char *key, const QStringList &fallback, const char *help);
    /// The next three can only be set in the file. A TextMap has free names and text values.
    static Setting textMap(const char *key, const char *help);
    /// A map that Hearth passes on as JSON.
    static Setting object(const char *key, const char *help);
    /// A list of maps.
    static Setting entries(const char *key, const char *help, SettingTable fields);

    Setting withFlag(const char *name, const char *valuePlaceholder) &&;
    Setting asSecret() &&;
    Setting asRequired() &&;
    Setting asReloadable() &&;
    Setting withDefaultWords(const char *words) &&;

    /// `HEARTH_LIFECYCLE__SWEEPINTERVALSECONDS`.
    QString variable() const;
    /// Whether only the file can express the value.
    bool isStructure() const;
    /// What a value has to be: `must be a number of seconds between 1 and 86400`.
    QString requirement() const;
    /// Whether the value is in range and among the choices. It must have the right type.
    bool accepts(const SettingValue &value) const;
    /// The value of this text (lists are separated by commas), or nothing where it breaks the requirement.
    std::optional<SettingValue> parse(QStringView text) const;
};

} // namespace hearth
