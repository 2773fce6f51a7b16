// BodySender: sends the bodies of all tasks on one channel, fairly and under credit.
//
// Each end has one per channel: the server for request bodies, the publisher for response bodies. A body is appended in
// pieces and closed with finish(); its bytes leave in frames of at most 64 KiB, one frame per task in turn, only while
// the task has credit and the channel has less than its watermark to write. A producer that is told to wait is told
// when to go on. One thread, that of the channel. It knows nothing of what the tasks are.

#pragma once

#include "channel.h"
#include "credit.h"

#include <QByteArray>
#include <QHash>

#include <deque>
#include <functional>
#include <list>
#include <optional>

namespace hearth::channel {

class BodySender
{
public:
    /// `channel` must outlive the sender.
    explicit BodySender(Channel &channel)
        : m_channel(channel)
    {}

    BodySender(const BodySender &) = delete;
    BodySender &operator=(const BodySender &) = delete;

    /// Begins a body. `drained` is called when what had to wait has left; it may call anything here, but not destroy
    /// the sender.
    void open(TaskId task, std::function<void()> drained = {});
    /// Appends a piece. False asks the producer to stop until `drained`: some bytes are waiting here.
    bool append(TaskId task, QByteArrayView piece);
    /// The same without a copy of what cannot leave at once: `source`, of which `piece` is a part, is shared instead.
    bool append(TaskId task, const QByteArray &source, QByteArrayView piece);

    bool append(TaskId task, const QByteArray &piece) { return append(task, piece, QByteArrayView(piece)); }

    /// Ends the body: `terminal`, if any, is sent behind its last byte, and the task is forgotten.
    void finish(TaskId task, std::optional<Message> terminal = std::nullopt);
    /// Forgets the task and what has not left yet.
    void drop(TaskId task);

    bool contains(TaskId task) const { return m_bodies.contains(task); }

    /// The receiver has room for more. False when the grant exceeds what can ever be outstanding.
    [[nodiscard]] bool grant(TaskId task, qint64 bytes);

    /// To be called when the channel says that it is writable.
    void channelWritable() { pump(); }

private:
    struct Piece
    {
        /// Keeps the bytes alive.
        QByteArray source;
        /// What has not been sent yet.
        QByteArrayView rest;
    };

    struct Body
    {
        /// A list, since it is nearly always empty and then costs no allocation.
        std::list<Piece> pieces;
        qint64 credit = initialCredit;
        std::function<void()> drained;
        std::optional<Message> terminal;
        bool finished = false;
        /// Stands in m_turns.
        bool queued = false;
    };

    /// Sends as much of `piece` as may leave at once; returns how much.
    qsizetype sendAtOnce(TaskId task, Body &body, QByteArrayView piece);
    void pump();
    void sendFrame(TaskId task, Body &body);
    void end(TaskId task);
    void enqueue(TaskId task, Body &body);

    Channel &m_channel;
    QHash<TaskId, Body> m_bodies;
    /// The tasks that have bytes and credit, in the order of their turns.
    std::deque<TaskId> m_turns;
    bool m_pumping = false;
};

} // namespace hearth::channel
