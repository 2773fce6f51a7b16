#include "publicllmfields.h"

#include "changerow.h"
#include "poolrules.h"
#include "publicfields.h"
#include "rowchecks.h"

namespace hearth::api {

namespace {

Result<void> readAccess(const ApiContext &context, domain::Llm &llm, const std::optional<QString> &url,
                        const std::optional<QString> &apiKey)
{
    if (url) {
        const Result<QString> checked = publicllm::checkedUrl(*url, context.addresses);
        if (!checked)
            return checked.error();
        // A stored key must not be sent anywhere else than it was given for.
        if (*checked != llm.url && !llm.sealedApiKey.isEmpty() && !apiKey) {
            return Error{ErrorCode::InvalidRequest,
                         QStringLiteral("A new \"url\" needs its \"apiKey\"; an empty one stands for none."),
                         QStringLiteral("apiKey")};
        }
        llm.url = *checked;
    }
    // An empty one takes the key away.
    if (apiKey && apiKey->isEmpty()) {
        llm.sealedApiKey.clear();
    } else if (apiKey) {
        const Result<QByteArray> sealed = publicllm::sealedApiKey(*apiKey, context.secrets);
        if (!sealed)
            return sealed.error();
        llm.sealedApiKey = *sealed;
    }
    return {};
}

/// What the body says of the pool.
struct PoolWish
{
    /// The one that is named; empty for none.
    std::optional<QString> name;
    /// That of the model, which null stands for.
    bool isThatOfModel = false;
};

PoolWish readPool(ResourceReader &reader)
{
    const QLatin1String key("pool");
    if (reader.isNull(key))
        return {.name = std::nullopt, .isThatOfModel = true};
    return {.name = reader.text(key)};
}

/// A row that is edited without a word of its pool stays there, but for one that was its model's: that follows the
/// model.
Result<QString> joinedPool(const ApiContext &context, const domain::Principal &principal, const domain::Llm &llm,
                           const QString &formerModel, const PoolWish &wish)
{
    const bool isNew = formerModel.isEmpty();
    const bool follows = isNew || wish.isThatOfModel || (llm.pool == formerModel && llm.model != formerModel);
    if (!wish.name && !follows)
        return llm.pool;
    return domain::poolFor({context.registry, principal, context.settings.poolsAcrossOwners}, llm, wish.name);
}

} // namespace

Result<domain::Llm> readPublicLlm(const ApiContext &context, const domain::Principal &principal, domain::Llm llm,
                                  ResourceReader &reader)
{
    llm.name = reader.text(QLatin1String("name")).value_or(llm.name);
    const std::optional<QString> url = reader.text(QLatin1String("url"));
    const std::optional<QString> apiKey = reader.text(QLatin1String("apiKey"));
    llm.type = reader.text(QLatin1String("type")).value_or(llm.type);
    const QString formerModel = llm.model;
    llm.model = reader.text(QLatin1String("model")).value_or(llm.model.isEmpty() ? llm.name : llm.model);
    const PoolWish pool = readPool(reader);
    llm.streamUsage = reader.boolean(QLatin1String("streamUsage")).value_or(llm.streamUsage);
    llm.tier = reader.text(QLatin1String("tier")).value_or(llm.tier);
    llm.description = reader.text(QLatin1String("description")).value_or(llm.description);
    llm.extraConfig = reader.object(QLatin1String("extraConfig")).value_or(llm.extraConfig);
    llm.maxConcurrency = reader.integer(QLatin1String("maxConcurrency")).value_or(llm.maxConcurrency);
    llm.updatedAt = context.clock.wallNow();
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    if (const QString defect = domain::defect(llm); !defect.isEmpty())
        return Error{ErrorCode::InvalidRequest, defect};
    if (const Result<void> access = readAccess(context, llm, url, apiKey); !access)
        return access.error();
    if (const Result<void> named = checkName(context, principal, llm); !named)
        return named.error();
    const Result<QString> joined = joinedPool(context, principal, llm, formerModel, pool);
    if (!joined)
        return joined.error();
    llm.pool = *joined;
    return llm;
}

} // namespace hearth::api
