// LogFeed: carries what any thread logs to the LogModel of the main thread.
//
// TrayApp owns one while it runs. When more is logged than the main thread can take, the oldest lines are dropped, as
// the model itself would do. Made and destroyed on the main thread.

#pragma once

#include "logmodel.h"

#include <QObject>

#include <mutex>

namespace hearth::tray {

class LogFeed final : public QObject
{
    Q_OBJECT

public:
    /// `model` must outlive it.
    explicit LogFeed(board::LogModel &model, QObject *parent = nullptr);
    ~LogFeed() override;

private:
    void take(const LogRecord &record);
    void deliver();

    board::LogModel &m_model;
    std::mutex m_mutex;
    // Both guarded by the mutex.
    board::LogBuffer m_waiting;
    bool m_isCalled = false;
};

} // namespace hearth::tray
