// SecondStart: what happens when hearth-tray is started while it runs already.
//
// main() makes one before anything else, and again when it does not get the lock itself. Where another hearth-tray
// holds the lock of this configuration, its window is raised, and this program has nothing left to do. One that has
// only just started, and cannot be asked yet, is asked again. One thread, with an event loop.

#pragma once

#include "instancelock.h"
#include "statusclient.h"

#include "clock.h"

namespace hearth::tray {

struct SecondStartSettings
{
    /// Whether the other program shall show its window; a hidden start only wants to know whether there is one.
    bool raises = true;
    /// A program that does not answer within this time is left alone.
    Duration patience = std::chrono::seconds(5);
    /// Until one that cannot be asked yet is asked again.
    Duration retry = std::chrono::milliseconds(100);
};

class SecondStart final : public QObject
{
    Q_OBJECT

public:
    /// `clock` must outlive it.
    SecondStart(const QString &configFile, Clock &clock, SecondStartSettings settings = {}, QObject *parent = nullptr);

    /// Whether a hearth-tray runs with this configuration, or something that may turn out to be one; then finished()
    /// follows, never from inside this call. To be called once.
    bool begin();

Q_SIGNALS:
    /// `isRaised` is false when the other program has ended meanwhile, is another one, or does not answer.
    void finished(bool isRaised);

private:
    /// Nothing unless the holder of the lock may be a hearth-tray: in the moment in which it takes it, it has no name.
    std::optional<status::LockHolder> runningTray() const;
    void ask();
    void finish(bool isRaised);

    const status::InstanceLock m_lock;
    const SecondStartSettings m_settings;
    /// Deleted later, for it ends from inside its own signal.
    status::StatusClient *m_client = nullptr;
    Timer m_patience;
    Timer m_retry;
};

} // namespace hearth::tray
