// Board: the latest snapshot, and the models that views show of it, refreshed at a bounded rate.
//
// TrayApp owns one; window, menu and icon read it. Whatever happens between two refreshes is shown by the second one,
// so that a thousand events a second cost no more than four. While nobody watches, it is refreshed rarely: only the
// icon and its tooltip live on it then. Main thread.

#pragma once

#include "llmmodel.h"
#include "requestmodel.h"
#include "statuswords.h"

#include <QObject>

#include <functional>

namespace hearth::board {

struct BoardSettings
{
    /// The shortest time between two refreshes while somebody watches: at most four a second.
    Duration watchedInterval = std::chrono::milliseconds(250);
    /// The same while nobody does.
    Duration unwatchedInterval = std::chrono::milliseconds(1000);
    /// Ages go on although nothing happens: how often they are refreshed while somebody watches, and while nobody does.
    Duration watchedAging = std::chrono::seconds(1);
    Duration unwatchedAging = std::chrono::seconds(5);
};

class Board final : public QObject
{
    Q_OBJECT

public:
    Board(std::function<status::PublisherSnapshot()> source, Clock &clock, BoardSettings settings = {},
          QObject *parent = nullptr);

    /// Something has changed: a refresh follows, soon.
    void touch();
    /// Refreshes at once.
    void refresh();
    /// A window or a menu has opened, or one that had opened is closed again: every `true` is ended by one `false`.
    void setWatched(bool watched);

    const status::PublisherSnapshot &snapshot() const { return m_snapshot; }

    IndicatorState indicatorState() const { return indicatorStateOf(m_snapshot); }

    /// Up to date while somebody watches.
    LlmModel &llms() { return m_llms; }

    /// The same.
    RequestModel &requests() { return m_requests; }

Q_SIGNALS:
    /// The snapshot is another one now.
    void changed();

private:
    bool isWatched() const { return m_watchers > 0; }

    void schedule();
    void updateModels();

    std::function<status::PublisherSnapshot()> m_source;
    Clock &m_clock;
    BoardSettings m_settings;
    status::PublisherSnapshot m_snapshot;
    LlmModel m_llms;
    RequestModel m_requests;
    WakeMemory m_wakes;
    int m_watchers = 0;
    bool m_isTouched = false;
    MonotonicTime m_refreshed{};
    Timer m_timer;
};

} // namespace hearth::board
