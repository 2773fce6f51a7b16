#include "board.h"

namespace hearth::board {

Board::Board(std::function<status::PublisherSnapshot()> source, Clock &clock, BoardSettings settings, QObject *parent)
    : QObject(parent)
    , m_source(std::move(source))
    , m_clock(clock)
    , m_settings(settings)
    , m_timer(clock, [this] { refresh(); })
{
    touch();
}

void Board::touch()
{
    if (m_isTouched)
        return;
    m_isTouched = true;
    schedule();
}

void Board::refresh()
{
    status::PublisherSnapshot snapshot = m_source();
    m_isTouched = false;
    m_refreshed = m_clock.now();
    schedule();
    if (snapshot == m_snapshot)
        return;
    m_snapshot = std::move(snapshot);
    m_wakes.look(m_snapshot.llms);
    if (isWatched())
        updateModels();
    Q_EMIT changed();
}

void Board::setWatched(bool watched)
{
    const bool wasWatched = isWatched();
    m_watchers = std::max(m_watchers + (watched ? 1 : -1), 0);
    if (isWatched() == wasWatched)
        return;
    if (!isWatched()) {
        schedule();
        return;
    }
    updateModels();
    refresh();
}

void Board::schedule()
{
    const Duration aging = isWatched() ? m_settings.watchedAging : m_settings.unwatchedAging;
    const Duration interval = isWatched() ? m_settings.watchedInterval : m_settings.unwatchedInterval;
    m_timer.start(m_refreshed + (m_isTouched ? interval : aging) - m_clock.now());
}

void Board::updateModels()
{
    m_llms.update(m_snapshot, m_wakes);
    m_requests.update(m_snapshot.requests);
}

} // namespace hearth::board
