#include "reciperun.h"

#include "commandreciperun.h"
#include "httpreciperun.h"

namespace hearth::publisher {

std::unique_ptr<RecipeRun> RecipeRun::start(const RecipeAction &action, Duration timeout,
                                            const RecipeRunContext &context, Done done)
{
    if (const auto *request = std::get_if<HttpRecipe>(&action))
        return std::make_unique<HttpRecipeRun>(*request, timeout, context, std::move(done));
    return std::make_unique<CommandRecipeRun>(std::get<CommandRecipe>(action), timeout, context, std::move(done));
}

} // namespace hearth::publisher
