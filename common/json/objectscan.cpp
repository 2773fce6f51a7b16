#include "objectscan.h"

#include "paddedtext.h"
#include "parserlease.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace hearth::json {

namespace {

using simdjson::ondemand::json_type;

Error invalid(const char *what)
{
    return Error{ErrorCode::InvalidJson,
                 QStringLiteral("The request body is not a valid JSON object (%1).").arg(QLatin1String(what))};
}

Error invalid(simdjson::error_code code)
{
    return invalid(simdjson::error_message(code));
}

/// The spelling of a number in RFC 8259 section 6; simdjson's own check would refuse numbers that no double can hold.
bool isNumber(std::string_view text)
{
    size_t i = 0;
    const auto digits = [&] {
        const size_t from = i;
        while (i < text.size() && text[i] >= '0' && text[i] <= '9')
            ++i;
        return i - from;
    };
    if (i < text.size() && text[i] == '-')
        ++i;
    const bool leadingZero = i < text.size() && text[i] == '0';
    const size_t integerDigits = digits();
    if (integerDigits == 0 || (leadingZero && integerDigits > 1))
        return false;
    if (i < text.size() && text[i] == '.') {
        ++i;
        if (digits() == 0)
            return false;
    }
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
        ++i;
        if (i < text.size() && (text[i] == '+' || text[i] == '-'))
            ++i;
        if (digits() == 0)
            return false;
    }
    return i == text.size();
}

/// Whether `content` may stand between quotation marks (RFC 8259 section 7). simdjson's own check would refuse a
/// surrogate that stands alone.
bool isStringContent(std::string_view content)
{
    constexpr std::string_view hexDigits = "0123456789abcdefABCDEF";
    for (size_t i = 0; i < content.size(); ++i) {
        const auto byte = static_cast<unsigned char>(content[i]);
        if (byte < 0x20 || byte == '"')
            return false;
        if (byte != '\\')
            continue;
        if (++i == content.size() || std::string_view("\"\\/bfnrtu").find(content[i]) == std::string_view::npos)
            return false;
        if (content[i] != 'u')
            continue;
        const std::string_view digits = content.substr(i + 1, 4);
        if (digits.size() < 4 || digits.find_first_not_of(hexDigits) != std::string_view::npos)
            return false;
        i += 4;
    }
    return true;
}

/// What stands between the quotation marks of the string literal `token`; nothing when it is not one.
std::optional<std::string_view> stringContent(std::string_view token)
{
    if (token.size() < 2 || token.front() != '"' || token.back() != '"')
        return std::nullopt;
    const std::string_view content = token.substr(1, token.size() - 2);
    return isStringContent(content) ? std::optional(content) : std::nullopt;
}

QString unescaped(std::string_view content)
{
    const QByteArrayView utf8(content.data(), static_cast<qsizetype>(content.size()));
    if (!utf8.contains('\\'))
        return QString::fromUtf8(utf8);
    return QJsonDocument::fromJson("[\"" + utf8.toByteArray() + "\"]").array().at(0).toString();
}

bool isScalar(std::string_view token)
{
    return token == "true" || token == "false" || token == "null" || isNumber(token) || stringContent(token);
}

std::string_view trimmed(std::string_view text)
{
    const size_t end = text.find_last_not_of(" \t\r\n");
    return end == std::string_view::npos ? std::string_view() : text.substr(0, end + 1);
}

template <typename Container>
Result<std::string_view> nestedText(simdjson::simdjson_result<Container> container, char closingBracket)
{
    Container nested;
    std::string_view raw;
    if (const auto error = std::move(container).get(nested))
        return invalid(error);
    if (const auto error = nested.raw_json().get(raw))
        return invalid(error);
    raw = trimmed(raw);
    // simdjson skips by depth, whatever the shape of the brackets.
    if (raw.back() != closingBracket)
        return invalid("a bracket is closed by one of another kind");
    return raw;
}

/// The text of one value. Nested values are skipped by their brackets, scalars are checked.
Result<std::string_view> rawValue(simdjson::ondemand::value value)
{
    json_type type;
    if (const auto error = value.type().get(type))
        return invalid(error);
    switch (type) {
    case json_type::object:
        return nestedText(value.get_object(), '}');
    case json_type::array:
        return nestedText(value.get_array(), ']');
    case json_type::string:
    case json_type::number:
    case json_type::boolean:
    case json_type::null:
        break;
    }
    const std::string_view token = trimmed(value.raw_json_token());
    if (!isScalar(token))
        return invalid("a value is neither a string nor a number nor a literal");
    return token;
}

/// The name of a member between its quotation marks. simdjson has made sure that it ends.
std::string_view rawName(simdjson::ondemand::field &field)
{
    const char *const begin = field.key().raw();
    const char *end = begin;
    while (*end != '"')
        end += *end == '\\' ? 2 : 1;
    return {begin, static_cast<size_t>(end - begin)};
}

bool isSame(QByteArrayView key, const QByteArray &name, KeyCase keyCase)
{
    if (key == name)
        return true;
    return keyCase == KeyCase::Folded &&
           QString::fromUtf8(key).toCaseFolded() == QString::fromUtf8(name).toCaseFolded();
}

Result<void> scanMember(simdjson::ondemand::field field, const char *begin, std::span<const QByteArrayView> keys,
                        KeyCase keyCase, ObjectScan &scan)
{
    const std::string_view name = rawName(field);
    if (!isStringContent(name))
        return invalid("the name of a member is not a valid string");
    const Result<std::string_view> raw = rawValue(field.value());
    if (!raw)
        return raw.error();
    scan.empty = false;
    const bool escaped = name.find('\\') != std::string_view::npos;
    const QByteArray plainName =
        escaped ? unescaped(name).toUtf8() : QByteArray::fromRawData(name.data(), static_cast<qsizetype>(name.size()));
    for (size_t i = 0; i < keys.size(); ++i) {
        if (!isSame(keys[i], plainName, keyCase))
            continue;
        if (scan.values[i]) {
            const QString key = QString::fromUtf8(keys[i]);
            return Error{ErrorCode::InvalidRequest,
                         QStringLiteral("The request body has more than one \"%1\"; send it once.").arg(key), key};
        }
        scan.values[i] = Span{raw->data() - begin, static_cast<qsizetype>(raw->size())};
    }
    return {};
}

} // namespace

Result<ObjectScan> scanObject(const QByteArray &text, std::span<const QByteArrayView> keys, KeyCase keyCase)
{
    const PaddedText padded(text);
    const ParserLease parser(text.size());
    simdjson::ondemand::document document;
    if (const auto error = parser->iterate(padded.view()).get(document))
        return invalid(error);
    simdjson::ondemand::object object;
    if (const auto error = document.get_object().get(object))
        return invalid(error);

    ObjectScan scan;
    scan.values.resize(keys.size());
    scan.firstMember = text.indexOf('{') + 1;
    for (auto member : object) {
        simdjson::ondemand::field field;
        if (const auto error = std::move(member).get(field))
            return invalid(error);
        if (const auto scanned = scanMember(field, padded.view().data(), keys, keyCase, scan); !scanned)
            return scanned.error();
    }
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
        return invalid("something follows the object");
    return scan;
}

std::optional<QString> decodeString(QByteArrayView literal)
{
    const auto content = stringContent({literal.data(), static_cast<size_t>(literal.size())});
    return content ? std::optional(unescaped(*content)) : std::nullopt;
}

} // namespace hearth::json
