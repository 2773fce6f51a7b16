#include "publicllms.h"

#include <QFile>

namespace hearth::publicllm {

namespace {

httpclient::HttpClientSettings clientSettings(const PublicLlmSettings &settings, const AddressGuard &addresses)
{
    return {.caFile = QFile::encodeName(settings.caFile),
            .allowAddress = [&addresses](const sockaddr &address) { return addresses.allows(address); }};
}

} // namespace

PublicLlms::PublicLlms(PublicLlmSettings settings, const SecretBox &secrets, const AddressGuard &addresses,
                       Clock &clock)
    : m_settings(std::move(settings))
    , m_client(clientSettings(m_settings, addresses), clock)
    , m_context{m_settings, secrets, m_client, clock, m_home, m_translators, [this](TaskId id) { m_tasks.remove(id); }}
{
    m_translators.setMaxThreadCount(1);
}

PublicLlms::~PublicLlms() = default;

TaskId PublicLlms::start(const domain::Llm &llm, const relay::InferRequest &request, int, relay::Slot slot,
                         relay::TaskObserver &observer)
{
    const TaskId id{++m_lastTask};
    const auto task = std::make_shared<PublicTask>(id, llm, std::move(slot), observer, m_context);
    m_tasks.insert(id, task);
    task->begin(request, request.bodyFor(llm));
    return id;
}

void PublicLlms::cancel(TaskId id)
{
    // Its slot may go to the next request, which starts in here, so the task must have left the table by then.
    if (const std::shared_ptr<PublicTask> task = m_tasks.take(id))
        task->cancel();
}

void PublicLlms::consumed(TaskId id, qint64 bytes)
{
    if (const std::shared_ptr<PublicTask> task = m_tasks.value(id))
        task->consumed(bytes);
}

} // namespace hearth::publicllm
