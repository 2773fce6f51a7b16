// LinkTest: what the tests of the relay share: an Llm, a publisher at an in-memory channel, and the link between them.
//
// A test class derives from it and finds everything made afresh for each test function. For the thread of the test.

#pragma once

#include "answerrecorder.h"
#include "domainrows.h"
#include "fakepublisher.h"
#include "relay.h"
#include "slotcounter.h"

#include <QObject>

namespace hearth::testsupport {

class LinkTest : public QObject
{
    Q_OBJECT

protected Q_SLOTS:
    void init();
    void cleanup();

protected:
    using TaskPointer = std::unique_ptr<relay::RelayTask>;

    /// How many requests the relay lets wait for one Llm.
    static constexpr int maxWaiting = 50;

    /// A new channel with a publisher at its other end; the link over it is attached to the relay.
    void makeLink();
    /// The row stays as it is.
    void loseLink();
    /// As the control room does it when the channel is lost.
    void losePublisher();
    /// Makes `llm` the present state and tells the relay.
    void set(const domain::Llm &llm);

    /// One that outlives the link.
    AnswerRecorder &makeRecorder() { return m_recorders.emplace_back(); }

    /// Starts a task on the link itself, without the relay. `recorder` must outlive the link.
    TaskId start(AnswerRecorder &recorder, const QByteArray &body = R"({"model":"m"})");
    Result<TaskPointer> submit(AnswerRecorder &recorder);
    /// A submitted task and its number at the publisher.
    std::pair<TaskPointer, TaskId> dispatch(AnswerRecorder &recorder);

    /// Tasks of start() whose backend is not free yet.
    int running() const { return m_slots.taken(); }

    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<domain::Registry> m_registry;
    /// For tasks that are started without the relay, which has its own.
    SlotCounter m_slots;
    std::unique_ptr<relay::Relay> m_relay;
    std::unique_ptr<channel::MemoryChannel> m_channel;
    std::unique_ptr<FakePublisher> m_publisher;
    std::unique_ptr<relay::PublisherLink> m_link;
    /// `m`, active, with a backend that calls it otherwise.
    domain::Llm m_llm;
    /// What the link has complained of.
    QStringList m_violations;

private:
    std::deque<AnswerRecorder> m_recorders;
};

} // namespace hearth::testsupport
