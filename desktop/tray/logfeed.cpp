#include "logfeed.h"

namespace hearth::tray {

LogFeed::LogFeed(board::LogModel &model, QObject *parent)
    : QObject(parent)
    , m_model(model)
{
    setLogObserver([this](const LogRecord &record) { take(record); });
}

LogFeed::~LogFeed()
{
    setLogObserver({});
}

void LogFeed::take(const LogRecord &record)
{
    const std::scoped_lock lock(m_mutex);
    m_waiting.push_back(record);
    if (std::ssize(m_waiting) > board::LogModel::maxLines)
        m_waiting.pop_front();
    // One call for all that comes before it is answered.
    if (!std::exchange(m_isCalled, true))
        QMetaObject::invokeMethod(this, &LogFeed::deliver, Qt::QueuedConnection);
}

void LogFeed::deliver()
{
    std::deque<LogRecord> records;
    {
        const std::scoped_lock lock(m_mutex);
        records.swap(m_waiting);
        m_isCalled = false;
    }
    for (const LogRecord &record : records)
        m_model.append(record);
}

} // namespace hearth::tray
