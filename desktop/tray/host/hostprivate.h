// PublisherHost's inside: the parts, and what goes on between them.
//
// For publisherhost.cpp and hostprivate.cpp only. Settings flow one way: ConfigKeeper → follow() → Publisher; what
// happens flows the other way into touch(), from where faces fetch snapshots. Main thread.

#pragma once

#include "activity.h"
#include "attentions.h"
#include "configkeeper.h"
#include "elsewhere.h"
#include "instancelock.h"
#include "keysource.h"
#include "pausepolicy.h"
#include "publisherhost.h"
#include "statusserver.h"

namespace hearth::host {

struct PublisherHost::Private
{
    Private(PublisherHost &host, const QString &configFile, platform::KeyStore &keyStore, Clock &clock,
            const QProcessEnvironment &environment, HostSettings settings);
    ~Private();

    /// Takes the lock; afterwards this program publishes, or follows the one that does.
    void enter();
    void serve();
    /// Makes the publisher, or brings it in step with the configuration in force.
    void follow();
    /// The same publisher with other settings, or another one in the end.
    void renew();
    void makeRun();
    void runStopped();
    void observe(publisher::Publisher &publisher);
    void tellIntake();
    void leaveLater();
    void stopIfIdle();
    /// Judges a configuration that cannot be used again after a while.
    void watchConfig();
    void finish();

    /// Something that a face shows has changed.
    void touch();
    status::PublisherSnapshot snapshot();
    status::PublisherSnapshot snapshotHere();
    std::vector<status::Attention> attentions() const;
    void lookAround();

    /// Null unless this program publishes.
    publisher::Publisher *publisher() { return run ? &run->publisher() : nullptr; }

    PublisherHost &host;
    Clock &clock;
    const HostSettings settings;
    ConfigKeeper config;
    KeySource keys;
    PausePolicy pauses;
    status::Activity activity;
    status::Attentions causes;
    status::InstanceLock lock;
    Elsewhere elsewhere;
    /// Only beside a lock that is held; gone before it is released, for it takes its socket along.
    std::unique_ptr<status::StatusServer> server;
    std::unique_ptr<PublisherRun> run;
    /// No other program publishes with this configuration; false before start() has found out.
    bool mayPublish = false;
    /// The other program was followed until it ended.
    bool isNowhere = false;
    bool isStopping = false;
    Timer judgeTimer;
};

} // namespace hearth::host
