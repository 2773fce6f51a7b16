// PublisherFixture: a Publisher between a server, a backend and recipes that the test plays.
//
// The publisher's time stands still until the test advances it; only what is on the wire to the backend takes real
// time. Test's thread.

#pragma once

#include "publisher.h"
#include "scriptedbackend.h"
#include "scriptedrecipes.h"
#include "serverend.h"

#include <QTemporaryDir>

class PublisherFixture
{
public:
    PublisherFixture();

    /// An entry with `publish: true` at the backend.
    hearth::publisher::LlmSettings llm(const QString &name) const;
    /// Makes the publisher from `settings`; again after a change of them.
    void make();
    /// Makes and starts the publisher, accepts its call and says hello.
    void connect();
    /// Accepts the call and says hello.
    void greet();
    /// connect(), and accepts everything that is registered. False when it does not come online.
    bool goOnline();
    /// Comes online with a wake recipe and a backend that does not answer.
    bool goOnlineAsleep();

    /// The publisher goes on with `settings`, as they were changed.
    void apply() const { publisher->apply(settings); }

    /// Loses the channel and comes online on another one, a second later.
    bool reconnect();
    /// Answers the last register: everything is accepted.
    void acceptAll(const QString &session = QStringLiteral("session-1"));

    /// Wants `vllm-local` woken.
    void wake(hearth::TaskId task) const;
    /// The same, and waits until this many recipes have been started. False when they are not.
    bool wakeAndRun(hearth::TaskId task, size_t runs = 1) const;
    /// Whether `vllm-local` is reported in this state, for ServerEnd::placeOf().
    static std::function<bool(const hearth::channel::Heartbeat &)> reports(hearth::channel::ReportedState state);

    /// An infer for `vllm-local`.
    static hearth::channel::Infer inferMessage(hearth::TaskId task, const QByteArray &path, qint64 size = 0);
    /// A command recipe of 30 s, with 60 s for the backend.
    static hearth::publisher::WakeRecipe wakeRecipe();

    /// The first Llm.
    const hearth::publisher::PublishedLlm &firstLlm() const { return publisher->llms().front(); }

    /// Sends such a message, and its body.
    void infer(hearth::TaskId task, const QByteArray &body = "{}", const QByteArray &path = "/chat/completions");

    hearth::FakeClock clock;
    hearth::SystemClock systemClock;
    hearth::httpclient::HttpClient client{{}, systemClock};
    FakeDialer dialer;
    ScriptedBackend backend;
    ScriptedRecipes recipes;
    QTemporaryDir directory;
    /// What the publisher gets for a random number.
    double random = 0.5;
    hearth::Result<QByteArray> key = QByteArray("hk_test");
    hearth::publisher::PublisherSettings settings;
    bool watchesRequests = false;
    std::unique_ptr<hearth::publisher::Publisher> publisher;
    std::unique_ptr<ServerEnd> server;

private:
    /// Accepts what is registered and waits for the publisher to be online.
    bool isTaken();
};
