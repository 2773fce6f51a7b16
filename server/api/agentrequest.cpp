#include "agentrequest.h"

#include "bodyscanner.h"
#include "jsonwriter.h"

#include <QJsonDocument>

#include <algorithm>

namespace hearth::api {

namespace {

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
    const std::vector<QByteArray> keys = agentKeys(agent);
    QJsonObject missing = agent.defaultParams;
    for (size_t i = 0; i < keys.size(); ++i) {
        if (params.values[i])
            missing.remove(QString::fromUtf8(keys[i]));
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
    for (auto param = agent.defaultParams.begin(); param != agent.defaultParams.end(); ++param) {
        const QByteArray key = param.key().toUtf8();
        if (std::ranges::find(watchedKeys, key) == watchedKeys.end())
            keys.push_back(key);
    }
    return keys;
}

Result<QByteArray> agentBody(const domain::Agent &agent, const QByteArray &body, const json::ObjectScan &scan,
                             const json::ObjectScan &params)
{
    const std::optional<json::Span> messages = scan.values[BodyMember::Messages];
    if (!messages || body.at(messages->offset) != '[') {
        return Error{ErrorCode::InvalidRequest, QStringLiteral("\"messages\" must be an array."),
                     QStringLiteral("messages")};
    }
    // The first member begins before every value.
    const qsizetype firstMessage = messages->offset + 1;
    QByteArray edited = body.first(scan.firstMember) + missingParams(agent, params);
    edited.append(QByteArrayView(body).sliced(scan.firstMember, firstMessage - scan.firstMember));
    if (!agent.systemPrompt.isEmpty())
        edited.append(systemMessage(agent.systemPrompt)).append(isEmptyArray(part(body, *messages)) ? "" : ",");
    edited.append(QByteArrayView(body).sliced(firstMessage));
    return edited;
}

} // namespace hearth::api
