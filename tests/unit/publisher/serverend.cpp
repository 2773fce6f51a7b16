#include "serverend.h"

using namespace hearth;

namespace {

template <typename M>
int countOf(const std::vector<channel::Message> &messages, TaskId task)
{
    return static_cast<int>(std::ranges::count_if(messages, [task](const channel::Message &message) {
        const M *m = std::get_if<M>(&message);
        return m && m->task == task;
    }));
}

} // namespace

void ServerEnd::sendBody(TaskId task, QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const qsizetype size = std::min(bytes.size(), channel::maxFramePayload);
        QByteArray frame;
        channel::appendFrameHeader(frame, {channel::FrameKind::Body, task});
        frame.append(bytes.first(size));
        channel->sendFrame(frame);
        bytes = bytes.sliced(size);
    }
}

int ServerEnd::terminals(TaskId task) const
{
    return countOf<channel::ResponseEnd>(messages, task) + countOf<channel::TaskError>(messages, task) +
           countOf<channel::WakeResult>(messages, task) + countOf<channel::Cancelled>(messages, task);
}

void ServerEnd::bodyReceived(TaskId task, QByteArrayView payload)
{
    bodies[task].append(payload);
    if (grants)
        send(channel::Window{task, payload.size()});
}

void FakeDialer::dial(const QUrl &url, const QByteArray &key, Done done)
{
    ++dialed;
    lastUrl = url;
    lastKey = key;
    m_done = std::move(done);
}

std::unique_ptr<ServerEnd> FakeDialer::accept()
{
    return std::make_unique<ServerEnd>(acceptEnd());
}

std::unique_ptr<channel::MemoryChannel> FakeDialer::acceptEnd()
{
    auto [publisherEnd, serverEnd] = channel::MemoryChannel::pair();
    std::exchange(m_done, {})(std::unique_ptr<channel::Channel>(std::move(publisherEnd)));
    return std::move(serverEnd);
}
