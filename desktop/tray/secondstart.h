// SecondStart: what happens when hearth-tray is started while it runs already.
//
// main() makes one before anything else. Where another hearth-tray holds the lock of this configuration, its window is
// raised, and this program has nothing left to do. One thread, with an event loop.

#pragma once

#include "statusclient.h"

#include "clock.h"

namespace hearth::tray {

struct SecondStartSettings
{
    /// A program that does not answer within this time is left alone.
    Duration patience = std::chrono::seconds(5);
};

class SecondStart final : public QObject
{
    Q_OBJECT

public:
    explicit SecondStart(Clock &clock, SecondStartSettings settings = {}, QObject *parent = nullptr);

    /// Whether a hearth-tray runs with this configuration; then finished() follows.
    bool begin(const QString &configFile);

Q_SIGNALS:
    /// `isRaised` is false when the other program has ended meanwhile, or does not answer.
    void finished(bool isRaised);

private:
    void finish(bool isRaised);

    const SecondStartSettings m_settings;
    status::StatusClient m_client;
    Timer m_patience;
};

} // namespace hearth::tray
