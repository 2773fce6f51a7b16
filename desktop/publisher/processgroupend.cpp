#include "processgroupend.h"

#include "logging.h"

#include <csignal>

namespace hearth::publisher {

ProcessGroupEnd::ProcessGroupEnd(ChildProcess &child, Clock &clock, Duration grace, std::function<void()> ended)
    : m_child(child)
    , m_clock(clock)
    , m_ended(std::move(ended))
    , m_step(clock, [this] { look(); })
    , m_limit(clock.now() + grace)
{
    m_child.signalGroup(SIGTERM);
    m_step.start(step);
}

void ProcessGroupEnd::look()
{
    const bool isGone = m_child.groupIsGone();
    const bool isLate = m_clock.now() >= m_limit;
    if (isGone || (isLate && m_isKilled)) {
        if (!isGone)
            qCWarning(lcPublisher) << "Something that a recipe's command has started cannot be ended.";
        const std::function<void()> ended = std::move(m_ended);
        ended();
        return;
    }
    if (isLate) {
        m_child.signalGroup(SIGKILL);
        m_isKilled = true;
        m_limit = m_clock.now() + killLimit;
    }
    m_step.start(step);
}

} // namespace hearth::publisher
