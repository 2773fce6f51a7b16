#include "answerrecorder.h"

namespace hearth::testsupport {

relay::InferRequest makeRequest(const QString &model, QByteArray body)
{
    static constexpr std::array<QByteArrayView, 1> keys{"model"};
    const Result<json::ObjectScan> scan = json::scanObject(body, keys);
    if (!scan)
        qFatal("%s", qPrintable(scan.error().message));
    relay::InferRequest request;
    request.model = model;
    request.path = "/chat/completions";
    request.fields = {{"content-type", "application/json"}};
    request.body = scan->values[0] ? relay::RequestBody::withModelAt(std::move(body), *scan->values[0])
                                   : relay::RequestBody::withoutModel(std::move(body), scan->firstMember, scan->empty);
    return request;
}

relay::InferRequest makeRequest(const QString &model)
{
    return makeRequest(model, "{\"model\":\"" + model.toUtf8() + "\"}");
}

domain::Principal caller(const QString &owner)
{
    domain::ApiKey key;
    key.id = ApiKeyId(owner + QStringLiteral("-key"));
    key.name = owner;
    key.owner = owner;
    key.scopes = {domain::Scope::Infer};
    return domain::Principal(std::make_shared<const domain::ApiKey>(key));
}

} // namespace hearth::testsupport
