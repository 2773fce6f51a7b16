// FakeChannel: a Channel that takes down what is sent, and lets bytes wait until the test says that the network took
// them.

#pragma once

#include "channel.h"
#include "frame.h"

#include <QMap>
#include <QTest>

#include <algorithm>

namespace hearth::channel {

class FakeChannel final : public Channel
{
public:
    struct Sent
    {
        TaskId task{};
        qsizetype size = 0;
        /// The frame was the task's terminal message.
        bool terminal = false;
        /// What waited in front of it.
        qint64 waitingBefore = 0;
    };

    void setListener(ChannelListener &) override {}

    void send(const Message &message) override
    {
        const auto *end = std::get_if<ResponseEnd>(&message);
        m_sent.append({end ? end->task : TaskId{}, 0, true, m_waiting});
        m_waiting += 30;
    }

    void sendFrame(const QByteArray &frame) override
    {
        const auto header = parseFrame(frame);
        QVERIFY(header.ok() && header->has_value());
        const TaskId task = (*header)->task;
        m_sent.append({task, frame.size() - frameHeaderBytes, false, m_waiting});
        m_content[task] += frame.mid(frameHeaderBytes);
        m_waiting += frame.size();
    }

    qint64 bytesToWrite() const override { return m_waiting; }

    void close(CloseCode, const QString &) override {}

    void closeThen(CloseCode, const QString &, std::function<void()>) override {}

    quint64 ignoredCount() const override { return 0; }

    /// The network takes all that waits.
    void drain() { m_waiting = 0; }

    void fill() { m_waiting = bodyWatermark; }

    const QList<Sent> &sent() const { return m_sent; }

    QByteArray content(TaskId task) const { return m_content.value(task); }

    qsizetype frames(TaskId task) const
    {
        return std::ranges::count_if(m_sent, [task](const Sent &sent) { return sent.task == task && !sent.terminal; });
    }

    qsizetype terminals(TaskId task) const
    {
        return std::ranges::count_if(m_sent, [task](const Sent &sent) { return sent.task == task && sent.terminal; });
    }

private:
    qint64 m_waiting = 0;
    QList<Sent> m_sent;
    QMap<TaskId, QByteArray> m_content;
};

inline constexpr TaskId one{1};
inline constexpr TaskId two{2};

/// The terminal message of `task`.
inline Message end(TaskId task)
{
    return ResponseEnd{.task = task};
}

/// Bytes of which no two stretches are alike.
inline QByteArray bytes(qsizetype size, int seed = 0)
{
    QByteArray result(size, Qt::Uninitialized);
    for (qsizetype i = 0; i < size; ++i)
        result[i] = static_cast<char>(i * 7 + seed + i / 251);
    return result;
}

} // namespace hearth::channel
