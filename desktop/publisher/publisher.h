// Publisher: shares the Llms of this box through a Hearth server, and keeps doing so.
//
// The programs make one, hearth-publisher without a face and hearth-tray with one: everything that a window could show
// is here, and nothing of windows. It connects, registers, answers tasks from the backends, wakes backends and puts
// them to sleep, and comes back whenever the channel is lost. One thread, with an event loop. It does not read the
// configuration.

#pragma once

#include "backendwatch.h"
#include "idlesleeper.h"
#include "session.h"
#include "statefile.h"
#include "wakerunner.h"

#include <QObject>

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
    /// Asked anew for each attempt, so that a new key needs no restart.
    std::function<Result<QByteArray>()> key;
    Random random;
    StartRecipe startRecipe = &RecipeRun::start;
};

/// What such a publisher needs of its HttpClient.
httpclient::HttpClientSettings httpClientSettings(const PublisherSettings &settings);

class Publisher final : public QObject, private SessionObserver
{
    Q_OBJECT

public:
    /// Takes only those Llms from `settings` that are to be published, and the agents that are not pinned to another
    /// one of them. What `parts` refers to must outlive it.
    Publisher(PublisherSettings settings, PublisherParts parts, QObject *parent = nullptr);
    ~Publisher() override;

    void start();
    /// Ends all tasks and wakes, tells the server and stays offline until start(). stopped() follows when nothing is
    /// left of the recipes that were under way.
    void stop();

    ConnectionState state() const { return m_state; }

    /// Why it is offline, as a complete sentence; empty while there is nothing to say.
    QString problem() const { return m_problem; }

    /// Every Llm that is to be published; constant in number and order.
    std::span<const PublishedLlm> llms() const { return m_llms; }

    /// Every agent that is to be published; the same.
    std::span<const PublishedAgent> agents() const { return m_agents; }

    const ProviderSessionId &providerSessionId() const { return m_session; }

Q_SIGNALS:
    void stateChanged(hearth::publisher::ConnectionState state);
    /// The state, the wake or the outcome of at least one Llm, or the outcome of an agent, is another now.
    void llmsChanged();
    /// Never emitted from inside stop(), and not at all when start() comes first.
    void stopped();

private:
    void connectToServer();
    void greeted(Result<Handshake::Greeting> result);
    void backendsChecked();
    void backendsChanged();
    void wakesChanged();
    void finishStopping();
    void warnOfRecipes() const;
    void sessionRegistered(const channel::Registered &answer) override;
    void sessionEnded(const ChannelLoss &loss) override;

    void retryAfter(Duration wait, const QString &problem);
    void setState(ConnectionState state);
    void rememberSession(const ProviderSessionId &session);

    const PublisherSettings m_settings;
    PublisherParts m_parts;
    std::vector<PublishedLlm> m_llms;
    std::vector<PublishedAgent> m_agents;
    BackendWatch m_watch;
    WakeRunner m_wakes;
    IdleSleeper m_sleeper;
    StateFile m_stateFile;
    ReconnectPolicy m_reconnect;
    const SessionContext m_context;
    Timer m_retryTimer;
    ProviderSessionId m_session;
    ConnectionState m_state = ConnectionState::Offline;
    QString m_problem;
    bool m_isStopping = false;
    // At most one of these two.
    std::unique_ptr<Handshake> m_handshake;
    std::unique_ptr<Session> m_live;
};

} // namespace hearth::publisher
