#include "bodysender.h"

#include "frame.h"

#include <algorithm>

namespace hearth::channel {

void BodySender::open(TaskId task, std::function<void()> drained)
{
    Body body;
    body.drained = std::move(drained);
    m_bodies.insert(task, std::move(body));
}

bool BodySender::append(TaskId task, QByteArrayView piece)
{
    const auto found = m_bodies.find(task);
    if (found == m_bodies.end() || piece.isEmpty())
        return true;
    const qsizetype sent = sendAtOnce(task, *found, piece);
    if (sent == piece.size())
        return true;
    const QByteArray copy = piece.sliced(sent).toByteArray();
    found->pieces.push_back({copy, copy});
    enqueue(task, *found);
    return false;
}

bool BodySender::append(TaskId task, const QByteArray &source, QByteArrayView piece)
{
    const auto found = m_bodies.find(task);
    if (found == m_bodies.end() || piece.isEmpty())
        return true;
    const qsizetype sent = sendAtOnce(task, *found, piece);
    if (sent == piece.size())
        return true;
    found->pieces.push_back({source, piece.sliced(sent)});
    enqueue(task, *found);
    return false;
}

qsizetype BodySender::sendAtOnce(TaskId task, Body &body, QByteArrayView piece)
{
    qsizetype sent = 0;
    // Nothing may overtake what waits: neither this task's own bytes nor those of the tasks whose turn comes first.
    while (sent < piece.size() && body.pieces.empty() && m_turns.empty() && body.credit > 0 &&
           m_channel.bytesToWrite() < Channel::bodyWatermark) {
        const qsizetype size = std::min({piece.size() - sent, maxFramePayload, static_cast<qsizetype>(body.credit)});
        QByteArray frame;
        frame.reserve(frameHeaderBytes + size);
        appendFrameHeader(frame, {FrameKind::Body, task});
        frame.append(piece.sliced(sent, size));
        m_channel.sendFrame(frame);
        body.credit -= size;
        sent += size;
    }
    return sent;
}

void BodySender::finish(TaskId task, std::optional<Message> terminal)
{
    const auto found = m_bodies.find(task);
    if (found == m_bodies.end())
        return;
    found->finished = true;
    found->terminal = std::move(terminal);
    if (found->pieces.empty())
        end(task);
}

void BodySender::drop(TaskId task)
{
    m_bodies.remove(task);
}

bool BodySender::grant(TaskId task, qint64 bytes)
{
    const auto found = m_bodies.find(task);
    if (found == m_bodies.end())
        return true;
    if (bytes > initialCredit - found->credit)
        return false;
    found->credit += bytes;
    if (!found->pieces.empty())
        enqueue(task, *found);
    pump();
    return true;
}

void BodySender::enqueue(TaskId task, Body &body)
{
    if (body.queued || body.credit == 0)
        return;
    body.queued = true;
    m_turns.push_back(task);
}

void BodySender::pump()
{
    // A drained() callback may append, grant or drop: the loop below then sees the new state, a nested one is not
    // needed.
    if (m_pumping)
        return;
    m_pumping = true;
    while (!m_turns.empty() && m_channel.bytesToWrite() < Channel::bodyWatermark) {
        const TaskId task = m_turns.front();
        m_turns.pop_front();
        const auto found = m_bodies.find(task);
        if (found == m_bodies.end())
            continue;
        found->queued = false;
        sendFrame(task, *found);
        if (!found->pieces.empty()) {
            enqueue(task, *found);
        } else if (found->finished) {
            end(task);
        } else if (found->drained) {
            const std::function<void()> drained = found->drained;
            drained();
        }
    }
    m_pumping = false;
}

void BodySender::sendFrame(TaskId task, Body &body)
{
    QByteArray frame;
    qint64 room = std::min<qint64>(maxFramePayload, body.credit);
    frame.reserve(frameHeaderBytes + room);
    appendFrameHeader(frame, {FrameKind::Body, task});
    while (room > 0 && !body.pieces.empty()) {
        Piece &piece = body.pieces.front();
        const qsizetype size = std::min<qsizetype>(room, piece.rest.size());
        frame.append(piece.rest.first(size));
        piece.rest = piece.rest.sliced(size);
        room -= size;
        body.credit -= size;
        if (piece.rest.isEmpty())
            body.pieces.pop_front();
    }
    m_channel.sendFrame(frame);
}

void BodySender::end(TaskId task)
{
    const std::optional<Message> terminal = std::move(m_bodies[task].terminal);
    m_bodies.remove(task);
    if (terminal)
        m_channel.send(*terminal);
}

} // namespace hearth::channel
