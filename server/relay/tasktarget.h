// TaskTarget: what carries out requests for Llms: the link to a publisher, or the adapter to public Llms.
//
// RelayTask starts a task on the target of its Llm and is told, as its observer, what comes back. A target holds the
// slot of a task until the backend is free again. Main thread only.

#pragma once

#include "ids.h"
#include "inferrequest.h"
#include "llm.h"
#include "slot.h"

namespace hearth::relay {

/// Told what happens to a task. Destroying or cancelling the task is allowed in every call.
class TaskObserver
{
public:
    virtual ~TaskObserver() = default;

    virtual void taskHead(int status, const HttpFields &fields) = 0;
    virtual void taskBody(QByteArrayView piece) = 0;
    /// The answer is complete. Nothing is called after this.
    virtual void taskEnded() = 0;
    /// There is no complete answer. Nothing is called after this.
    virtual void taskFailed(const Error &error) = 0;
};

class TaskTarget
{
public:
    virtual ~TaskTarget() = default;

    /// Sends a request, the `attempt`th one to answer it. `observer` must outlive the task or cancel it; it is never
    /// called from inside this function. The observer's failures are those of the table of errors: BackendUnreachable,
    /// BackendTimeout, BackendError, PublisherLost and what else the other end says.
    virtual TaskId start(const domain::Llm &llm, const InferRequest &request, int attempt, Slot slot,
                         TaskObserver &observer) = 0;
    /// The observer hears nothing any more; the slot is free when the backend is. Ignored for a task that has ended.
    virtual void cancel(TaskId task) = 0;
    /// `bytes` of the answer have left for the client: the backend may send as many more.
    virtual void consumed(TaskId task, qint64 bytes) = 0;
};

} // namespace hearth::relay
