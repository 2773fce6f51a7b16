#include "bodysender.h"

#include "fakechannel.h"

#include <QTest>

#include <limits>

using namespace hearth;
using namespace hearth::channel;

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
    void keepsOrderBehindWhatWaits();
    void sharesOrCopies();
    void joinsSmallPieces();
    void terminalAtOnce();
    void terminalBehindTheLastByte();
    void terminalWaitsForCredit();
    void finishWithoutTerminal();
    void dropForgets();
    void unknownTask();
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
    auto shared = std::make_unique<QByteArray>(bytes(1000, 1));
    const QByteArray expected = bytes(1000, 1).mid(100, 300) + bytes(1000, 1);
    QVERIFY(!sender.append(one, *shared, QByteArrayView(*shared).sliced(100, 300)));
    QVERIFY(!shared->isDetached());
    QVERIFY(!sender.append(one, *shared));
    shared->fill('x');
    shared.reset();

    QByteArray mortal = bytes(1000, 2);
    const QByteArray copy = bytes(1000, 2);
    sender.append(two, QByteArrayView(mortal));
    mortal.fill('x');

    channel.drain();
    sender.channelWritable();
    QCOMPARE(channel.content(one), expected);
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

QTEST_GUILESS_MAIN(TestBodySender)
#include "tst_bodysender.moc"
