// RelayPoolTest: what the tests of pools and of failover share: boxes with an Llm, a publisher and a link each.
//
// A test class derives from it and finds a relay without boxes for each test function. For the thread of the test.

#pragma once

#include "answerrecorder.h"
#include "domainrows.h"
#include "fakepublisher.h"
#include "relay.h"

#include <QObject>

#include <deque>

namespace hearth::testsupport {

class RelayPoolTest : public QObject, private relay::RelayObserver
{
    Q_OBJECT

protected Q_SLOTS:
    void init();
    void cleanup();

protected:
    using TaskPointer = std::unique_ptr<relay::RelayTask>;

    /// One Llm and the way to it.
    struct Box
    {
        domain::Llm llm;
        std::unique_ptr<channel::MemoryChannel> channel;
        std::unique_ptr<FakePublisher> publisher;
        std::unique_ptr<relay::PublisherLink> link;

        /// The request that the publisher has been sent; zero when none comes.
        TaskId nextTask();
        /// Without waiting for any to come.
        bool hasTask() const;
        void succeed(TaskId task);
        void fail(TaskId task, const char *code);
        void head(TaskId task, int status, const HttpFields &fields = {});
    };

    /// Makes the relay anew. There must be no boxes.
    void makeRelay(const relay::RelaySettings &settings);
    /// One that serves one request at a time, in pool `p`, of alice's.
    Box &addBox(const QString &name, const std::function<void(domain::Llm &)> &change = {});
    void set(const domain::Llm &llm);
    /// As the control room does it when the channel is lost: the rows first.
    void lose(Box &box);
    void comeBack(Box &box);

    /// One that outlives the boxes.
    AnswerRecorder &makeRecorder() { return m_recorders.emplace_back(); }

    Result<TaskPointer> submit(const domain::Destination &destination, AnswerRecorder &recorder,
                               const QString &owner = QStringLiteral("alice"));
    Result<TaskPointer> submit(const domain::Destination &destination, relay::InferRequest request,
                               AnswerRecorder &recorder);

    /// What has been said of the requests that are over.
    const QList<relay::RequestRecord> &records() const { return m_records; }

    const QList<relay::WakeRecord> &wakeRecords() const { return m_wakeRecords; }

    const domain::Destination m_pool = domain::PoolName{QStringLiteral("p")};
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<domain::Registry> m_registry;
    std::unique_ptr<relay::Relay> m_relay;

private:
    void connect(Box &box);

    void requestEnded(const relay::RequestRecord &record) override { m_records.append(record); }

    void wakeEnded(const relay::WakeRecord &record) override { m_wakeRecords.append(record); }

    std::deque<Box> m_boxes;
    std::deque<AnswerRecorder> m_recorders;
    QList<relay::RequestRecord> m_records;
    QList<relay::WakeRecord> m_wakeRecords;
};

} // namespace hearth::testsupport
