// HttpRecipeRun: one request of an HTTP recipe.
//
// Sent exactly once, over a connection of its own. The status of the answer decides; its body is of interest only for
// the log. Made by RecipeRun::start(). Publisher's thread.

#pragma once

#include "reciperun.h"

namespace hearth::publisher {

class HttpRecipeRun final : public RecipeRun, private httpclient::TransferHandler
{
public:
    /// What is read of an answer; with more of it the run has ended as well.
    static constexpr qsizetype maxAnswerBytes = 4096;

    HttpRecipeRun(const HttpRecipe &recipe, Duration timeout, const RecipeRunContext &context, Done done);

    void end(std::function<void()> ended) override;

private:
    void responseHead(int status, const HttpFields &fields) override;
    void responseBody(QByteArrayView piece) override;
    void finished(const Result<void> &result) override;

    void timedOut();
    void conclude(const Result<void> &verdict);
    Result<void> verdictOfStatus() const;

    const Duration m_timeout;
    Done m_done;
    std::function<void()> m_ended;
    int m_status = 0;
    QByteArray m_answer;
    Timer m_limit;
    Timer m_afterEnd;
    std::unique_ptr<httpclient::Transfer> m_transfer;
};

} // namespace hearth::publisher
