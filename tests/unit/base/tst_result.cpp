#include "result.h"

#include <QTest>

#include <memory>

using namespace hearth;

class TestResult final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holdsValue();
    void holdsError();
    void movesValueOut();
    void withoutValue();
    void everyCodeReturnsFromItsSpelling();
    void unknownSpelling_data();
    void unknownSpelling();
};

void TestResult::holdsValue()
{
    Result<QString> result(QStringLiteral("value"));
    QVERIFY(result.ok());
    QVERIFY(result);
    QCOMPARE(*result, QStringLiteral("value"));
    QCOMPARE(result->size(), 5);
    result.value() += u'!';
    QCOMPARE(std::as_const(result).value(), QStringLiteral("value!"));
}

void TestResult::holdsError()
{
    const Error error{.code = ErrorCode::QueueFull,
                      .message = QStringLiteral("The queue is full."),
                      .param = QStringLiteral("model"),
                      .retryAfter = std::chrono::seconds(3)};
    const Result<int> result(error);
    QVERIFY(!result.ok());
    QVERIFY(!result);
    QCOMPARE(result.error(), error);
    QVERIFY(result.error() != (Error{.code = ErrorCode::QueueFull, .message = QStringLiteral("The queue is full.")}));
}

void TestResult::movesValueOut()
{
    Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
    const std::unique_ptr<int> taken = std::move(result).value();
    QCOMPARE(*taken, 7);
    QVERIFY(result.ok());
    QVERIFY(!*result);
}

void TestResult::withoutValue()
{
    const Result<void> success;
    QVERIFY(success.ok());
    const Result<void> failure(Error{.code = ErrorCode::Io, .message = QStringLiteral("The disk is full.")});
    QVERIFY(!failure);
    QVERIFY(failure.error().code == ErrorCode::Io);
}

void TestResult::everyCodeReturnsFromItsSpelling()
{
    QSet<QByteArray> spellings;
    for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i) {
        const auto code = static_cast<ErrorCode>(i);
        const QByteArray spelling(toString(code).data(), toString(code).size());
        QVERIFY(!spelling.isEmpty());
        QCOMPARE(spelling, spelling.toLower());
        QVERIFY2(!spellings.contains(spelling), spelling);
        spellings.insert(spelling);
        QVERIFY(errorCodeFromString(spelling) == code);
    }
    QVERIFY(errorCodeFromString("publisher_offline") == ErrorCode::PublisherOffline);
}

void TestResult::unknownSpelling_data()
{
    QTest::addColumn<QByteArray>("spelling");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("unknown") << QByteArray("out_of_coffee");
    QTest::newRow("other case") << QByteArray("Queue_Full");
    QTest::newRow("prefix") << QByteArray("queue_");
    QTest::newRow("trailing space") << QByteArray("queue_full ");
}

void TestResult::unknownSpelling()
{
    QFETCH(QByteArray, spelling);
    QVERIFY(!errorCodeFromString(spelling));
}

QTEST_APPLESS_MAIN(TestResult)
#include "tst_result.moc"
