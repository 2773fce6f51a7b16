// PublishedLlm: one Llm that is offered to the server, and how it is right now.
//
// Roster owns one for each entry with `publish: true` and lends them to the parts of a publisher: BackendWatch sets
// `state`, `rest` and `isResuming`, the tasks count `running`, WakeRun sets `wake`, Registration sets `outcome`, and
// whoever shows or reports them reads. Publisher's thread.

#pragma once

#include "httpclient.h"
#include "intake.h"
#include "publishersettings.h"
#include "sessionmessages.h"
#include "taskmessages.h"

namespace hearth::publisher {

/// A backend as requests see it, with everything made that does not change from one to the next.
class BackendTarget
{
public:
    BackendTarget(const LlmSettings &llm, const BackendSettings &settings);

    /// A request of the server. Its path, query and fields are those of a checked infer message.
    httpclient::TransferRequest post(QByteArrayView path, QByteArrayView query, const HttpFields &received,
                                     qint64 bodySize) const;
    /// A question of our own; `path` is below the backend's URL. It is answered on a connection of its own, so that a
    /// connection that was just closed is not taken for a backend that is gone.
    httpclient::TransferRequest get(QByteArrayView path) const;

private:
    QByteArray m_url;
    /// Credentials, and what every request has.
    HttpFields m_fields;
    httpclient::TransferLimits m_limits;
};

/// What the publisher has done to a backend that it may put to sleep.
enum class Rest {
    None,
    /// The sleep recipe runs.
    FallingAsleep,
    /// The sleep recipe has ended well. The backend may go on answering questions as it sleeps.
    PutToSleep,
};

/// How far a running wake was at its last tick.
struct WakeStatus
{
    channel::WakePhase phase = channel::WakePhase::Recipe;
    /// Since the wake began.
    Duration elapsed{};
    /// What the whole wake may take.
    Duration limit{};

    friend bool operator==(const WakeStatus &, const WakeStatus &) = default;
};

struct PublishedLlm
{
    PublishedLlm(LlmSettings llm, const BackendSettings &backend)
        : settings(std::move(llm))
        , target(settings, backend)
    {}

    LlmSettings settings;
    BackendTarget target;
    channel::ReportedState state = channel::ReportedState::Inactive;
    Rest rest = Rest::None;
    /// The owner lets it take requests again, and its backend has yet to answer whether it is there.
    bool isResuming = false;
    /// Tasks that the backend has now.
    int running = 0;
    /// When it last became active or had a task end, whatever was later.
    MonotonicTime lastActivity{};
    /// Of the wake that runs its recipe, be it for this Llm or for another one with the same recipe.
    std::optional<WakeStatus> wake;
    /// What the server said about this entry; nothing before it has.
    std::optional<channel::EntryOutcome> outcome;

    bool isAccepted() const { return outcome && outcome->status == channel::EntryStatus::Accepted; }
};

/// What the server is told of it: how its backend is, unless the owner takes nothing new or has done so until now.
channel::ReportedState reportedState(const PublishedLlm &llm, Intake intake);

} // namespace hearth::publisher
