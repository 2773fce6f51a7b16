// SessionContext: what the parts of a session use and their Publisher owns.

#pragma once

#include "clock.h"
#include "intake.h"
#include "roster.h"

namespace hearth::publisher {

class BackendWatch;
class RequestObserver;
class WakeRunner;

/// Everything outlives the sessions.
struct SessionContext
{
    const PublisherSettings &settings;
    const Intake &intake;
    Roster &roster;
    httpclient::HttpClient &client;
    BackendWatch &watch;
    WakeRunner &wakes;
    Clock &clock;
    /// Null where nobody watches the requests.
    RequestObserver *requests = nullptr;
};

} // namespace hearth::publisher
