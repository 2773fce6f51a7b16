#include "setupstate.h"

namespace hearth::setup {

SetupState::SetupState(SetupParts theParts)
    : parts(std::move(theParts))
    , editor(parts.draft, parts.configFile, parts.environment, parts.clock)
    , client({}, parts.clock)
    , startsWithDesktop(parts.autostart.isEnabled())
{}

QUrl SetupState::server() const
{
    return QUrl(editor.draft().scalar(QStringLiteral("server")).value_or(QString()));
}

QString SetupState::caFile() const
{
    return editor.draft().scalar(QStringLiteral("caFile")).value_or(QString());
}

std::vector<ModelChoice> SetupState::published() const
{
    std::vector<ModelChoice> models = modelsOf(editor.draft());
    std::erase_if(models, [](const ModelChoice &model) { return !model.isPublished; });
    return models;
}

} // namespace hearth::setup
