// The configuration of recipes: the `wake` and `sleep` sections of an entry of `llms`, which have most in common.
//
// Used by publisherSettingTable() and readPublisherSettings(); checkRecipes() also by SelfCheck and by Publisher at its
// start. No thread affinity.

#pragma once

#include "configreading.h"
#include "publishersettings.h"
#include "setting.h"

namespace hearth::publisher {

/// The settings of both sections.
std::vector<Setting> recipeSettings();

/// What the sections mean; nothing where the file does not open them.
std::optional<WakeRecipe> readWakeRecipe(const Reading &in);
std::optional<SleepRecipe> readSleepRecipe(const Reading &in);

/// Whether a program of a recipe is there to be run.
struct RecipeCheck
{
    bool canRun = false;
    /// A sentence for the owner of the box.
    QString text;
};

/// One for each command of the Llm's recipes, as things are on this box now.
std::vector<RecipeCheck> checkRecipes(const LlmSettings &llm);

} // namespace hearth::publisher
