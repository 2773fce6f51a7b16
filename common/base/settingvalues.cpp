#include "settingvalues.h"

#include "logging.h"
#include "yamlscalar.h"

#include <QJsonDocument>

#include <algorithm>

namespace hearth {

namespace {

constexpr QStringView mask = u"…";
constexpr qint64 secondsPerMinute = 60;

QString decimalText(qint64 thousandths)
{
    QString text = QString::number(thousandths / 1000);
    if (thousandths % 1000 != 0) {
        text += u'.' % QStringLiteral("%1").arg(thousandths % 1000, 3, 10, QChar(u'0'));
        while (text.endsWith(u'0'))
            text.chop(1);
    }
    return text;
}

QString sizeText(qint64 bytes)
{
    static constexpr std::pair<qint64, QStringView> units[] = {{1 << 30, u"GiB"}, {1 << 20, u"MiB"}, {1 << 10, u"KiB"}};
    for (const auto &[factor, unit] : units) {
        if (bytes != 0 && bytes % factor == 0)
            return QString::number(bytes / factor) + unit;
    }
    return QString::number(bytes);
}

QString listText(const QStringList &list)
{
    QStringList items;
    std::ranges::transform(list, std::back_inserter(items), yamlScalar);
    return u'[' % items.join(QStringLiteral(", ")) % u']';
}

QString mapText(const TextMap &map)
{
    QStringList items;
    for (const auto &[name, text] : map)
        items.append(yamlScalar(name) % QStringLiteral(": ") % yamlScalar(text));
    return u'{' % items.join(QStringLiteral(", ")) % u'}';
}

} // namespace

QString toText(SettingType type, const SettingValue &value)
{
    switch (type) {
    case SettingType::Text:
    case SettingType::Path:
    case SettingType::Choice:
        return yamlScalar(std::get<QString>(value));
    case SettingType::Boolean:
        return std::get<bool>(value) ? QStringLiteral("true") : QStringLiteral("false");
    case SettingType::Integer:
        return QString::number(std::get<qint64>(value));
    case SettingType::Seconds:
        return decimalText(std::get<Duration>(value).count());
    case SettingType::Minutes:
        return decimalText(std::get<Duration>(value).count() / secondsPerMinute);
    case SettingType::Size:
        return sizeText(std::get<qint64>(value));
    case SettingType::TextList:
        return listText(std::get<QStringList>(value));
    case SettingType::TextMap:
        return mapText(std::get<TextMap>(value));
    case SettingType::Object:
        return QString::fromUtf8(QJsonDocument(std::get<QJsonObject>(value)).toJson(QJsonDocument::Compact));
    case SettingType::Entries:
        return std::get<std::vector<SettingValues>>(value).empty() ? QStringLiteral("[]") : QStringLiteral("[…]");
    }
    Q_UNREACHABLE();
}

QString SettingOrigin::toString() const
{
    switch (layer) {
    case Layer::Default:
        return QStringLiteral("default");
    case Layer::File:
        return name % u':' % QString::number(line);
    case Layer::Environment:
        return QStringLiteral("environment ") % name;
    case Layer::Flag:
        return name;
    }
    Q_UNREACHABLE();
}

SettingValues::SettingValues(std::vector<Item> defaults, QString path, SettingOrigin at)
    : m_items(std::move(defaults))
    , m_path(std::move(path))
    , m_at(std::move(at))
{}

const SettingValues::Item &SettingValues::item(QStringView key) const
{
    const auto found = std::ranges::find(m_items, key, &Item::key);
    Q_ASSERT_X(found != m_items.end(), "SettingValues", qPrintable(u"no setting " % key));
    return *found;
}

template <typename T>
const T &SettingValues::valueOf(QByteArrayView key) const
{
    const T *const value = std::get_if<T>(&item(QString::fromLatin1(key)).value);
    Q_ASSERT_X(value, "SettingValues", "the setting has another type");
    return *value;
}

const QString &SettingValues::text(QByteArrayView key) const
{
    return valueOf<QString>(key);
}

bool SettingValues::boolean(QByteArrayView key) const
{
    return valueOf<bool>(key);
}

qint64 SettingValues::integerOf(QByteArrayView key) const
{
    return valueOf<qint64>(key);
}

Duration SettingValues::duration(QByteArrayView key) const
{
    return valueOf<Duration>(key);
}

qint64 SettingValues::size(QByteArrayView key) const
{
    return valueOf<qint64>(key);
}

const QStringList &SettingValues::list(QByteArrayView key) const
{
    return valueOf<QStringList>(key);
}

const TextMap &SettingValues::textMap(QByteArrayView key) const
{
    return valueOf<TextMap>(key);
}

const QJsonObject &SettingValues::object(QByteArrayView key) const
{
    return valueOf<QJsonObject>(key);
}

const std::vector<SettingValues> &SettingValues::entries(QByteArrayView key) const
{
    return valueOf<std::vector<SettingValues>>(key);
}

const SettingValue &SettingValues::value(QStringView key) const
{
    return item(key).value;
}

const SettingOrigin &SettingValues::origin(QByteArrayView key) const
{
    return item(QString::fromLatin1(key)).origin;
}

bool SettingValues::isSet(QByteArrayView key) const
{
    return origin(key).layer != SettingOrigin::Layer::Default;
}

bool SettingValues::hasSection(QByteArrayView section) const
{
    return m_sections.contains(QString::fromLatin1(section));
}

ConfigProblem SettingValues::problem(QByteArrayView key, const QString &what) const
{
    const Item &culprit = item(QString::fromLatin1(key));
    const bool own = culprit.origin.layer != SettingOrigin::Layer::Default;
    const SettingOrigin &place = own ? culprit.origin : m_at;
    return {place.layer == SettingOrigin::Layer::Default ? QString() : place.toString(), pathOf(culprit.key), what};
}

QString SettingValues::pathOf(const QString &key) const
{
    return m_path.isEmpty() ? key : m_path % u'.' % key;
}

void SettingValues::assign(QStringView key, SettingValue value, SettingOrigin origin)
{
    const auto found = std::ranges::find(m_items, key, &Item::key);
    Q_ASSERT(found != m_items.end());
    found->value = std::move(value);
    found->origin = std::move(origin);
}

void SettingValues::openSection(const QString &section)
{
    m_sections.append(section);
}

struct SettingValues::Line
{
    QString text;
    QString origin;
};

void SettingValues::appendLines(std::vector<Line> &lines) const
{
    for (const Item &each : m_items) {
        if (const auto *entries = std::get_if<std::vector<SettingValues>>(&each.value); entries && !entries->empty()) {
            for (const SettingValues &entry : *entries)
                entry.appendLines(lines);
            continue;
        }
        const QString plain = toText(each.type, each.value);
        const bool hidden = each.secret && each.origin.layer != SettingOrigin::Layer::Default;
        lines.push_back(
            {pathOf(each.key) % u": " % (hidden ? mask.toString() : redact(plain)), each.origin.toString()});
    }
}

QString SettingValues::show(Show what) const
{
    std::vector<Line> lines;
    appendLines(lines);

    // One huge value does not push every origin off the screen.
    constexpr qsizetype widestColumn = 60;
    qsizetype column = 0;
    for (const Line &line : lines)
        column = std::max(column, line.text.size() > widestColumn ? 0 : line.text.size());

    QString result;
    for (const Line &line : lines) {
        result += what == Show::Origins ? line.text.leftJustified(column) % u"  # " % line.origin : line.text;
        result += u'\n';
    }
    return result;
}

} // namespace hearth
