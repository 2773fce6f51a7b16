#include "bodysender.h"

#include "frame.h"

#include <QMap>
#include <QTest>

#include <algorithm>
#include <limits>
#include <random>

using namespace hearth;
using namespace hearth::channel;

namespace {

/// Takes everything down and lets bytes wait until the test says that the network has taken them.
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

QByteArray bytes(qsizetype size, int seed = 0)
{
    QByteArray result(size, Qt::Uninitialized);
    for (qsizetype i = 0; i < size; ++i)
        result[i] = static_cast<char>(i * 7 + seed + i / 251);
    return result;
}

constexpr TaskId one{1};
constexpr TaskId two{2};

Message end(TaskId task)
{
    return ResponseEnd{.task = task};
}

} // namespace

class TestBodySender final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sendsAtOnce();
    void cutsIntoFrames();
    void emptyPieces();
    void stopsWithoutCredit();
    void goesOnAfterGrant();
    void refusesOverGrant();
    void grantForUnknownTask();
    void stalledTaskDelaysNobody();
    void respectsWatermark();
    void controlMessagesWaitBehindLittle();
    void roundRobin();
    void newcomerDoesNotOvertake();
    void keepsOrderBehindWhatWaits();
    void sharesOrCopies();
    void joinsSmallPieces();
    void terminalAtOnce();
    void terminalBehindTheLastByte();
    void terminalWaitsForCredit();
    void finishWithoutTerminal();
    void dropForgets();
    void unknownTask();
    void drainedOncePerWait();
    void drainedMayAppend();
    void drainedMayFinish();
    void drainedMayDropOthers();
    void drainedMayOpenMany();
    void drainedMayGrant();
    void hundredTasks();
    void randomTraffic();
};

void TestBodySender::sendsAtOnce()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one);
    QVERIFY(sender.contains(one));
    QVERIFY(sender.append(one, QByteArrayView("hello")));
    QVERIFY(sender.append(one, QByteArray(" world")));
    QCOMPARE(channel.sent().size(), 2);
    QCOMPARE(channel.content(one), QByteArray("hello world"));
}

void TestBodySender::cutsIntoFrames()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one);
    const QByteArray body = bytes(2 * maxFramePayload + 1);
    QVERIFY(sender.append(one, QByteArrayView(body)));
    QCOMPARE(channel.frames(one), 3);
    QCOMPARE(channel.sent()[0].size, maxFramePayload);
    QCOMPARE(channel.sent()[2].size, 1);
    QCOMPARE(channel.content(one), body);
}

void TestBodySender::emptyPieces()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one);
    QVERIFY(sender.append(one, QByteArrayView()));
    QVERIFY(sender.append(one, QByteArray()));
    QVERIFY(channel.sent().isEmpty());
    sender.finish(one, end(one));
    QCOMPARE(channel.frames(one), 0);
    QCOMPARE(channel.terminals(one), 1);
}

void TestBodySender::stopsWithoutCredit()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one);
    for (int i = 0; i < 4; ++i) {
        QVERIFY(sender.append(one, bytes(initialCredit / 4)));
        channel.drain();
    }
    // The window is spent to the byte, and nobody was told to stop yet.
    QCOMPARE(channel.content(one).size(), initialCredit);
    QVERIFY(!sender.append(one, QByteArrayView("x")));
    sender.channelWritable();
    QCOMPARE(channel.content(one).size(), initialCredit);
}

void TestBodySender::goesOnAfterGrant()
{
    FakeChannel channel;
    BodySender sender(channel);
    int drained = 0;
    sender.open(one, [&] { ++drained; });
    const QByteArray body = bytes(initialCredit + 1000);
    QVERIFY(!sender.append(one, body));
    channel.drain();
    QCOMPARE(channel.content(one).size(), initialCredit);
    QVERIFY(sender.grant(one, 400));
    QCOMPARE(channel.content(one).size(), initialCredit + 400);
    QCOMPARE(drained, 0);
    QVERIFY(sender.grant(one, 100'000));
    QCOMPARE(channel.content(one), body);
    QCOMPARE(drained, 1);
}

void TestBodySender::refusesOverGrant()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one);
    QVERIFY(!sender.grant(one, 1));
    sender.append(one, bytes(1000));
    QVERIFY(!sender.grant(one, 1001));
    QVERIFY(sender.grant(one, 1000));
    QVERIFY(!sender.grant(one, 1));
    QVERIFY(!sender.grant(one, std::numeric_limits<qint64>::max()));
}

void TestBodySender::grantForUnknownTask()
{
    // A grant may cross the end of its task on the way.
    FakeChannel channel;
    BodySender sender(channel);
    QVERIFY(sender.grant(one, 1'000'000));
}

void TestBodySender::stalledTaskDelaysNobody()
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

void TestBodySender::respectsWatermark()
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

void TestBodySender::controlMessagesWaitBehindLittle()
{
    FakeChannel channel;
    BodySender sender(channel);
    for (quint64 task = 1; task <= 50; ++task) {
        sender.open(TaskId{task});
        sender.append(TaskId{task}, bytes(initialCredit));
        QVERIFY(channel.bytesToWrite() < Channel::bodyWatermark + maxFramePayload + frameHeaderBytes);
    }
}

void TestBodySender::roundRobin()
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

void TestBodySender::newcomerDoesNotOvertake()
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

void TestBodySender::keepsOrderBehindWhatWaits()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one);
    const QByteArray body = bytes(initialCredit + 90'000);
    QVERIFY(!sender.append(one, body.first(initialCredit + 10)));
    QVERIFY(!sender.append(one, QByteArrayView(body).sliced(initialCredit + 10, 50'000)));
    QVERIFY(!sender.append(one, body.sliced(initialCredit + 50'010)));
    channel.drain();
    QVERIFY(sender.grant(one, initialCredit));
    QCOMPARE(channel.content(one), body);
}

void TestBodySender::sharesOrCopies()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one);
    sender.open(two);
    channel.fill();
    const QByteArray shared = bytes(1000, 1);
    QVERIFY(shared.isDetached());
    sender.append(one, shared);
    QVERIFY(!shared.isDetached());

    QByteArray mortal = bytes(1000, 2);
    const QByteArray copy = bytes(1000, 2);
    sender.append(two, QByteArrayView(mortal));
    mortal.fill('x');

    channel.drain();
    sender.channelWritable();
    QCOMPARE(channel.content(one), shared);
    QCOMPARE(channel.content(two), copy);
}

void TestBodySender::joinsSmallPieces()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one);
    channel.fill();
    QByteArray body;
    for (int i = 0; i < 500; ++i) {
        const QByteArray piece = bytes(200, i);
        body += piece;
        sender.append(one, piece);
    }
    channel.drain();
    sender.channelWritable();
    QCOMPARE(channel.frames(one), 2);
    QCOMPARE(channel.content(one), body);
}

void TestBodySender::terminalAtOnce()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one);
    sender.append(one, bytes(10));
    channel.fill();
    sender.finish(one, end(one));
    // The last byte is with the channel already, and control messages do not wait for the watermark.
    QCOMPARE(channel.terminals(one), 1);
    QVERIFY(!sender.contains(one));
}

void TestBodySender::terminalBehindTheLastByte()
{
    FakeChannel channel;
    BodySender sender(channel);
    bool drained = false;
    sender.open(one, [&] { drained = true; });
    channel.fill();
    sender.append(one, bytes(3 * maxFramePayload));
    sender.finish(one, end(one));
    QCOMPARE(channel.terminals(one), 0);
    QVERIFY(sender.contains(one));
    channel.drain();
    sender.channelWritable();
    QCOMPARE(channel.sent().size(), 4);
    QVERIFY(channel.sent().last().terminal);
    QVERIFY(!sender.contains(one));
    // A finished producer has nothing to go on with.
    QVERIFY(!drained);
}

void TestBodySender::terminalWaitsForCredit()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one);
    sender.append(one, bytes(initialCredit + 1));
    sender.finish(one, end(one));
    channel.drain();
    sender.channelWritable();
    QCOMPARE(channel.terminals(one), 0);
    QVERIFY(sender.grant(one, grantThreshold));
    QCOMPARE(channel.content(one).size(), initialCredit + 1);
    QVERIFY(channel.sent().last().terminal);
}

void TestBodySender::finishWithoutTerminal()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one);
    channel.fill();
    sender.append(one, bytes(10));
    sender.finish(one);
    channel.drain();
    sender.channelWritable();
    QCOMPARE(channel.sent().size(), 1);
    QVERIFY(!sender.contains(one));
    sender.finish(one, end(one));
    QCOMPARE(channel.terminals(one), 0);
}

void TestBodySender::dropForgets()
{
    FakeChannel channel;
    BodySender sender(channel);
    sender.open(one, [] { QFAIL("dropped tasks are not drained"); });
    sender.open(two);
    channel.fill();
    sender.append(one, bytes(10));
    sender.append(two, bytes(20));
    sender.finish(one, end(one));
    sender.drop(one);
    QVERIFY(!sender.contains(one));
    channel.drain();
    sender.channelWritable();
    QCOMPARE(channel.sent().size(), 1);
    QCOMPARE(channel.sent()[0].task, two);
    QVERIFY(sender.append(two, bytes(20)));
}

void TestBodySender::unknownTask()
{
    FakeChannel channel;
    BodySender sender(channel);
    QVERIFY(sender.append(one, QByteArrayView("x")));
    QVERIFY(sender.append(one, QByteArray("x")));
    sender.finish(one, end(one));
    sender.drop(one);
    QVERIFY(channel.sent().isEmpty());
}

void TestBodySender::drainedOncePerWait()
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

void TestBodySender::drainedMayAppend()
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

void TestBodySender::drainedMayFinish()
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

void TestBodySender::drainedMayDropOthers()
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

void TestBodySender::drainedMayOpenMany()
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

void TestBodySender::drainedMayGrant()
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

void TestBodySender::hundredTasks()
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

void TestBodySender::randomTraffic()
{
    // Every byte arrives once and in order, whatever the sizes, grants and stalls.
    struct Traffic
    {
        QByteArray body;
        qsizetype appended = 0;
        qint64 granted = 0;
    };

    std::minstd_rand random(7);
    const auto upTo = [&random](qsizetype limit) { return static_cast<qsizetype>(random() % static_cast<quint32>(limit)) + 1; };
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

QTEST_GUILESS_MAIN(TestBodySender)
#include "tst_bodysender.moc"
