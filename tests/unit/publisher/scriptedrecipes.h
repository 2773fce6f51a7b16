// ScriptedRecipes: recipes whose course is decided by the test.
//
// Its starter() stands in for RecipeRun::start(). Each run waits until the test ends it. Must outlive all runs. Test's
// thread.

#pragma once

#include "recipeparts.h"

#include <deque>

class ScriptedRecipes
{
public:
    struct Run
    {
        hearth::publisher::RecipeAction action;
        hearth::Duration timeout;
        hearth::publisher::RecipeRun::Done done;
        /// Set once the publisher wants the end of it; the test calls it.
        std::function<void()> ended = {};
        /// The publisher has destroyed the run: what it has started is on its own.
        bool isLetGo = false;

        void succeed() { done({}); }

        void fail(hearth::ErrorCode code, const QString &message) { done(hearth::Error{code, message}); }

        bool isBeingEnded() const { return static_cast<bool>(ended); }
    };

    hearth::publisher::StartRecipe starter();

    /// In the order of their start.
    std::deque<Run> runs;
};
