#include "jsonreader.h"

#include "paddedtext.h"
#include "parserlease.h"

#include <QJsonDocument>

#include <algorithm>
#include <vector>

namespace hearth::json {

namespace {

/// What a JSON text needs so that its members can be read. The readers of nested objects borrow it from the outermost.
struct Parsed
{
    explicit Parsed(const QByteArray &bytes)
        : text(bytes)
        , parser(bytes.size())
    {}

    PaddedText text;
    ParserLease parser;
    simdjson::ondemand::document document;
};

/// Whether the members of `object` follow one another as they should; find() would take an error for a missing member.
simdjson::error_code checkMembers(simdjson::ondemand::object &object)
{
    for (auto member : object) {
        if (member.error())
            return member.error();
    }
    return simdjson::SUCCESS;
}

QByteArray toByteArray(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

/// The bytes that the characters of `utf8` stand for; nothing when one is beyond U+00FF.
std::optional<QByteArray> toByteString(std::string_view utf8)
{
    const QString text = QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
    if (std::any_of(text.begin(), text.end(), [](QChar character) { return character.unicode() > 0xff; }))
        return std::nullopt;
    return text.toLatin1();
}

} // namespace

struct JsonReader::Source
{
    /// Only in the outermost reader.
    std::optional<Parsed> parsed;
    simdjson::ondemand::object object;

    simdjson::error_code open(const QByteArray &text)
    {
        parsed.emplace(text);
        simdjson::ondemand::document &document = parsed->document;
        if (const auto error = parsed->parser->iterate(parsed->text.view()).get(document))
            return error;
        if (const auto error = document.get_object().get(object))
            return error;
        if (const auto error = checkMembers(object))
            return error;
        if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
            return simdjson::TRAILING_CONTENT;
        document.rewind();
        return document.get_object().get(object);
    }

    /// Goes into the nested object `value`.
    template <typename Value>
    simdjson::error_code enter(Value &&value)
    {
        if (const auto error = std::forward<Value>(value).get_object().get(object))
            return error;
        if (const auto error = checkMembers(object))
            return error;
        return object.reset().error();
    }

    /// The value of a member; nothing when it is missing or null.
    std::optional<simdjson::ondemand::value> find(const char *name)
    {
        simdjson::ondemand::value value;
        if (object.find_field_unordered(name).get(value))
            return std::nullopt;
        if (std::string_view(value.raw_json_token()).starts_with('n'))
            return std::nullopt;
        return value;
    }
};

JsonReader::JsonReader(const QByteArray &text, ReaderLimits limits)
    : m_source(std::make_unique<Source>())
    , m_limits(limits)
{
    if (const auto error = m_source->open(text))
        m_error = QStringLiteral("not a JSON object (%1)").arg(QLatin1String(simdjson::error_message(error)));
}

JsonReader::JsonReader(std::unique_ptr<Source> source, ReaderLimits limits)
    : m_source(std::move(source))
    , m_limits(limits)
{}

JsonReader::~JsonReader() = default;

void JsonReader::fail(const char *name, const char *what)
{
    if (!m_error)
        m_error = QStringLiteral("\"%1\" %2").arg(QLatin1String(name), QLatin1String(what));
}

bool JsonReader::readUtf8(const char *name, QByteArray &target)
{
    if (m_error)
        return false;
    auto value = m_source->find(name);
    if (!value)
        return false;
    std::string_view content;
    if (value->get_string().get(content)) {
        fail(name, "is not a string");
        return false;
    }
    if (content.size() > static_cast<size_t>(m_limits.stringBytes)) {
        fail(name, "is too long");
        return false;
    }
    target = toByteArray(content);
    return true;
}

void JsonReader::read(const char *name, QByteArray &target)
{
    if (!readUtf8(name, target))
        fail(name, "is missing");
}

void JsonReader::read(const char *name, QString &target)
{
    QByteArray utf8;
    read(name, utf8);
    target = QString::fromUtf8(utf8);
}

void JsonReader::read(const char *name, std::optional<QString> &target)
{
    QByteArray utf8;
    if (readUtf8(name, utf8))
        target = QString::fromUtf8(utf8);
}

void JsonReader::read(const char *name, bool &target)
{
    if (m_error)
        return;
    std::optional<bool> value;
    read(name, value);
    if (value)
        target = *value;
    else
        fail(name, "is missing");
}

void JsonReader::read(const char *name, std::optional<bool> &target)
{
    if (m_error)
        return;
    auto value = m_source->find(name);
    if (!value)
        return;
    bool found = false;
    if (value->get_bool().get(found))
        return fail(name, "is neither true nor false");
    target = found;
}

void JsonReader::readInteger(const char *name, std::optional<qint64> &target, qint64 lowest, qint64 highest)
{
    if (m_error)
        return;
    auto value = m_source->find(name);
    if (!value)
        return;
    int64_t number = 0;
    if (value->get_int64().get(number))
        return fail(name, "is not a whole number");
    if (number < lowest || number > highest)
        return fail(name, "is out of range");
    target = number;
}

void JsonReader::read(const char *name, std::optional<int> &target)
{
    std::optional<qint64> number;
    readInteger(name, number, std::numeric_limits<int>::min(), std::numeric_limits<int>::max());
    if (number)
        target = static_cast<int>(*number);
}

void JsonReader::read(const char *name, std::optional<QJsonObject> &target)
{
    if (m_error)
        return;
    auto value = m_source->find(name);
    if (!value)
        return;
    simdjson::ondemand::object object;
    std::string_view raw;
    if (value->get_object().get(object) || object.raw_json().get(raw))
        return fail(name, "is not an object");
    const QJsonDocument document =
        QJsonDocument::fromJson(QByteArray::fromRawData(raw.data(), static_cast<qsizetype>(raw.size())));
    if (!document.isObject())
        return fail(name, "is not a valid object");
    target = document.object();
}

void JsonReader::read(const char *name, QJsonObject &target)
{
    std::optional<QJsonObject> object;
    read(name, object);
    if (!object)
        return fail(name, "is missing");
    target = *object;
}

void JsonReader::read(const char *name, HttpFields &target)
{
    if (m_error)
        return;
    auto value = m_source->find(name);
    simdjson::ondemand::array fields;
    if (!value || value->get_array().get(fields))
        return fail(name, "is not a list of header fields");
    for (auto item : fields) {
        std::vector<QByteArray> pair;
        simdjson::ondemand::array strings;
        if (std::move(item).get_array().get(strings))
            return fail(name, "is not a list of header fields");
        for (auto string : strings) {
            std::string_view utf8;
            std::optional<QByteArray> bytes;
            if (!std::move(string).get_string().get(utf8))
                bytes = toByteString(utf8);
            if (!bytes || pair.size() == 2)
                return fail(name, "has a header field that is not a name and a value");
            pair.push_back(std::move(*bytes));
        }
        if (pair.size() != 2)
            return fail(name, "has a header field that is not a name and a value");
        if (target.size() == m_limits.listItems)
            return fail(name, "has too many header fields");
        target.append(std::move(pair[0]), std::move(pair[1]));
    }
}

void JsonReader::readList(const char *name, const std::function<void(JsonReader &)> &item)
{
    if (m_error)
        return;
    auto value = m_source->find(name);
    if (!value)
        return;
    simdjson::ondemand::array list;
    if (value->get_array().get(list))
        return fail(name, "is not a list");
    qsizetype count = 0;
    for (auto element : list) {
        if (++count > m_limits.listItems)
            return fail(name, "has too many items");
        auto source = std::make_unique<Source>();
        if (source->enter(std::move(element)))
            return fail(name, "has an item that is not an object");
        JsonReader reader(std::move(source), m_limits);
        item(reader);
        if (reader.m_error) {
            m_error =
                QStringLiteral("\"%1\", item %2: %3").arg(QLatin1String(name), QString::number(count), *reader.m_error);
            return;
        }
    }
}

bool JsonReader::readObject(const char *name, const std::function<void(JsonReader &)> &content)
{
    if (m_error)
        return false;
    auto value = m_source->find(name);
    if (!value)
        return false;
    auto source = std::make_unique<Source>();
    if (source->enter(*value)) {
        fail(name, "is not an object");
        return false;
    }
    JsonReader reader(std::move(source), m_limits);
    content(reader);
    if (reader.m_error)
        m_error = QStringLiteral("\"%1\": %2").arg(QLatin1String(name), *reader.m_error);
    return true;
}

} // namespace hearth::json
