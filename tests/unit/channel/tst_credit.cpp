#include "credit.h"

#include <QTest>

using namespace hearth::channel;

class TestCredit final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wholeWindowAtOnce();
    void oneByteTooMuch();
    void grantsFromTheThreshold();
    void grantsWhatWasConsumed();
    void grantedBytesMayBeReceivedAgain();
    void unconsumedBytesAreNotGranted();
    void neverStarves();
};

void TestCredit::wholeWindowAtOnce()
{
    ReceiveCredit credit;
    QVERIFY(credit.receive(initialCredit));
    QVERIFY(!credit.receive(1));
}

void TestCredit::oneByteTooMuch()
{
    ReceiveCredit credit;
    QVERIFY(!credit.receive(initialCredit + 1));
}

void TestCredit::grantsFromTheThreshold()
{
    ReceiveCredit credit;
    QVERIFY(credit.receive(initialCredit));
    QCOMPARE(credit.consume(grantThreshold - 1), qint64{0});
    QCOMPARE(credit.consume(1), grantThreshold);
    QCOMPARE(credit.consume(grantThreshold - 1), qint64{0});
}

void TestCredit::grantsWhatWasConsumed()
{
    ReceiveCredit credit;
    QVERIFY(credit.receive(initialCredit));
    QCOMPARE(credit.consume(initialCredit), initialCredit);
}

void TestCredit::grantedBytesMayBeReceivedAgain()
{
    ReceiveCredit credit;
    QVERIFY(credit.receive(initialCredit));
    QCOMPARE(credit.consume(100'000), qint64{100'000});
    QVERIFY(credit.receive(100'000));
    QVERIFY(!credit.receive(1));
}

void TestCredit::unconsumedBytesAreNotGranted()
{
    ReceiveCredit credit;
    QVERIFY(credit.receive(initialCredit));
    QCOMPARE(credit.consume(grantThreshold - 1), qint64{0});
    QVERIFY(!credit.receive(1));
}

void TestCredit::neverStarves()
{
    // A sender that spends what it has, and a receiver that consumes in any portions, always come to the end.
    for (const qint64 portion : {qint64{1000}, qint64{65'535}, qint64{65'536}, qint64{100'000}, initialCredit}) {
        ReceiveCredit receiver;
        qint64 sendCredit = initialCredit;
        qint64 held = 0;
        qint64 left = 10 * initialCredit + 1;
        while (left > 0) {
            const qint64 sent = std::min(left, sendCredit);
            left -= sent;
            sendCredit -= sent;
            held += sent;
            QVERIFY(receiver.receive(sent));
            while (held > 0) {
                const qint64 consumed = std::min(held, portion);
                held -= consumed;
                sendCredit += receiver.consume(consumed);
            }
            QVERIFY(left == 0 || sendCredit > 0);
            QVERIFY(sendCredit <= initialCredit);
        }
    }
}

QTEST_GUILESS_MAIN(TestCredit)
#include "tst_credit.moc"
