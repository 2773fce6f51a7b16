#include "agentrequest.h"

#include "bodyscanner.h"
#include "jsonwriter.h"

#include <QJsonDocument>

#include <algorithm>

namespace hearth::api {

namespace {

/// Text to be put into the body.
struct Insertion
{
    qsizetype offset;
    QByteArray text;
};

bool isEmptyArray(QByteArrayView array)
{
    return array.sliced(1).trimmed().startsWith(']');
}

QByteArray systemMessage(const QString &prompt)
{
    QByteArray message;
    json::JsonWriter writer(message);
    writer.beginObject()
        .field(QLatin1String("role"), QLatin1String("system"))
        .field(QLatin1String("content"), prompt)
        .endObject();
    return message;
}

/// As members, each with a comma behind it; there is always another one: the model.
QByteArray missingParams(const domain::Agent &agent, const json::ObjectScan &params)
{
    QJsonObject missing;
    size_t index = watchedKeys.size();
    for (auto param = agent.defaultParams.begin(); param != agent.defaultParams.end(); ++param, ++index) {
        if (!params.values[index])
            missing.insert(param.key(), param.value());
    }
    if (missing.isEmpty())
        return {};
    QByteArray object = QJsonDocument(missing).toJson(QJsonDocument::Compact);
    object.back() = ',';
    return object.sliced(1);
}

} // namespace

std::optional<Error> agentObstacle(const domain::Agent &agent, const ModelRoute &route)
{
    if (route.path != modelRoutes.front().path) {
        return Error{ErrorCode::InvalidRequest,
                     QStringLiteral("'%1' is an agent; agents answer /v1/chat/completions only.").arg(agent.name),
                     QStringLiteral("model")};
    }
    if (agent.status == domain::LlmStatus::Inactive) {
        return Error{ErrorCode::PublisherOffline,
                     QStringLiteral("Agent '%1' is inactive; publisher offline").arg(agent.name)};
    }
    return std::nullopt;
}

std::vector<QByteArray> agentKeys(const domain::Agent &agent)
{
    std::vector<QByteArray> keys;
    for (const QByteArrayView key : watchedKeys)
        keys.push_back(key.toByteArray());
    for (auto param = agent.defaultParams.begin(); param != agent.defaultParams.end(); ++param)
        keys.push_back(param.key().toUtf8());
    return keys;
}

Result<relay::RequestBody> agentBody(const domain::Agent &agent, const QByteArray &body, const json::ObjectScan &scan,
                                     const json::ObjectScan &params)
{
    const std::optional<json::Span> messages = scan.values[BodyMember::Messages];
    if (!messages || body.at(messages->offset) != '[') {
        return Error{ErrorCode::InvalidRequest, QStringLiteral("\"messages\" must be an array."),
                     QStringLiteral("messages")};
    }
    std::vector<Insertion> insertions{{scan.firstMember, missingParams(agent, params)}};
    if (!agent.systemPrompt.isEmpty()) {
        const QByteArray separator = isEmptyArray(part(body, *messages)) ? "" : ",";
        insertions.push_back({messages->offset + 1, systemMessage(agent.systemPrompt) + separator});
    }
    json::Span model = scan.values[BodyMember::Model].value();
    const qsizetype modelAsItCame = model.offset;
    QByteArray edited;
    qsizetype taken = 0;
    // In the order of their places: the first member begins before every value.
    for (const Insertion &insertion : insertions) {
        edited.append(QByteArrayView(body).sliced(taken, insertion.offset - taken)).append(insertion.text);
        taken = insertion.offset;
        if (insertion.offset <= modelAsItCame)
            model.offset += insertion.text.size();
    }
    edited.append(QByteArrayView(body).sliced(taken));
    return relay::RequestBody::withModelAt(std::move(edited), model);
}

} // namespace hearth::api
