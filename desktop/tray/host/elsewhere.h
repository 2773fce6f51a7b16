// Elsewhere: the publisher that another program runs with the same configuration.
//
// PublisherHost follows it while that program holds the InstanceLock. A holder that cannot be asked, because it has
// only just started or cannot offer its status, is asked again after a while; what is shown of it then is its name.
// Main thread.

#pragma once

#include "instancelock.h"
#include "statusclient.h"

namespace hearth::host {

class Elsewhere final : public QObject
{
    Q_OBJECT

public:
    /// `lock` and `clock` must outlive it. `retry`: until a holder that could not be asked is asked again.
    Elsewhere(const status::InstanceLock &lock, Clock &clock, Duration retry, QObject *parent = nullptr);

    /// Follows whoever holds the lock; changed() and, in the end, ended() follow.
    void follow();

    bool isFollowing() const { return m_isFollowing; }

    /// As far as the other program has told; only for isFollowing().
    const status::PublisherSnapshot &snapshot() const { return m_snapshot; }

Q_SIGNALS:
    void changed();
    /// Nobody holds the lock any more.
    void ended();

private:
    void ask();
    void lost();

    const status::InstanceLock &m_lock;
    const Duration m_retry;
    status::PublisherSnapshot m_snapshot;
    /// Deleted later, for it ends from inside its own signal.
    status::StatusClient *m_client = nullptr;
    bool m_isFollowing = false;
    Timer m_retryTimer;
};

} // namespace hearth::host
