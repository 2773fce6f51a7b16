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
    m_waiting.append(record);
    // One call for all that comes before it is answered.
    if (!std::exchange(m_isCalled, true))
        QMetaObject::invokeMethod(this, &LogFeed::deliver, Qt::QueuedConnection);
}

void LogFeed::deliver()
{
    board::LogBuffer records;
    {
        const std::scoped_lock lock(m_mutex);
        std::swap(records, m_waiting);
        m_isCalled = false;
    }
    for (int number = 0; number < records.size(); ++number)
        m_model.append(records.line(number));
}

} // namespace hearth::tray
