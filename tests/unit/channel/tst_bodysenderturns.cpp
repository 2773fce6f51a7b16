#include "bodysender.h"

#include "fakechannel.h"

#include <QTest>

#include <limits>
#include <random>

using namespace hearth;
using namespace hearth::channel;

class TestBodySenderTurns final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stalledTaskDelaysNobody();
    void respectsWatermark();
    void controlMessagesWaitBehindLittle();
    void roundRobin();
    void newcomerDoesNotOvertake();
    void drainedOncePerWait();
    void drainedMayAppend();
    void drainedMayFinish();
    void drainedMayDropOthers();
    void drainedMayOpenMany();
    void drainedMayGrant();
    void hundredTasks();
    void randomTraffic();
};

void TestBodySenderTurns::stalledTaskDelaysNobody()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one);
    sender.open(two);
    QVERIFY(!sender.append(one, bytes(2 * initialCredit)));
    channel.drain();
    QVERIFY(sender.append(two, QByteArrayView("at once")));
    QCOMPARE(channel.content(two), QByteArray("at once"));
}

void TestBodySenderTurns::respectsWatermark()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one);
    sender.open(two);
    channel.fill();
    QVERIFY(!sender.append(one, bytes(initialCredit)));
    QVERIFY(!sender.append(two, bytes(initialCredit)));
    QVERIFY(channel.sent().isEmpty());
    for (int turn = 0; turn < 10; ++turn) {
        channel.drain();
        sender.channelWritable();
    }
    QCOMPARE(channel.content(one).size(), initialCredit);
    QCOMPARE(channel.content(two).size(), initialCredit);
    for (const FakeChannel::Sent &sent : channel.sent())
        QVERIFY(sent.waitingBefore < Channel::bodyWatermark);
}

void TestBodySenderTurns::controlMessagesWaitBehindLittle()
{
    FakeChannel channel;
    BodySender sender(channel);
    for (quint64 task = 1; task <= 50; ++task) {
        sender.open(TaskId{task});
        sender.append(TaskId{task}, bytes(initialCredit));
        QVERIFY(channel.bytesToWrite() < Channel::bodyWatermark + maxFramePayload + frameHeaderBytes);
    }
}

void TestBodySenderTurns::roundRobin()
{
    FakeChannel channel;
    BodySender sender(channel);
    channel.fill();
    for (quint64 task = 1; task <= 3; ++task) {
        sender.open(TaskId{task});
        sender.append(TaskId{task}, bytes(4 * maxFramePayload));
    }
    while (channel.sent().size() < 12) {
        channel.drain();
        sender.channelWritable();
    }
    for (qsizetype i = 0; i < 12; ++i)
        QCOMPARE(channel.sent()[i].task, TaskId{static_cast<quint64>(i % 3 + 1)});
}

void TestBodySenderTurns::newcomerDoesNotOvertake()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one);
    sender.open(two);
    channel.fill();
    QVERIFY(!sender.append(one, bytes(100)));
    channel.drain();
    // The channel has room again, but the first task has not had its turn.
    QVERIFY(!sender.append(two, bytes(100)));
    sender.channelWritable();
    QCOMPARE(channel.sent().size(), 2);
    QCOMPARE(channel.sent()[0].task, one);
    QCOMPARE(channel.sent()[1].task, two);
}

void TestBodySenderTurns::drainedOncePerWait()
{
    FakeChannel channel;
    BodySender sender(channel);
    int drained = 0;
    sender.open(one, [&] { ++drained; });
    QVERIFY(sender.append(one, bytes(100)));
    sender.channelWritable();
    QCOMPARE(drained, 0);
    for (int round = 1; round <= 3; ++round) {
        channel.fill();
        QVERIFY(!sender.append(one, bytes(100)));
        QVERIFY(!sender.append(one, bytes(100)));
        channel.drain();
        sender.channelWritable();
        sender.channelWritable();
        QCOMPARE(drained, round);
    }
}

void TestBodySenderTurns::drainedMayAppend()
{
    // A producer that goes on from inside drained() for ever is held back by credit alone.
    FakeChannel channel;
    BodySender sender(channel);
    const QByteArray body = bytes(3 * initialCredit);
    qsizetype produced = 0;
    const auto produce = [&] {
        while (produced < body.size()) {
            const QByteArray piece = body.sliced(produced, 16 * 1024);
            produced += piece.size();
            if (!sender.append(one, piece))
                return;
        }
        sender.finish(one, end(one));
    };
    sender.open(one, produce);
    produce();
    qint64 granted = 0;
    for (int turn = 0; turn < 100 && sender.contains(one); ++turn) {
        channel.drain();
        sender.channelWritable();
        QVERIFY(channel.content(one).size() <= granted + initialCredit);
        const qint64 grant = channel.content(one).size() - granted;
        granted += grant;
        QVERIFY(sender.grant(one, grant));
    }
    QCOMPARE(channel.content(one), body);
    QCOMPARE(channel.terminals(one), 1);
    QVERIFY(channel.sent().last().terminal);
}

void TestBodySenderTurns::drainedMayFinish()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one, [&] { sender.finish(one, end(one)); });
    sender.open(two);
    channel.fill();
    sender.append(one, bytes(100));
    sender.append(two, bytes(100));
    channel.drain();
    sender.channelWritable();
    QCOMPARE(channel.sent().size(), 3);
    QVERIFY(channel.sent()[1].terminal);
    QCOMPARE(channel.sent()[2].task, two);
    QVERIFY(!sender.contains(one));
}

void TestBodySenderTurns::drainedMayDropOthers()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one, [&] {
        sender.drop(two);
        sender.drop(one);
    });
    sender.open(two);
    channel.fill();
    sender.append(one, bytes(100));
    sender.append(two, bytes(100));
    channel.drain();
    sender.channelWritable();
    QCOMPARE(channel.sent().size(), 1);
    QVERIFY(!sender.contains(one));
    QVERIFY(!sender.contains(two));
}

void TestBodySenderTurns::drainedMayOpenMany()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one, [&] {
        for (quint64 task = 100; task < 400; ++task) {
            sender.open(TaskId{task});
            sender.append(TaskId{task}, bytes(100));
        }
    });
    channel.fill();
    sender.append(one, bytes(100));
    channel.drain();
    sender.channelWritable();
    QCOMPARE(channel.sent().size(), 301);
}

void TestBodySenderTurns::drainedMayGrant()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(two);
    QVERIFY(!sender.append(two, bytes(initialCredit + 10)));
    sender.open(one, [&] { QVERIFY(sender.grant(two, 10)); });
    channel.fill();
    sender.append(one, bytes(100));
    channel.drain();
    sender.channelWritable();
    QCOMPARE(channel.content(two).size(), initialCredit + 10);
}

void TestBodySenderTurns::hundredTasks()
{
    FakeChannel channel;
    BodySender sender(channel);
    constexpr quint64 count = 100;
    const QByteArray body = bytes(initialCredit);
    channel.fill();
    for (quint64 task = 1; task <= count; ++task) {
        sender.open(TaskId{task});
        sender.append(TaskId{task}, body);
        sender.finish(TaskId{task}, end(TaskId{task}));
    }
    while (sender.contains(TaskId{count})) {
        channel.drain();
        sender.channelWritable();
        // Nobody is ever more than one frame ahead of anybody else.
        qsizetype least = std::numeric_limits<qsizetype>::max();
        qsizetype most = 0;
        for (quint64 task = 1; task <= count; ++task) {
            least = std::min(least, channel.frames(TaskId{task}));
            most = std::max(most, channel.frames(TaskId{task}));
        }
        QVERIFY(most - least <= 1);
    }
    for (quint64 task = 1; task <= count; ++task) {
        QCOMPARE(channel.content(TaskId{task}), body);
        QCOMPARE(channel.terminals(TaskId{task}), 1);
    }
}

void TestBodySenderTurns::randomTraffic()
{
    // Every byte arrives once and in order, whatever the sizes, grants and stalls.
    struct Traffic
    {
        QByteArray body;
        qsizetype appended = 0;
        qint64 granted = 0;
    };

    std::minstd_rand random(7);
    const auto upTo = [&random](qsizetype limit) {
        return static_cast<qsizetype>(random() % static_cast<quint32>(limit)) + 1;
    };
    FakeChannel channel;
    BodySender sender(channel);
    QMap<TaskId, Traffic> traffic;
    for (quint64 task = 1; task <= 8; ++task) {
        traffic[TaskId{task}].body = bytes(upTo(1'500'000), static_cast<int>(task));
        sender.open(TaskId{task});
    }
    qsizetype finished = 0;
    for (int step = 0; step < 100'000 && finished < traffic.size(); ++step) {
        const TaskId task{static_cast<quint64>(upTo(8))};
        Traffic &t = traffic[task];
        switch (random() % 4) {
        case 0: {
            const qsizetype size = std::min(upTo(100'000), t.body.size() - t.appended);
            if (size == 0)
                break;
            if (random() % 2)
                sender.append(task, QByteArrayView(t.body).sliced(t.appended, size));
            else
                sender.append(task, t.body.sliced(t.appended, size));
            t.appended += size;
            if (t.appended == t.body.size())
                sender.finish(task, end(task));
            break;
        }
        case 1: {
            const qint64 received = channel.content(task).size();
            if (received - t.granted >= grantThreshold) {
                const qint64 grant = received - t.granted;
                t.granted += grant;
                QVERIFY(sender.grant(task, grant));
            }
            break;
        }
        default:
            channel.drain();
            sender.channelWritable();
        }
        QVERIFY(channel.content(task).size() <= t.granted + initialCredit);
        finished = std::ranges::count_if(traffic.keys(), [&](TaskId id) { return channel.terminals(id) == 1; });
    }
    for (auto [task, t] : traffic.asKeyValueRange())
        QVERIFY(channel.content(task) == t.body);
    QCOMPARE(finished, traffic.size());
}

QTEST_GUILESS_MAIN(TestBodySenderTurns)
#include "tst_bodysenderturns.moc"
