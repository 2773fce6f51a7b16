// RequestObserver: told of the requests that a publisher answers.
//
// Publisher is one where it has somebody to show them to; without that there is none, and TaskTable spares itself the
// effort. Publisher's thread.

#pragma once

#include "requestfacts.h"
#include "result.h"

namespace hearth::publisher {

class RequestObserver
{
public:
    virtual ~RequestObserver() = default;

    virtual void requestTaken() = 0;
    /// Errors: CancelledByOwner; Cancelled when the caller has gone; PublisherLost when the channel was lost or closed;
    /// else what has gone wrong at the backend. May be called while the TaskTable is being destroyed.
    virtual void requestFinished(const RequestFacts &request, const Result<void> &outcome) = 0;
};

} // namespace hearth::publisher
