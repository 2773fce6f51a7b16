#include "frame.h"

#include <QTest>

using namespace hearth;
using namespace hearth::channel;

class TestFrame final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesOnTheWire();
    void roundTrip_data();
    void roundTrip();
    void payloadLimits_data();
    void payloadLimits();
    void tooShort();
    void taskLimits();
    void unknownKindsAreSkipped();
};

void TestFrame::bytesOnTheWire()
{
    QByteArray frame = "x";
    appendFrameHeader(frame, {FrameKind::Body, TaskId{0x0001020304050607}});
    QCOMPARE(frame.toHex(' '), QByteArray("78 01 00 01 02 03 04 05 06 07"));
}

void TestFrame::roundTrip_data()
{
    QTest::addColumn<quint64>("task");

    QTest::newRow("zero") << quint64{0};
    QTest::newRow("one") << quint64{1};
    QTest::newRow("256") << quint64{256};
    QTest::newRow("2^53 - 1") << (quint64{1} << 53) - 1;
}

void TestFrame::roundTrip()
{
    QFETCH(quint64, task);
    const FrameHeader header{FrameKind::Body, TaskId{task}};
    QByteArray frame;
    appendFrameHeader(frame, header);
    QCOMPARE(frame.size(), frameHeaderBytes);
    frame += "payload";
    const auto parsed = parseFrame(frame);
    QVERIFY(parsed.ok());
    QVERIFY(*parsed == header);
}

void TestFrame::payloadLimits_data()
{
    QTest::addColumn<qsizetype>("size");
    QTest::addColumn<bool>("accepted");

    QTest::newRow("none") << qsizetype{0} << true;
    QTest::newRow("one byte") << qsizetype{1} << true;
    QTest::newRow("64 KiB") << qsizetype{65536} << true;
    QTest::newRow("64 KiB and one") << qsizetype{65537} << false;
}

void TestFrame::payloadLimits()
{
    QFETCH(qsizetype, size);
    QByteArray frame;
    appendFrameHeader(frame, {FrameKind::Body, TaskId{7}});
    frame += QByteArray(size, 'x');
    const auto parsed = parseFrame(frame);
    QTEST(parsed.ok(), "accepted");
    if (!parsed)
        QVERIFY(parsed.error().code == ErrorCode::ProtocolViolation);
}

void TestFrame::tooShort()
{
    QByteArray frame;
    appendFrameHeader(frame, {FrameKind::Body, TaskId{7}});
    for (qsizetype size = 0; size < frameHeaderBytes; ++size) {
        const auto parsed = parseFrame(QByteArrayView(frame).first(size));
        QVERIFY(!parsed);
        QVERIFY(parsed.error().code == ErrorCode::ProtocolViolation);
    }
}

void TestFrame::taskLimits()
{
    QVERIFY(!parseFrame(QByteArray::fromHex("010020000000000000")));
    QVERIFY(!parseFrame(QByteArray::fromHex("01ffffffffffffffff")));
    QVERIFY(parseFrame(QByteArray::fromHex("01001fffffffffffff")).ok());
}

void TestFrame::unknownKindsAreSkipped()
{
    for (const int kind : {0, 2, 127, 255}) {
        QByteArray frame(1, static_cast<char>(kind));
        frame += QByteArray(8, '\xff') + "whatever a later version puts here";
        const auto parsed = parseFrame(frame);
        QVERIFY(parsed.ok());
        QVERIFY(!parsed->has_value());
    }
}

QTEST_GUILESS_MAIN(TestFrame)
#include "tst_frame.moc"
