// What clients are told while they wait, word for word.

#include "waitnotice.h"

#include <QTest>

using namespace hearth;
using namespace hearth::api;
using namespace std::chrono_literals;

class TestWaitNotice final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void notices_data();
    void notices();
    void heldTooLong_data();
    void heldTooLong();
};

void TestWaitNotice::notices_data()
{
    QTest::addColumn<relay::WaitStatus>("wait");
    QTest::addColumn<QByteArray>("chat");
    const relay::WakeStatus wake{.llm = QStringLiteral("m"), .elapsed = 11600ms, .limit = 120s, .estimate = {}};
    relay::WakeStatus known = wake;
    known.estimate = 40s;
    QTest::newRow("place") << relay::WaitStatus{{3, 7, {}}, {}} << QByteArray(": queued 3 of 7\n\n");
    QTest::newRow("place and time") << relay::WaitStatus{{3, 7, 20s}, {}}
                                    << QByteArray(": queued 3 of 7, about 20 s\n\n");
    QTest::newRow("wake") << relay::WaitStatus{{3, 7, 20s}, wake}
                          << QByteArray(": waking m, 12 s of at most 120 s\n\n");
    QTest::newRow("wake that is known") << relay::WaitStatus{{1, 1, {}}, known}
                                        << QByteArray(": waking m, 12 s of at most 120 s, usually 40 s\n\n");
}

void TestWaitNotice::notices()
{
    QFETCH(relay::WaitStatus, wait);
    QFETCH(QByteArray, chat);
    QCOMPARE(waitNotice(wait, StreamDialect::Chat), chat);
    QCOMPARE(waitNotice(wait, StreamDialect::Responses), chat);
    QCOMPARE(waitNotice(wait, StreamDialect::Messages), QByteArray("event: ping\ndata: {\"type\":\"ping\"}\n\n"));
}

void TestWaitNotice::heldTooLong_data()
{
    using Seconds = std::optional<std::chrono::seconds>;
    QTest::addColumn<std::optional<Duration>>("estimate");
    QTest::addColumn<Seconds>("retryAfter");
    QTest::newRow("nothing known") << std::optional<Duration>() << Seconds();
    QTest::newRow("soon") << std::optional<Duration>(40s) << Seconds(10s);
    QTest::newRow("overdue") << std::optional<Duration>(20s) << Seconds(1s);
}

void TestWaitNotice::heldTooLong()
{
    QFETCH(std::optional<Duration>, estimate);
    QFETCH(std::optional<std::chrono::seconds>, retryAfter);
    const Error error =
        api::heldTooLong({.llm = QStringLiteral("m"), .elapsed = 30s, .limit = 120s, .estimate = estimate});
    QVERIFY(error.code == ErrorCode::QueueTimeout);
    QVERIFY(error.retryAfter == retryAfter);
    QVERIFY(error.message.startsWith(QLatin1String("Llm 'm' is still being woken, 30 s of at most 120 s;")));
}

QTEST_GUILESS_MAIN(TestWaitNotice)
#include "tst_waitnotice.moc"
