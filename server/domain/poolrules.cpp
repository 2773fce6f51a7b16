#include "poolrules.h"

#include "rowchecks.h"

#include <algorithm>

namespace hearth::domain {

namespace {

bool hasOtherOwner(const std::vector<const Llm *> &members, const QString &owner, const LlmId &except = {})
{
    return std::any_of(members.begin(), members.end(),
                       [&owner, &except](const Llm *member) { return member->owner != owner && member->id != except; });
}

Error refusal(ErrorCode code, const QString &message)
{
    return {code, message, QStringLiteral("pool")};
}

/// Why `llm` may not belong to `pool`.
std::optional<Error> obstacle(const PoolScope &scope, const Llm &llm, const QString &pool)
{
    if (!isValidName(pool)) {
        return refusal(ErrorCode::InvalidRequest,
                       QStringLiteral("pool: \"%1\" is not a valid name: use 1 to 128 letters, digits and ._:/@-, and "
                                      "begin with a letter or digit.")
                           .arg(pool.left(128)));
    }
    if (!scope.principal.mayUse(pool)) {
        return refusal(
            ErrorCode::ScopeMissing,
            QStringLiteral("pool: this API key may not publish into \"%1\"; ask for a key that may, or leave "
                           "the pool out.")
                .arg(pool));
    }
    // The row of an Llm that is being adopted still has its former owner.
    if (!scope.acrossOwners && hasOtherOwner(scope.registry.poolMembers(pool), llm.owner, llm.id)) {
        return refusal(ErrorCode::Conflict,
                       QStringLiteral("pool: \"%1\" belongs to another owner; choose another one.").arg(pool));
    }
    return std::nullopt;
}

/// A pool that is called like an Llm or agent can never be reached: the exact name goes first.
std::optional<Error> concealment(const Registry &registry, const Llm &llm, const QString &pool)
{
    if (pool == llm.name) {
        return refusal(
            ErrorCode::InvalidRequest,
            QStringLiteral("pool: \"%1\" is the Llm's own name; choose another one, or leave the pool out.").arg(pool));
    }
    const Llm *const other = registry.findLlm(pool);
    if ((other && other->id != llm.id) || registry.findAgent(pool)) {
        return refusal(ErrorCode::Conflict,
                       QStringLiteral("pool: \"%1\" is the name of %2, which callers would get instead; choose another "
                                      "one.")
                           .arg(pool, other ? QStringLiteral("an Llm") : QStringLiteral("an agent")));
    }
    return std::nullopt;
}

/// Whether `name` is that of an Llm or agent of another owner than `llm` has.
bool isNameOfOthers(const Registry &registry, const Llm &llm, const QString &name)
{
    const Llm *const other = registry.findLlm(name);
    const Agent *const agent = registry.findAgent(name);
    return (other && other->id != llm.id && other->owner != llm.owner) || (agent && agent->owner != llm.owner);
}

/// Who asks for nothing joins nothing called like an Llm or agent of others: once that is gone, what it was asked would
/// come to this one.
bool joinsUnasked(const PoolScope &scope, const Llm &llm)
{
    return !obstacle(scope, llm, llm.model) && !isNameOfOthers(scope.registry, llm, llm.model);
}

} // namespace

Result<QString> poolFor(const PoolScope &scope, const Llm &llm, const std::optional<QString> &asked)
{
    if (!asked)
        return joinsUnasked(scope, llm) ? llm.model : QString();
    if (asked->isEmpty())
        return QString();
    std::optional<Error> error = obstacle(scope, llm, *asked);
    // Who is in the pool stays there, whatever has got its name since.
    if (!error && *asked != llm.pool)
        error = concealment(scope.registry, llm, *asked);
    return error ? Result<QString>(*error) : Result<QString>(*asked);
}

Result<void> checkHidesNoPool(const Registry &registry, const QString &name, const QString &owner)
{
    if (!hasOtherOwner(registry.poolMembers(name), owner))
        return {};
    return Error{ErrorCode::Conflict,
                 QStringLiteral("The name \"%1\" is a pool of another owner; choose another one.").arg(name),
                 QStringLiteral("name")};
}

} // namespace hearth::domain
