// BackendWatch: knows which backends are available, by asking them.
//
// Publisher owns one and asks for everything anew before it registers; from then on each backend is asked at an
// interval while it is idle, at once when a task finds it gone, and as often as WakeRunner wants while it is woken. It
// alone sets the state of the Llms: available is active; otherwise hibernating where a wake recipe exists and inactive
// where none does. What IdleSleeper puts to sleep is hibernating although it may answer, until it has been woken or
// has once failed to answer. Llms behind the same URL, probe and key are asked for together; when the roster changes,
// only what is asked anew is asked again. Publisher's thread.

#pragma once

#include "clock.h"
#include "fetch.h"
#include "roster.h"

#include <QObject>

#include <list>
#include <span>

namespace hearth::publisher {

struct WatchSettings
{
    Duration interval = std::chrono::seconds(10);
    /// For a whole answer.
    Duration timeout = std::chrono::seconds(3);
};

class BackendWatch : public QObject
{
    Q_OBJECT

public:
    /// Everything referred to must outlive the watch.
    BackendWatch(Roster &roster, WatchSettings settings, httpclient::HttpClient &client, Clock &clock,
                 QObject *parent = nullptr);
    ~BackendWatch() override;

    /// Asks all backends now; checked() follows when each has answered or failed to, at once when there are none. Then
    /// goes on watching.
    void checkAll();
    /// Asks all idle backends now. Until its backend has answered or failed to, an Llm is resuming; changed() follows
    /// for each of them.
    void resume();
    /// The roster or the settings have changed: forgets what is not published any more.
    void rosterChanged(WatchSettings settings);
    /// Asks the backends of all Llms of which their present backend has told nothing yet; checked() follows as for
    /// checkAll().
    void checkNew();
    /// Asks the backend of this Llm now, however busy it is, unless a question is under way.
    void askNow(const PublishedLlm &llm);
    /// No more questions at an interval; those that are under way are given up.
    void stop();

    /// The sleep recipe of these is about to start: they are hibernating from now on.
    void fallAsleep(std::span<PublishedLlm *const> llms);
    /// Their sleep recipe has ended, well (Rest::PutToSleep) or not (Rest::None). Asks their backends.
    void sleepEnded(std::span<PublishedLlm *const> llms, Rest rest);
    /// Their wake recipe has ended well: what their backends answer from now on counts. Asks them.
    void wakeRecipeEnded(std::span<PublishedLlm *const> llms);

Q_SIGNALS:
    void checked();
    /// The state of at least one Llm is another now, or it is no longer resuming.
    void changed();

private:
    /// One question, on behalf of all Llms that share it.
    struct Probe
    {
        httpclient::TransferRequest request;
        std::vector<PublishedLlm *> llms = {};
        /// Those of `llms` whose state follows from an answer to it.
        std::vector<const PublishedLlm *> told = {};
        std::unique_ptr<Fetch> fetch = nullptr;
    };

    void regroup();
    Probe &probeOf(const PublishedLlm &llm);
    /// What another recipe or another backend makes of what was known.
    void reconsider(PublishedLlm &llm, Probe &probe);
    void ask(Probe &probe);
    void askIdle();
    void askAnew(std::span<PublishedLlm *const> llms);
    /// Whether it is another one now.
    bool setState(PublishedLlm &llm, channel::ReportedState state);
    void answered(Probe &probe, const Result<Fetch::Answer> &answer);
    void tick();
    void finishCheck();
    static bool isIdle(const Probe &probe);

    Roster &m_roster;
    WatchSettings m_settings;
    httpclient::HttpClient &m_client;
    Clock &m_clock;
    /// A list, for what asks stays where it is.
    std::list<Probe> m_probes;
    Timer m_timer;
    bool m_checking = false;
};

} // namespace hearth::publisher
