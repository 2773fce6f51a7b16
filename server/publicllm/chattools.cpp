#include "chattools.h"

#include "contentblocks.h"
#include "jsonwriter.h"
#include "objectscan.h"
#include "rawjson.h"

#include <QJsonArray>

namespace hearth::publicllm {

namespace {

using namespace Qt::StringLiterals;

/// A tool's schema as it came, with the type that the Messages API wants and OpenAI's clients may leave out.
QByteArray withType(const QByteArray &schema)
{
    static constexpr QByteArrayView key("type");
    const Result<json::ObjectScan> scan = json::scanObject(schema, std::span(&key, 1));
    // One that says its type twice has one.
    if (!scan || scan.value().values.front())
        return schema;
    const QByteArrayView type = scan.value().empty ? R"("type":"object")" : R"("type":"object",)";
    return QByteArray(schema).insert(scan.value().firstMember, type);
}

Result<void> writeTool(json::JsonWriter &writer, const QJsonObject &tool, const QByteArray &text, const QString &where)
{
    const QJsonObject function = tool["function"_L1].toObject();
    const QString name = function["name"_L1].toString();
    if (tool["type"_L1].toString() != "function"_L1 || name.isEmpty())
        return refusedAt(where, u"must be of the type function and have a name"_s);
    writer.beginObject().field("name"_L1, name);
    if (const QString description = function["description"_L1].toString(); !description.isEmpty())
        writer.field("description"_L1, description);
    writer.key("input_schema"_L1);
    if (!function["parameters"_L1].isObject()) {
        writer.raw(R"({"type":"object","properties":{}})");
    } else {
        const std::optional<QByteArray> definition = rawMember(text, "function");
        const std::optional<QByteArray> schema = definition ? rawMember(*definition, "parameters") : std::nullopt;
        if (!schema)
            return refusedAt(where, u"must have one function with one set of parameters"_s);
        writer.raw(withType(*schema));
    }
    writer.endObject();
    return {};
}

Result<void> writeList(json::JsonWriter &writer, const QJsonArray &tools, const QByteArray &text)
{
    const std::optional<QByteArray> list = rawMember(text, "tools");
    const QByteArrayList items = list ? rawItems(*list) : QByteArrayList();
    if (items.size() != tools.size())
        return refusedAt(u"tools"_s, u"must be there once"_s);
    writer.key("tools"_L1).beginArray();
    for (qsizetype i = 0; i < tools.size(); ++i) {
        const Result<void> written = writeTool(writer, tools[i].toObject(), items[i], u"tools[%1]"_s.arg(i));
        if (!written)
            return written;
    }
    writer.endArray();
    return {};
}

void writeCalled(json::JsonWriter &writer, const QStringList &called)
{
    writer.key("tools"_L1).beginArray();
    for (const QString &name : called)
        writer.beginObject().field("name"_L1, name).key("input_schema"_L1).raw(R"({"type":"object"})").endObject();
    writer.endArray();
    writer.key("tool_choice"_L1).beginObject().field("type"_L1, "none"_L1).endObject();
}

/// The type of the Messages API's choice; nothing for one that there is not.
std::optional<QLatin1String> choiceType(const QJsonValue &choice)
{
    const QString word = choice.toString();
    if (choice.isNull() || choice.isUndefined() || word == "auto"_L1)
        return "auto"_L1;
    if (word == "none"_L1)
        return "none"_L1;
    if (word == "required"_L1)
        return "any"_L1;
    if (choice["type"_L1].toString() == "function"_L1 && !choice["function"_L1]["name"_L1].toString().isEmpty())
        return "tool"_L1;
    return std::nullopt;
}

Result<void> writeChoice(json::JsonWriter &writer, const QJsonObject &chat)
{
    const QJsonValue choice = chat["tool_choice"_L1];
    const std::optional<QLatin1String> type = choiceType(choice);
    if (!type)
        return refusedAt(u"tool_choice"_s, u"must be none, auto, required or one function"_s);
    const bool oneAtATime = chat["parallel_tool_calls"_L1].isBool() && !chat["parallel_tool_calls"_L1].toBool();
    if (*type == "auto"_L1 && !oneAtATime)
        return {};
    writer.key("tool_choice"_L1).beginObject().field("type"_L1, *type);
    if (*type == "tool"_L1)
        writer.field("name"_L1, choice["function"_L1]["name"_L1].toString());
    if (oneAtATime && *type != "none"_L1)
        writer.field("disable_parallel_tool_use"_L1, true);
    writer.endObject();
    return {};
}

} // namespace

Result<void> writeTools(json::JsonWriter &writer, const QJsonObject &chat, const QByteArray &text,
                        const QStringList &called)
{
    const QJsonValue value = chat["tools"_L1];
    if (!value.isArray() && !value.isNull() && !value.isUndefined())
        return refusedAt(u"tools"_s, u"must be a list"_s);
    const QJsonArray tools = value.toArray();
    if (tools.isEmpty()) {
        if (!called.isEmpty())
            writeCalled(writer, called);
        return {};
    }
    if (const Result<void> written = writeList(writer, tools, text); !written)
        return written;
    return writeChoice(writer, chat);
}

} // namespace hearth::publicllm
