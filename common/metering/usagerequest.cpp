#include "usagerequest.h"

#include <array>

namespace hearth::metering {

namespace {

constexpr std::array<QByteArrayView, 1> optionKeys{"include_usage"};

/// Of the options, in bytes. They are scanned where the body may have been too long to be; nobody needs as many.
constexpr qsizetype maxOptions = 4 * 1024;

Error badOptions(const char *what)
{
    return {ErrorCode::InvalidRequest, QStringLiteral("\"stream_options\" %1.").arg(QLatin1String(what)),
            QStringLiteral("stream_options")};
}

Result<std::optional<BodyEdit>> editOfOptions(const QByteArray &options, qsizetype offset)
{
    const Result<json::ObjectScan> scan = json::scanObject(options, optionKeys);
    if (!scan)
        return badOptions("must be a JSON object without duplicates");
    const std::optional<json::Span> asked = scan->values.front();
    if (!asked) {
        const QByteArray comma = scan->empty ? "" : ",";
        return std::optional(BodyEdit{{offset + scan->firstMember, 0}, R"("include_usage":true)" + comma});
    }
    if (QByteArrayView(options).sliced(asked->offset, asked->length) == "true")
        return std::optional<BodyEdit>();
    return std::optional(BodyEdit{{offset + asked->offset, asked->length}, "true"});
}

} // namespace

Result<std::optional<BodyEdit>> usageRequest(const QByteArray &body, const std::optional<json::Span> &options,
                                             qsizetype firstMember)
{
    if (!options)
        return std::optional(usageRequest(firstMember));
    if (options->length > maxOptions)
        return badOptions("is too long");
    const QByteArray value = body.sliced(options->offset, options->length);
    if (value == "null")
        return std::optional(BodyEdit{*options, R"({"include_usage":true})"});
    return editOfOptions(value, options->offset);
}

BodyEdit usageRequest(qsizetype firstMember)
{
    return {{firstMember, 0}, R"("stream_options":{"include_usage":true},)"};
}

} // namespace hearth::metering
