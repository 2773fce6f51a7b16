// What becomes of a chat completion that is addressed to an agent.
//
// The InferHandler asks; the edit is made in the raw bytes, so everything else of the request stays as it came. Pure
// functions.

#pragma once

#include "agent.h"
#include "modelroute.h"
#include "objectscan.h"

#include <vector>

namespace hearth::api {

/// Why the agent cannot be asked over this route now; nothing when it can.
std::optional<Error> agentObstacle(const domain::Agent &agent, const ModelRoute &route);

/// The members of a body that an agent's edit is about: watchedKeys, then what else the agent has defaults for. They
/// are to be found in whatever case, so that no second `Messages` slips past the prompt at a backend that takes it for
/// `messages`.
std::vector<QByteArray> agentKeys(const domain::Agent &agent);

/// The body for what the agent is pinned to: the system prompt before the caller's messages, and those default
/// parameters that the caller has left out. `scan` has the places of watchedKeys, `params` those of agentKeys().
/// Errors: InvalidRequest when the messages are not an array.
Result<QByteArray> agentBody(const domain::Agent &agent, const QByteArray &body, const json::ObjectScan &scan,
                             const json::ObjectScan &params);

} // namespace hearth::api
