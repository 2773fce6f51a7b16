// PublisherHost: runs a Publisher from a publisher.yaml and keeps it in step with the file.
//
// TrayApp owns one. It takes the InstanceLock, reads the file, finds the key, makes the Publisher and everything that
// one needs; it applies what is saved and what is edited by hand to the running channel, keeps the running settings
// when an edit is broken, and makes a new Publisher where the channel itself has to change. Where another program holds
// the lock it follows that one by a StatusClient. Everything that a face shows comes out of snapshot(). Main thread.

#pragma once

#include "configcheck.h"
#include "configdraft.h"
#include "keystore.h"
#include "publishercontrol.h"
#include "publisherrun.h"
#include "publishersnapshot.h"

#include <QProcessEnvironment>

namespace hearth::host {

struct HostSettings
{
    /// Until a keyring that was locked is asked again.
    Duration keyringRetry = std::chrono::seconds(30);
    /// Until another program that holds the lock, but cannot be asked, is asked again.
    Duration elsewhereRetry = std::chrono::seconds(2);
    /// Until a configuration that cannot be used is judged again: a key file that it names may have come.
    Duration configRetry = std::chrono::seconds(10);
    /// How long a publisher may take to end what it has started.
    Duration stopLimit = std::chrono::seconds(5);
    /// How publishers reach the world; only tests have another one.
    RunParts parts = RunParts::world();
};

class PublisherHost final : public QObject, public status::PublisherControl
{
    Q_OBJECT

public:
    /// `configFile` is an absolute path, and need not exist. `keys` and `clock` must outlive the host.
    PublisherHost(const QString &configFile, platform::KeyStore &keys, Clock &clock,
                  const QProcessEnvironment &environment, HostSettings settings = {}, QObject *parent = nullptr);
    ~PublisherHost() override;

    /// Makes sure before start() that no other program publishes with this configuration, and that none will. False
    /// when one does.
    bool reserve();
    void start();

    status::Situation situation() const;
    status::PublisherSnapshot snapshot() const;
    QString configFile() const;
    const QProcessEnvironment &environment() const;

    /// The file as it is now, for whoever wants to change it. Where there is none: the text in force, or an empty draft
    /// before there was any. Errors: Io, and Configuration for one that is no YAML.
    Result<draft::ConfigDraft> draft();
    /// Saves the draft and applies it. Errors: Configuration (nothing has been saved); Conflict when the file is not
    /// the one any more that the draft came from, and Io, as for ConfigFile::save().
    Result<void> save(const draft::ConfigDraft &draft);
    /// Whether applying this would end running requests, because the channel itself has to change.
    bool wouldReconnect(const draft::ConfigDraft &draft) const;
    /// Looks for the key again: a new one has been stored.
    void keyStored();

    /// The settings in force; the defaults before there are any.
    const publisher::DesktopSettings &desktop() const;

    /// What speaks against taking new requests now (Presence).
    void setPauseReasons(const QStringList &reasons);

    /// Ends everything; stopped() follows, never from inside this call. At most a few seconds.
    void stop();
    /// Takes nothing new, and stops when no request and no wake runs any more.
    void stopWhenIdle();
    /// Since stopWhenIdle().
    bool isLeaving() const;
    /// Goes on after all, unless it is too late.
    void cancelStop();

    // PublisherControl
    void wake(const QString &llm) override;
    void cancelWake(const QString &llm) override;
    void cancelRequest(TaskId task) override;
    void setPublished(const QString &llm, bool isPublished) override;
    void pause() override;
    void drain() override;
    /// Also takes back stopWhenIdle().
    void resume() override;
    void connectNow() override;
    void takeOver() override;

Q_SIGNALS:
    /// The snapshot is another one now; emitted often while requests run.
    void changed();
    /// desktop() or the published entries are others now.
    void settingsChanged();
    /// Somebody else has changed or removed the file, be it in order or not; after settingsChanged().
    void fileEdited();
    /// Another start of the program asks for the window.
    void raiseRequested();
    /// From here on nothing can be called off.
    void stopping();
    void stopped();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace hearth::host
