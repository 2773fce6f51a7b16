// CommandRecipeRun: one run of a command recipe's program.
//
// It has ended when the program has exited, whatever goes on in the background; only a failure, a timeout or end() ends
// the rest of its group as well. What the program wrote goes to the log. Made by RecipeRun::start(). Publisher's
// thread.

#pragma once

#include "outputcollector.h"
#include "processgroupend.h"
#include "reciperun.h"

#include <optional>

namespace hearth::publisher {

class CommandRecipeRun final : public RecipeRun
{
public:
    /// How long the last of the output is waited for, where something in the background goes on writing.
    static constexpr Duration outputLimit{500};

    CommandRecipeRun(const CommandRecipe &recipe, Duration timeout, const RecipeRunContext &context, Done done);

    void end(std::function<void()> ended) override;

private:
    Result<void> start(const CommandRecipe &recipe);
    void settle(const Result<void> &verdict);
    void endGroup();
    void report();

    Result<void> verdictOf(ChildProcess::Exit exit) const;
    void logOutput(QtMsgType type) const;

    const Duration m_timeout;
    Clock &m_clock;
    const RecipeRunSettings m_settings;
    Done m_done;
    Result<void> m_verdict;

    std::unique_ptr<OutputCollector> m_output;
    std::unique_ptr<ChildProcess> m_child;
    std::optional<ProcessGroupEnd> m_groupEnd;
    Timer m_limit;
    Timer m_report;
};

} // namespace hearth::publisher
