#include "commandreciperun.h"

#include "logging.h"
#include "recipeenvironment.h"
#include "recipewords.h"

namespace hearth::publisher {

CommandRecipeRun::CommandRecipeRun(const CommandRecipe &recipe, Duration timeout, const RecipeRunContext &context,
                                   Done done)
    : m_timeout(timeout)
    , m_clock(context.clock)
    , m_settings(context.settings)
    , m_done(std::move(done))
    , m_limit(m_clock, [this] { settle(recipeTimeout(QStringLiteral("command"), m_timeout)); })
    , m_report(m_clock, [this] { report(); })
{
    m_verdict = start(recipe);
    if (m_verdict) {
        m_limit.start(timeout);
    } else {
        qCWarning(lcPublisher).noquote() << m_verdict.error().message << "It is" << recipe.program;
        m_report.start(Duration::zero());
    }
}

Result<void> CommandRecipeRun::start(const CommandRecipe &recipe)
{
    auto output = OutputCollector::start(m_clock);
    if (!output)
        return output.error();
    const auto exited = [this](ChildProcess::Exit exit) {
        m_limit.stop();
        m_output->catchUp(outputLimit, [this, exit] { settle(verdictOf(exit)); });
    };
    auto child = ChildProcess::start({.program = recipe.program,
                                      .arguments = recipe.arguments,
                                      .environment = recipeEnvironment(),
                                      .output = output.value()->outputEnd(),
                                      .error = output.value()->errorEnd()},
                                     exited);
    if (!child)
        return child.error();
    m_output = std::move(*output);
    m_output->closeEnds();
    m_child = std::move(*child);
    return {};
}

void CommandRecipeRun::end(std::function<void()> ended)
{
    m_done = [ended = std::move(ended)](const Result<void> &) { ended(); };
    if (m_groupEnd)
        return;
    if (!m_child) {
        m_report.start(Duration::zero());
        return;
    }
    m_limit.stop();
    m_output->forgetCatchUp();
    logOutput(QtWarningMsg);
    endGroup();
}

void CommandRecipeRun::settle(const Result<void> &verdict)
{
    m_verdict = verdict;
    logOutput(verdict ? QtDebugMsg : QtWarningMsg);
    // After success the child is kept: end() still has to know its group.
    if (verdict)
        report();
    else
        endGroup();
}

void CommandRecipeRun::endGroup()
{
    m_groupEnd.emplace(*m_child, m_clock, m_settings.killGrace, [this] {
        m_groupEnd.reset();
        m_child.reset();
        report();
    });
}

void CommandRecipeRun::report()
{
    // The function may destroy this object, and with it the function and the verdict.
    const Done done = std::move(m_done);
    const Result<void> verdict = m_verdict;
    done(verdict);
}

Result<void> CommandRecipeRun::verdictOf(ChildProcess::Exit exit) const
{
    if (exit.isSuccess())
        return {};
    const QString line = lastLine(m_output->errorTail());
    const QString cause = line.isEmpty() ? QStringLiteral(".") : QStringLiteral(": ") + line;
    switch (exit.kind) {
    case ChildProcess::Exit::Kind::Status:
        return recipeFailure(
            QStringLiteral("The recipe's command ended with exit status %1%2").arg(exit.number).arg(cause));
    case ChildProcess::Exit::Kind::Signal:
        return recipeFailure(
            QStringLiteral("The recipe's command was ended by signal %1%2").arg(exit.number).arg(cause));
    }
    Q_UNREACHABLE();
}

void CommandRecipeRun::logOutput(QtMsgType type) const
{
    const auto log = [type](const char *stream, const QByteArray &tail) {
        if (tail.isEmpty())
            return;
        const QString text = QString::fromUtf8(tail);
        if (type == QtWarningMsg)
            qCWarning(lcPublisher).noquote() << "A recipe's command wrote to its standard" << stream << text;
        else
            qCDebug(lcPublisher).noquote() << "A recipe's command wrote to its standard" << stream << text;
    };
    log("output:", m_output->outputTail());
    log("error:", m_output->errorTail());
}

} // namespace hearth::publisher
