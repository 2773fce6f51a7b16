// HostFixture: a PublisherHost between a publisher.yaml on the disk, a server and a backend that the test plays.
//
// The host's time stands still until the test advances it or waits with until(); only files and the wire to the backend
// take real time. Test's thread.

#pragma once

#include "memorykeystore.h"
#include "publisherhost.h"
#include "scriptedbackend.h"
#include "scriptedrecipes.h"
#include "serverend.h"

#include <QTemporaryDir>

class HostFixture
{
public:
    HostFixture();

    QString path(const QString &name = QStringLiteral("publisher.yaml")) const { return directory.filePath(name); }

    /// Replaces the file, as an editor would.
    void write(const QByteArray &text) const;
    QByteArray fileText() const;
    /// Puts this key where the configuration says that it is.
    void storeKey(const QByteArray &key) const;
    /// A configuration with these entries of `llms`, made by llm().
    QByteArray configuration(const QByteArray &llms) const;
    QByteArray llm(const QByteArray &name, bool publish = true) const;

    /// With the entry `one`.
    QByteArray plainConfiguration() const { return configuration(llm("one")); }

    /// The same with a wake recipe.
    QByteArray wakeableConfiguration() const;

    /// Makes the host; again after a change of `settings`.
    void make();
    /// Makes and starts it with such a configuration.
    void start(const QByteArray &text);
    /// The same, and takes everything that it registers. False when it does not come online.
    bool goOnline(const QByteArray &text);
    /// Takes the call that is dialed, and everything that is registered on it.
    bool takeCall();
    /// Accepts the latest register.
    void acceptAll();
    /// The names of this register of the present channel, the first being 1; nothing when it does not come.
    std::optional<QStringList> registered(int count);

    /// Lets a request to `one` begin, up to the backend; null when it does not come there.
    Exchange *infer(hearth::TaskId task);

    /// Lets time pass until this holds; false after five seconds.
    bool until(const std::function<bool()> &holds);

    hearth::status::PublisherSnapshot snapshot() const { return host->snapshot(); }

    bool isOnline() const { return snapshot().state == hearth::publisher::ConnectionState::Online; }

    bool isPublishing() const { return snapshot().situation == hearth::status::Situation::Here; }

    /// The text of what needs a person in this way; empty where nothing does.
    QString attention(hearth::status::Attention::Kind kind) const;

    QTemporaryDir directory;
    hearth::FakeClock clock;
    hearth::SystemClock systemClock;
    hearth::testsupport::MemoryKeyStore keys;
    ScriptedBackend backend;
    ScriptedRecipes recipes;
    /// Of all publishers of the host, one after the other.
    FakeDialer dialer;
    hearth::host::HostSettings settings;
    std::unique_ptr<hearth::host::PublisherHost> host;
    std::unique_ptr<ServerEnd> server;
    /// How often the host said so.
    int settingsChanges = 0;
    int stops = 0;
    int raises = 0;
};
