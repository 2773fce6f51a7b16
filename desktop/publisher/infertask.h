// InferTask: one HTTP exchange with a backend, on behalf of one task of the control channel.
//
// TaskTable makes one for each accepted infer message. Body frames go down to the backend as they come, the answer goes
// up under credit, and while the server has no room the backend is not read. An InferTask sends exactly one terminal
// message and is destroyed after it; destroying it earlier closes the connection to the backend and sends nothing.
// Publisher's thread. Thirty thousand of these a second are the goal, so it is no QObject, and it parses nothing unless
// somebody watches the requests.

#pragma once

#include "bodysender.h"
#include "publishedllm.h"
#include "requestmeter.h"

namespace hearth::publisher {

/// What all tasks of a channel share.
struct TaskContext
{
    channel::Channel &channel;
    channel::BodySender &sender;
    httpclient::HttpClient &client;
    Clock &clock;
    /// The terminal message of this task has been sent; the outcome is that of the backend. Destroys the task.
    std::function<void(TaskId, const Result<void> &outcome)> ended;
    /// Whether somebody wants to know the facts of the requests.
    bool isWatched = false;
};

class InferTask final : private httpclient::TransferHandler
{
public:
    /// The message's path and query must be legal. `llm` and `context` must outlive the task.
    InferTask(const channel::Infer &infer, PublishedLlm &llm, TaskContext &context);
    ~InferTask() override;
    InferTask(const InferTask &) = delete;
    InferTask &operator=(const InferTask &) = delete;

    /// A piece of the request body. Errors: ProtocolViolation for more than was announced, or more than was granted.
    Result<void> receiveBody(QByteArrayView payload);

    PublishedLlm &llm() { return m_llm; }

    /// Null unless the context says that it is watched.
    RequestMeter *meter() { return m_meter.get(); }

    const RequestMeter *meter() const { return m_meter.get(); }

private:
    void responseHead(int status, const HttpFields &fields) override;
    void responseBody(QByteArrayView piece) override;
    void readyForBody() override;
    void finished(const Result<void> &result) override;

    void drained();
    /// Sends the terminal message. The task is gone afterwards.
    void end(const Result<void> &outcome);
    channel::TaskError describe(const Error &error) const;

    const TaskId m_id;
    PublishedLlm &m_llm;
    TaskContext &m_context;
    std::unique_ptr<httpclient::Transfer> m_transfer;
    const std::unique_ptr<RequestMeter> m_meter;

    /// Of the request body, in bytes.
    const qint64 m_size;
    qint64 m_received = 0;
    /// Given to the transfer and not yet taken by it.
    qint64 m_untaken = 0;
    channel::ReceiveCredit m_credit;

    bool m_hasHead = false;
    /// Part of the answer waits for credit or for the network.
    bool m_isWaiting = false;
    /// How the exchange ended, while the last part of the answer still waits.
    std::optional<Result<void>> m_outcome;
};

} // namespace hearth::publisher
