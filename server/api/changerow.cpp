#include "changerow.h"

namespace hearth::api {

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
