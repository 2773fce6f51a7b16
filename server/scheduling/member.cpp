#include "member.h"

namespace hearth::scheduling {

namespace {

/// Whether it is its publisher that is missing, and nothing else. One that is there has withdrawn what is offline.
bool isLost(const domain::Llm &row, bool reachable)
{
    switch (row.status) {
    case domain::LlmStatus::Active:
        return !reachable;
    case domain::LlmStatus::Hibernating:
        return false;
    case domain::LlmStatus::Inactive:
        return row.statusReason == domain::StatusReason::Offline && !reachable;
    }
    Q_UNREACHABLE();
}

} // namespace

void Member::observe(const domain::Llm &row, bool reachable, MonotonicTime now, Duration grace)
{
    if (!isLost(row, reachable))
        returnsUntil.reset();
    else if (wasReady)
        returnsUntil = now + grace;
    wasReady = row.status == domain::LlmStatus::Active && reachable;
}

Standing Member::standing(const domain::Llm &row, bool reachable, const Member *member, MonotonicTime now)
{
    if (isLost(row, reachable)) {
        if (!member)
            return Standing::Unavailable;
        // Without a limit the loss has not been observed yet: it is of this very moment.
        const bool mayReturn = member->returnsUntil ? now < *member->returnsUntil : member->wasReady;
        return mayReturn ? Standing::Returning : Standing::Unavailable;
    }
    if (row.status == domain::LlmStatus::Active)
        return Standing::Ready;
    const bool wakeable = row.status == domain::LlmStatus::Hibernating && row.wake && reachable;
    return wakeable ? Standing::Asleep : Standing::Unavailable;
}

} // namespace hearth::scheduling
