// Publisher: shares the Llms of this box through a Hearth server, and keeps doing so.
//
// The programs make one, hearth-publisher without a face and hearth-tray with one: everything that a window could show
// is here, and nothing of windows. It connects, registers, answers tasks from the backends, wakes backends and puts
// them to sleep, and comes back whenever the channel is lost. One thread, with an event loop. It does not read the
// configuration.

#pragma once

#include "backendwatch.h"
#include "connectionfacts.h"
#include "idlesleeper.h"
#include "intake.h"
#include "requestfacts.h"
#include "session.h"
#include "statefile.h"
#include "wakerunner.h"

#include <QObject>

#include <list>
#include <span>

namespace hearth::publisher {

enum class ConnectionState {
    /// Not started, stopped, or waiting before the server is tried again; problem() says why.
    Offline,
    /// Dialing, or waiting for the server to say hello and to take the Llms.
    Connecting,
    /// The server has answered the register; tasks can come.
    Online,
};

/// What a Publisher is made of; a test replaces the parts that touch the world.
struct PublisherParts
{
    Dialer &dialer;
    httpclient::HttpClient &client;
    Clock &clock;
    /// Asked anew for each attempt, so that a new key needs no restart. A failure, a locked keyring say, is shown as
    /// the problem, and tried again after the longest wait.
    std::function<Result<QByteArray>()> key;
    Random random;
    StartRecipe startRecipe = &RecipeRun::start;
    /// Whether requests() has anything to tell; a publisher without a face saves the effort.
    bool watchesRequests = false;
};

/// What such a publisher needs of its HttpClient.
httpclient::HttpClientSettings httpClientSettings(const PublisherSettings &settings);

class Publisher final : public QObject, private SessionObserver, private RequestObserver
{
    Q_OBJECT

public:
    /// Takes from `settings` what is to be published; that may be nothing. What `parts` refers to must outlive it.
    Publisher(PublisherSettings settings, PublisherParts parts, QObject *parent = nullptr);
    ~Publisher() override;

    void start();
    /// Ends all tasks and wakes, tells the server and stays offline until start(). stopped() follows when nothing is
    /// left of the recipes that were under way, and the server has read all answers, or the channel has been given up
    /// (ChannelSettings::closeTimeout).
    void stop();

    /// Whether apply() can take these: what the channel itself is made of (server, keyFile, keyStore, caFile,
    /// stateFile, channel settings) is as it is now. Otherwise a new Publisher is needed.
    bool canApply(const PublisherSettings &settings) const;
    /// Goes on with these settings: registers anew on the running channel when what is published has changed, at once
    /// when something is published no longer, else when new backends have been asked how they are. Requests go on, also
    /// those to an Llm that is no longer published or has another backend now; so do wakes, except of an Llm whose
    /// recipe has gone or changed. canApply() must be true. Not to be called from inside stateChanged() or
    /// llmsChanged().
    void apply(PublisherSettings settings);

    const PublisherSettings &settings() const { return m_settings; }

    /// What the owner lets it take; Open until told otherwise. Survives stop() and lost channels.
    void setIntake(Intake intake);

    Intake intake() const { return m_intake; }

    /// Makes sure of the channel, after the box has slept, say. While it waits it tries the server now. While it is
    /// online it asks the server for a sign of life, and takes the channel for lost when none comes within
    /// answerTimeout.
    void connectNow();

    /// Wakes the backend of this Llm, or joins the wake that is under way; wakeEnded() follows. Ignored for a name that
    /// is not published.
    void wake(const QString &llm);
    /// Ends the wake of this Llm's recipe: everybody who waits for it is told that the owner has cancelled it.
    void cancelWake(const QString &llm);

    /// Ends this request: its caller is told that the owner has cancelled it. Ignored for a task that has ended.
    void cancelRequest(TaskId task);
    /// Those that run now, in no particular order; none unless PublisherParts::watchesRequests is set.
    std::vector<RequestFacts> requests() const;

    /// What the server waits for now, whether or not somebody watches the requests; nothing without a channel.
    TaskCounts taskCounts() const;

    ConnectionState state() const { return m_state; }

    /// Why it is offline, as a complete sentence; empty while there is nothing to say.
    QString problem() const { return m_problem ? m_problem->message : QString(); }

    /// What kind of problem that is: InvalidApiKey or ScopeMissing when the server refuses the key, Conflict when
    /// another publisher has taken over, Configuration when there is no key to show, Io when the server cannot be
    /// reached. Nothing while there is none.
    std::optional<ErrorCode> problemCode() const;

    /// Nothing unless it is online.
    std::optional<ConnectionFacts> connection() const;
    /// When the server is tried again; nothing unless it waits for that.
    std::optional<MonotonicTime> nextAttempt() const;

    /// Every Llm that is to be published, in the order of the settings. References stay valid until apply() drops it.
    const std::list<PublishedLlm> &llms() const { return m_roster.llms(); }

    /// Every agent that is to be published; the same order.
    std::span<const PublishedAgent> agents() const { return m_roster.agents(); }

    const ProviderSessionId &providerSessionId() const { return m_session; }

Q_SIGNALS:
    void stateChanged(hearth::publisher::ConnectionState state);
    /// problem() is another now; follows stateChanged() where the state is, too.
    void problemChanged();
    /// The state, the wake or the outcome of at least one Llm, or the outcome of an agent, is another now.
    void llmsChanged();
    /// A wake of this Llm has ended, whoever wanted it.
    void wakeEnded(const QString &llm, const hearth::Result<void> &result);
    /// A request has begun or ended; emitted often. Only where PublisherParts::watchesRequests is set.
    void requestsChanged();
    /// This request has ended, and `outcome` tells how (RequestObserver). Only where PublisherParts::watchesRequests is
    /// set.
    void requestEnded(const hearth::publisher::RequestFacts &request, const hearth::Result<void> &outcome);
    /// While nothing new is taken: a task has ended, so that taskCounts() may be zero now.
    void drainProgressed();
    /// Never emitted from inside stop(), and not at all when start() comes first.
    void stopped();

private:
    void connectToServer();
    void greeted(Result<Handshake::Greeting> result);
    void backendsChecked();
    void backendsChanged();
    void wakesChanged();
    void wakeOver(const PublishedLlm &llm, const Result<void> &result);
    void finishStopping();
    void channelGone();
    void warnOfRecipes();
    void sessionRegistered(const channel::Registered &answer) override;
    void sessionDrains() override;
    void sessionEnded(const ChannelLoss &loss) override;
    void requestTaken() override;
    void requestFinished(const RequestFacts &request, const Result<void> &outcome) override;

    /// At once where the key was refused and there is another one by now; else as retryAfter().
    void tryAgain(Duration wait, const Error &problem);
    void retryAfter(Duration wait, const Error &problem);
    void setState(ConnectionState state, std::optional<Error> problem);
    void rememberSession(const ProviderSessionId &session);

    PublisherSettings m_settings;
    Intake m_intake = Intake::Open;
    PublisherParts m_parts;
    Roster m_roster;
    BackendWatch m_watch;
    WakeRunner m_wakes;
    IdleSleeper m_sleeper;
    StateFile m_stateFile;
    ReconnectPolicy m_reconnect;
    const SessionContext m_context;
    Timer m_retryTimer;
    /// Of the retry timer.
    MonotonicTime m_nextAttempt{};
    /// That the server was shown last.
    QByteArray m_shownKey;
    ProviderSessionId m_session;
    ConnectionState m_state = ConnectionState::Offline;
    std::optional<Error> m_problem;
    /// What has been said of recipes that cannot run.
    QStringList m_recipeWarnings;
    bool m_isStopping = false;
    /// Channels that stop() has closed, and of which something may still be on its way.
    int m_leavingChannels = 0;
    // At most one of these two.
    std::unique_ptr<Handshake> m_handshake;
    std::unique_ptr<Session> m_live;
};

} // namespace hearth::publisher
