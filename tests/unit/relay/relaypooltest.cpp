#include "relaypooltest.h"

#include "lifecycle.h"

namespace hearth::testsupport {

TaskId RelayPoolTest::Box::nextTask()
{
    const auto infer = publisher->next<channel::Infer>();
    return infer ? infer->task : TaskId{};
}

bool RelayPoolTest::Box::hasTask() const
{
    QCoreApplication::processEvents();
    return publisher->count<channel::Infer>() > 0;
}

void RelayPoolTest::Box::succeed(TaskId task)
{
    head(task, 200);
    link->receiveBody(task, llm.name.toUtf8());
    link->receive(channel::ResponseEnd{task});
}

void RelayPoolTest::Box::fail(TaskId task, const char *code)
{
    link->receive(channel::TaskError{task, QString::fromLatin1(code), QStringLiteral("The cause.")});
}

void RelayPoolTest::Box::head(TaskId task, int status, const HttpFields &fields)
{
    link->receive(channel::ResponseHead{task, status, fields});
}

void RelayPoolTest::init()
{
    m_clock = std::make_unique<FakeClock>();
    m_registry = std::make_unique<domain::Registry>(*m_clock);
    makeRelay({});
}

void RelayPoolTest::cleanup()
{
    for (Box &box : m_boxes)
        lose(box);
    m_boxes.clear();
    m_relay.reset();
    m_registry.reset();
    m_recorders.clear();
    m_records.clear();
    m_wakeRecords.clear();
}

void RelayPoolTest::makeRelay(const relay::RelaySettings &settings)
{
    m_relay = std::make_unique<relay::Relay>(*m_registry, *m_clock, settings);
    m_relay->addObserver(*this);
    m_relay->onWoken([this](const LlmId &id) {
        domain::Llm llm = *m_registry->findLlm(id);
        domain::applyReport(llm, channel::ReportedState::Active, m_clock->wallNow());
        set(llm);
    });
}

RelayPoolTest::Box &RelayPoolTest::addBox(const QString &name, const std::function<void(domain::Llm &)> &change)
{
    Box &box = m_boxes.emplace_back();
    box.llm = liveLlm(name, QStringLiteral("session-of-") + name, m_clock->wallNow());
    box.llm.pool = std::get<domain::PoolName>(m_pool).text;
    box.llm.maxConcurrency = 1;
    if (change)
        change(box.llm);
    connect(box);
    set(box.llm);
    return box;
}

void RelayPoolTest::connect(Box &box)
{
    auto [serverEnd, publisherEnd] = channel::MemoryChannel::pair();
    box.channel = std::move(serverEnd);
    box.publisher = std::make_unique<FakePublisher>(std::move(publisherEnd));
    box.link = std::make_unique<relay::PublisherLink>(*box.channel, *m_clock, m_relay->settings(),
                                                      [](const QString &reason) { QFAIL(qPrintable(reason)); });
    m_relay->attach(box.llm.providerSessionId, *box.link);
}

void RelayPoolTest::set(const domain::Llm &llm)
{
    m_registry->put(llm);
    m_relay->llmChanged(llm.id);
}

void RelayPoolTest::lose(Box &box)
{
    if (!box.link)
        return;
    domain::Llm llm = *m_registry->findLlm(box.llm.id);
    m_relay->detach(llm.providerSessionId, *box.link);
    domain::deactivate(llm, domain::StatusReason::Offline, m_clock->wallNow());
    set(llm);
    box.link.reset();
}

void RelayPoolTest::comeBack(Box &box)
{
    connect(box);
    set(box.llm);
}

Result<RelayPoolTest::TaskPointer> RelayPoolTest::submit(const domain::Destination &destination,
                                                         AnswerRecorder &recorder, const QString &owner)
{
    return m_relay->submit(destination, makeRequest(QStringLiteral("p")), caller(owner), recorder);
}

Result<RelayPoolTest::TaskPointer> RelayPoolTest::submit(const domain::Destination &destination,
                                                         relay::InferRequest request, AnswerRecorder &recorder)
{
    return m_relay->submit(destination, std::move(request), caller(), recorder);
}

} // namespace hearth::testsupport
