// PublisherFixture: a Publisher between a server and a backend that the test plays.
//
// The publisher's time stands still until the test advances it; only what is on the wire to the backend takes real
// time. Test's thread.

#pragma once

#include "publisher.h"
#include "scriptedbackend.h"
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
    /// connect(), and accepts everything that is registered. False when it does not come online.
    bool goOnline();
    /// Answers the last register: everything is accepted.
    void acceptAll(const QString &session = QStringLiteral("session-1"));

    /// An infer for `vllm-local`.
    static hearth::channel::Infer inferMessage(hearth::TaskId task, const QByteArray &path, qint64 size = 0);
    /// Sends such a message, and its body.
    void infer(hearth::TaskId task, const QByteArray &body = "{}", const QByteArray &path = "/chat/completions");

    hearth::FakeClock clock;
    hearth::SystemClock systemClock;
    hearth::httpclient::HttpClient client{{}, systemClock};
    FakeDialer dialer;
    ScriptedBackend backend;
    QTemporaryDir directory;
    /// What the publisher gets for a random number.
    double random = 0.5;
    hearth::Result<QByteArray> key = QByteArray("hk_test");
    hearth::publisher::PublisherSettings settings;
    std::unique_ptr<hearth::publisher::Publisher> publisher;
    std::unique_ptr<ServerEnd> server;
};
