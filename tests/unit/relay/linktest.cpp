#include "linktest.h"

#include "lifecycle.h"

namespace hearth::testsupport {

using namespace std::chrono_literals;
using relay::RelaySettings;

void LinkTest::init()
{
    m_clock = std::make_unique<FakeClock>();
    m_registry = std::make_unique<domain::Registry>(*m_clock);
    m_relay =
        std::make_unique<relay::Relay>(*m_registry, *m_clock, RelaySettings{.scheduler = {.maxWaiting = maxWaiting}});
    m_violations.clear();
    makeLink();
    m_llm = liveLlm(QStringLiteral("m"), QStringLiteral("s"), m_clock->wallNow());
    m_llm.model = QStringLiteral("backend/model");
    m_registry->put(m_llm);
}

void LinkTest::cleanup()
{
    if (m_link)
        loseLink();
    m_publisher.reset();
    m_channel.reset();
    m_relay.reset();
    m_registry.reset();
    m_recorders.clear();
}

void LinkTest::makeLink()
{
    auto [serverEnd, publisherEnd] = channel::MemoryChannel::pair();
    m_channel = std::move(serverEnd);
    m_publisher = std::make_unique<FakePublisher>(std::move(publisherEnd));
    m_link = std::make_unique<relay::PublisherLink>(*m_channel, *m_clock, m_relay->settings(),
                                                    [this](const QString &reason) { m_violations.append(reason); });
    m_relay->attach(ProviderSessionId(QStringLiteral("s")), *m_link);
}

void LinkTest::loseLink()
{
    m_relay->detach(ProviderSessionId(QStringLiteral("s")), *m_link);
    m_link.reset();
}

void LinkTest::losePublisher()
{
    m_relay->detach(ProviderSessionId(QStringLiteral("s")), *m_link);
    domain::deactivate(m_llm, domain::StatusReason::Offline, m_clock->wallNow());
    set(m_llm);
    m_link.reset();
}

void LinkTest::set(const domain::Llm &llm)
{
    m_registry->put(llm);
    m_relay->llmChanged(llm.id);
}

TaskId LinkTest::start(AnswerRecorder &recorder, const QByteArray &body)
{
    return m_link->start(m_llm, makeRequest(m_llm.name, body), 1, m_slots.take(), recorder);
}

Result<LinkTest::TaskPointer> LinkTest::submit(AnswerRecorder &recorder)
{
    return m_relay->submit(m_llm.id, makeRequest(m_llm.name), caller(), recorder);
}

std::pair<LinkTest::TaskPointer, TaskId> LinkTest::dispatch(AnswerRecorder &recorder)
{
    TaskPointer task = submit(recorder).value();
    const auto infer = m_publisher->next<channel::Infer>();
    if (!infer)
        qFatal("The publisher has got no task.");
    return {std::move(task), infer->task};
}

} // namespace hearth::testsupport
