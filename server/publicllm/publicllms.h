// PublicLlms: carries out the requests to public Llms, those that the server itself reaches at a URL.
//
// HearthServer makes one and hands it to the relay, for which it stands where a publisher's link stands. Backends of
// type `openai` get requests as they come, with their own name for the model; those of type `anthropic` get /messages
// as it comes and chat completions translated. It connects only where the AddressGuard allows. Main thread only; it
// reads rows and never changes one.

#pragma once

#include "addressguard.h"
#include "publictask.h"

#include <QHash>
#include <QThreadPool>

namespace hearth::publicllm {

class PublicLlms final : public relay::TaskTarget
{
public:
    /// `secrets`, loaded before the first request, `addresses` and `clock` must outlive this object, and this object
    /// all tasks.
    PublicLlms(PublicLlmSettings settings, const SecretBox &secrets, const AddressGuard &addresses, Clock &clock);
    ~PublicLlms() override;
    PublicLlms(const PublicLlms &) = delete;
    PublicLlms &operator=(const PublicLlms &) = delete;

    /// For the requests that start from now on. `caFile` must be the one that was given at first.
    void setSettings(const PublicLlmSettings &settings) { m_settings = settings; }

    const PublicLlmSettings &settings() const { return m_settings; }

    TaskId start(const domain::Llm &llm, const relay::InferRequest &request, int attempt, relay::Slot slot,
                 relay::TaskObserver &observer) override;
    void cancel(TaskId task) override;
    void consumed(TaskId task, qint64 bytes) override;

    /// Requests that have neither ended nor been cancelled.
    qsizetype taskCount() const { return m_tasks.size(); }

private:
    PublicLlmSettings m_settings;
    httpclient::HttpClient m_client;
    /// Where translations come back to.
    QObject m_home;
    /// One thread, for large requests: a translation takes tens of milliseconds, and more of them at once would only
    /// take cores from the event loop.
    QThreadPool m_translators;
    PublicTaskContext m_context;
    QHash<TaskId, std::shared_ptr<PublicTask>> m_tasks;
    quint64 m_lastTask = 0;
};

} // namespace hearth::publicllm
