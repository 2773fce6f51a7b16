#include "changerow.h"

#include "poolrules.h"

namespace hearth::api {

void takeOver(const ApiContext &context, const LlmId &id, const std::optional<domain::Llm> &stored)
{
    if (!stored)
        context.registry.removeLlm(id);
    else if (stored->kind == domain::LlmKind::Public)
        context.registry.put(*stored);
    context.relay.llmChanged(stored ? stored->id : id);
}

void takeOver(const ApiContext &context, const AgentId &id, const std::optional<domain::Agent> &stored)
{
    if (!stored)
        context.registry.removeAgent(id);
    else if (stored->kind == domain::LlmKind::Public)
        context.registry.put(*stored);
}

namespace {

template <typename Row>
Result<void> checkRowName(const ApiContext &context, const domain::Principal &principal, const Row &row)
{
    const QString &name = row.name;
    const domain::Llm *const llm = context.registry.findLlm(name);
    const domain::Agent *const agent = context.registry.findAgent(name);
    const auto isOther = [id = row.id.toString()](const auto *other) { return other && other->id.toString() != id; };
    if (isOther(llm) || isOther(agent)) {
        return Error{ErrorCode::Conflict, QStringLiteral("The name \"%1\" is taken; choose another one.").arg(name),
                     QStringLiteral("name")};
    }
    if (!principal.mayUse(name))
        return Error{ErrorCode::ScopeMissing, QStringLiteral("This API key may not use the name \"%1\".").arg(name)};
    const bool isNew = !llm && !agent;
    return isNew ? domain::checkHidesNoPool(context.registry, name, row.owner) : Result<void>();
}

} // namespace

Result<void> checkName(const ApiContext &context, const domain::Principal &principal, const domain::Llm &llm)
{
    return checkRowName(context, principal, llm);
}

Result<void> checkName(const ApiContext &context, const domain::Principal &principal, const domain::Agent &agent)
{
    return checkRowName(context, principal, agent);
}

} // namespace hearth::api
