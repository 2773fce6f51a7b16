#include "httpreciperun.h"

#include "logging.h"
#include "recipewords.h"

namespace hearth::publisher {

namespace {

httpclient::TransferRequest requestOf(const HttpRecipe &recipe, Duration timeout)
{
    httpclient::TransferRequest request;
    request.method = recipe.method;
    request.url = recipe.url;
    request.fields = recipe.fields;
    if (!recipe.body.isEmpty())
        request.bodySize = recipe.body.size();
    // The run has one limit, its own: these come after it.
    request.limits = {.connect = 2 * timeout, .firstByte = 2 * timeout, .idle = 2 * timeout};
    request.freshConnection = true;
    return request;
}

/// What the caller may know of a request that was not answered: HttpClient's own words name the host.
Error withoutHost(ErrorCode cause)
{
    if (cause == ErrorCode::BackendUnreachable) {
        return recipeFailure(
            QStringLiteral("The recipe's request could not be sent, or its connection was closed without an answer."));
    }
    if (cause == ErrorCode::BackendError)
        return recipeFailure(QStringLiteral("The recipe's request was not answered with valid HTTP."));
    return recipeFailure(QStringLiteral("The recipe's request could not be sent."));
}

} // namespace

HttpRecipeRun::HttpRecipeRun(const HttpRecipe &recipe, Duration timeout, const RecipeRunContext &context, Done done)
    : m_timeout(timeout)
    , m_done(std::move(done))
    , m_limit(context.clock, [this] { timedOut(); })
    , m_afterEnd(context.clock,
                 [this] {
                     const std::function<void()> ended = std::move(m_ended);
                     ended();
                 })
    , m_transfer(context.client.start(requestOf(recipe, timeout), *this))
{
    if (!recipe.body.isEmpty())
        m_transfer->send(recipe.body);
    m_limit.start(timeout);
}

void HttpRecipeRun::end(std::function<void()> ended)
{
    m_limit.stop();
    m_transfer.reset();
    m_ended = std::move(ended);
    m_afterEnd.start(Duration::zero());
}

void HttpRecipeRun::responseHead(int status, const HttpFields &)
{
    m_status = status;
}

void HttpRecipeRun::responseBody(QByteArrayView piece)
{
    m_answer.append(piece.first(std::min(piece.size(), maxAnswerBytes - m_answer.size())));
    if (m_answer.size() == maxAnswerBytes)
        conclude(verdictOfStatus());
}

void HttpRecipeRun::finished(const Result<void> &result)
{
    if (m_status != 0) {
        conclude(verdictOfStatus());
        return;
    }
    qCWarning(lcPublisher).noquote() << "A recipe's request failed:" << result.error().message;
    conclude(withoutHost(result.error().code));
}

void HttpRecipeRun::timedOut()
{
    // The status is the answer, however long the rest takes.
    if (m_status != 0)
        conclude(verdictOfStatus());
    else
        conclude(recipeTimeout(QStringLiteral("request"), m_timeout));
}

Result<void> HttpRecipeRun::verdictOfStatus() const
{
    if (m_status >= 200 && m_status < 300)
        return {};
    qCWarning(lcPublisher).noquote() << "A recipe's request was answered with status" << m_status
                                     << "and:" << firstLine(m_answer);
    const QString redirect = m_status < 400 ? QStringLiteral("; redirects are not followed") : QString();
    return recipeFailure(
        QStringLiteral("The recipe's request was answered with status %1%2.").arg(m_status).arg(redirect));
}

void HttpRecipeRun::conclude(const Result<void> &verdict)
{
    m_limit.stop();
    m_transfer.reset();
    // The function may destroy this object, and with it the function.
    const Done done = std::move(m_done);
    done(verdict);
}

} // namespace hearth::publisher
