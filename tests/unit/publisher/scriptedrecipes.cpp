#include "scriptedrecipes.h"

using namespace hearth;
using namespace hearth::publisher;

namespace {

class ScriptedRun final : public RecipeRun
{
public:
    explicit ScriptedRun(ScriptedRecipes::Run &run)
        : m_run(run)
    {}

    ~ScriptedRun() override { m_run.isLetGo = true; }

    void end(std::function<void()> ended) override { m_run.ended = std::move(ended); }

private:
    ScriptedRecipes::Run &m_run;
};

} // namespace

StartRecipe ScriptedRecipes::starter()
{
    return [this](const RecipeAction &action, Duration timeout, const RecipeRunContext &, RecipeRun::Done done) {
        runs.push_back({action, timeout, std::move(done)});
        return std::make_unique<ScriptedRun>(runs.back());
    };
}
