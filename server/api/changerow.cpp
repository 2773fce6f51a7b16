#include "changerow.h"

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

Result<void> checkName(const ApiContext &context, const domain::Principal &principal, const QString &name,
                       const QString &id)
{
    const domain::Llm *const llm = context.registry.findLlm(name);
    const domain::Agent *const agent = context.registry.findAgent(name);
    if ((llm && llm->id.toString() != id) || (agent && agent->id.toString() != id)) {
        return Error{ErrorCode::Conflict, QStringLiteral("The name \"%1\" is taken; choose another one.").arg(name),
                     QStringLiteral("name")};
    }
    if (!principal.mayUse(name))
        return Error{ErrorCode::ScopeMissing, QStringLiteral("This API key may not use the name \"%1\".").arg(name)};
    return {};
}

} // namespace hearth::api
