// RecipeParts: how runs of recipes are started, and with what.
//
// Publisher fills one in and gives it to WakeRunner and IdleSleeper; a test puts its own function there and plays the
// recipe. Publisher's thread.

#pragma once

#include "reciperun.h"

namespace hearth::publisher {

/// What RecipeRun::start() is.
using StartRecipe = std::function<std::unique_ptr<RecipeRun>(const RecipeAction &action, Duration timeout,
                                                             const RecipeRunContext &context, RecipeRun::Done done)>;

struct RecipeParts
{
    RecipeRunContext context;
    StartRecipe function;

    std::unique_ptr<RecipeRun> start(const RecipeAction &action, Duration timeout, RecipeRun::Done done) const
    {
        return function(action, timeout, context, std::move(done));
    }
};

} // namespace hearth::publisher
