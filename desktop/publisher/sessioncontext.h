// SessionContext: what the parts of a session use and their Publisher owns.

#pragma once

#include "clock.h"
#include "publishedagent.h"
#include "publishedllm.h"

#include <span>

namespace hearth::publisher {

class BackendWatch;
class WakeRunner;

/// Everything outlives the sessions.
struct SessionContext
{
    const PublisherSettings &settings;
    std::span<PublishedLlm> llms;
    std::span<PublishedAgent> agents;
    httpclient::HttpClient &client;
    BackendWatch &watch;
    WakeRunner &wakes;
    Clock &clock;
};

} // namespace hearth::publisher
