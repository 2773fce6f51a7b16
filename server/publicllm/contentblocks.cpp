#include "contentblocks.h"

#include "jsonwriter.h"

#include <QJsonArray>

namespace hearth::publicllm {

namespace {

using namespace Qt::StringLiterals;

constexpr auto dataScheme = "data:"_L1;
constexpr auto base64Mark = ";base64"_L1;

void writeCacheMark(json::JsonWriter &writer, const QJsonObject &part)
{
    if (const QJsonValue mark = part["cache_control"_L1]; mark.isObject())
        writer.field("cache_control"_L1, mark.toObject());
}

/// `data:image/png;base64,…` (RFC 2397) as the source of an image.
Result<QByteArray> base64Source(QStringView url, const QString &where)
{
    const qsizetype comma = url.indexOf(u',');
    const QStringView head = comma < 0 ? QStringView() : url.first(comma).sliced(dataScheme.size());
    if (!head.startsWith("image/"_L1, Qt::CaseInsensitive) || !head.endsWith(base64Mark, Qt::CaseInsensitive))
        return refusedAt(where, u"must be a data: URL of an image in base64, or an http or https URL"_s);
    QByteArray source;
    json::JsonWriter writer(source);
    const QStringView type = head.first(head.indexOf(u';'));
    writer.beginObject().field("type"_L1, "base64"_L1).field("media_type"_L1, type.toString().toLower());
    writer.field("data"_L1, url.sliced(comma + 1)).endObject();
    return source;
}

Result<QByteArray> imageSource(const QString &url, const QString &where)
{
    if (!url.startsWith("http://"_L1, Qt::CaseInsensitive) && !url.startsWith("https://"_L1, Qt::CaseInsensitive))
        return base64Source(url.startsWith(dataScheme, Qt::CaseInsensitive) ? QStringView(url) : QStringView(), where);
    QByteArray source;
    json::JsonWriter(source).beginObject().field("type"_L1, "url"_L1).field("url"_L1, url).endObject();
    return source;
}

Result<QByteArray> imageBlock(const QJsonObject &part, const QString &where)
{
    const QJsonValue image = part["image_url"_L1];
    const QString url = image.isString() ? image.toString() : image["url"_L1].toString();
    const Result<QByteArray> source = imageSource(url, where + u".image_url"_s);
    if (!source)
        return source;
    QByteArray block;
    json::JsonWriter writer(block);
    writer.beginObject().field("type"_L1, "image"_L1).key("source"_L1).raw(*source);
    writeCacheMark(writer, part);
    writer.endObject();
    return block;
}

/// Nothing for a part that has no content.
Result<std::optional<QByteArray>> partBlock(const QJsonObject &part, BlockKinds kinds, const QString &where)
{
    const QString type = part["type"_L1].toString();
    if (type == "text"_L1 || type == "refusal"_L1) {
        const QJsonValue text = part[type];
        if (!text.isString())
            return refusedAt(where, u"must have its text in \"%1\""_s.arg(type));
        return text.toString().isEmpty() ? std::nullopt : std::optional(textBlock(text.toString(), part));
    }
    if (type == "image_url"_L1 && kinds == BlockKinds::TextAndImages) {
        Result<QByteArray> block = imageBlock(part, where);
        return block ? Result<std::optional<QByteArray>>(std::move(*block)) : block.error();
    }
    return refusedAt(where, kinds == BlockKinds::Text ? u"must be of the type text"_s
                                                      : u"must be of the type text or image_url"_s);
}

} // namespace

Error refusedAt(const QString &where, const QString &what)
{
    return {ErrorCode::InvalidRequest,
            u"\"%1\" %2, because this Llm speaks Anthropic's Messages API."_s.arg(where, what), where};
}

QByteArray textBlock(const QString &text, const QJsonObject &part)
{
    QByteArray block;
    json::JsonWriter writer(block);
    writer.beginObject().field("type"_L1, "text"_L1).field("text"_L1, text);
    writeCacheMark(writer, part);
    writer.endObject();
    return block;
}

Result<QByteArrayList> contentBlocks(const QJsonValue &content, BlockKinds kinds, const QString &where)
{
    QByteArrayList blocks;
    if (content.isNull() || content.isUndefined())
        return blocks;
    if (content.isString())
        return content.toString().isEmpty() ? blocks : QByteArrayList{textBlock(content.toString())};
    if (!content.isArray())
        return refusedAt(where, u"must be a text or a list of parts"_s);
    const QJsonArray parts = content.toArray();
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const Result<std::optional<QByteArray>> block = partBlock(parts[i].toObject(), kinds, where + u"[%1]"_s.arg(i));
        if (!block)
            return block.error();
        if (block.value())
            blocks.append(**block);
    }
    return blocks;
}

QString toolUseId(QString id)
{
    for (QChar &c : id) {
        const char16_t u = c.unicode();
        const bool isAllowed =
            (u >= u'a' && u <= u'z') || (u >= u'A' && u <= u'Z') || (u >= u'0' && u <= u'9') || u == u'_' || u == u'-';
        if (!isAllowed)
            c = u'_';
    }
    return id;
}

} // namespace hearth::publicllm
