#include "forwardedfields.h"

#include <QTest>

using namespace hearth;
using namespace hearth::channel;

class TestForwardedFields final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passesRequestFields();
    void passesAnswerFields();
    void dropsFieldsThatCouldBreakOut_data();
    void dropsFieldsThatCouldBreakOut();
    void boundsWhatPasses();
};

void TestForwardedFields::passesRequestFields()
{
    const HttpFields fields = fieldsForBackend({{"Content-Type", "application/json"},
                                                {"accept", "text/event-stream"},
                                                {"anthropic-version", "2023-06-01"},
                                                {"OpenAI-Beta", "assistants=v2"},
                                                {"Authorization", "Bearer caller"},
                                                {"x-api-key", "caller"},
                                                {"Cookie", "a=b"},
                                                {"Host", "evil.example"},
                                                {"Content-Length", "3"},
                                                {"retry-after", "3"},
                                                {"openai", "x"},
                                                {"anthropic-", "x"}});
    QCOMPARE(fields, (HttpFields{{"Content-Type", "application/json"},
                                 {"accept", "text/event-stream"},
                                 {"anthropic-version", "2023-06-01"},
                                 {"OpenAI-Beta", "assistants=v2"}}));
}

void TestForwardedFields::passesAnswerFields()
{
    const HttpFields fields = fieldsForClient({{"Content-Type", "text/event-stream"},
                                               {"Retry-After", "7"},
                                               {"openai-processing-ms", "12"},
                                               {"anthropic-ratelimit-requests-remaining", "3"},
                                               {"Set-Cookie", "a=b"},
                                               {"Server", "uvicorn"},
                                               {"Location", "http://10.0.0.1/"},
                                               {"accept", "x"},
                                               {"Content-Length", "3"},
                                               {"Transfer-Encoding", "chunked"}});
    QCOMPARE(fields, (HttpFields{{"Content-Type", "text/event-stream"},
                                 {"Retry-After", "7"},
                                 {"openai-processing-ms", "12"},
                                 {"anthropic-ratelimit-requests-remaining", "3"}}));
}

void TestForwardedFields::dropsFieldsThatCouldBreakOut_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");

    QTest::newRow("lineBreakInValue") << QByteArray("content-type") << QByteArray("a\r\nX-Evil: b");
    QTest::newRow("zeroInValue") << QByteArray("content-type") << QByteArray("a\0b", 3);
    QTest::newRow("deleteInValue") << QByteArray("content-type") << QByteArray("a\x7f");
    QTest::newRow("lineBreakInName") << QByteArray("openai-x\r\nEvil") << QByteArray("a");
    QTest::newRow("colonInName") << QByteArray("openai-x:") << QByteArray("a");
}

void TestForwardedFields::dropsFieldsThatCouldBreakOut()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);

    QCOMPARE(fieldsForBackend({{name, value}}).size(), 0);
    QCOMPARE(fieldsForClient({{name, value}}).size(), 0);
}

void TestForwardedFields::boundsWhatPasses()
{
    HttpFields received{{"content-type", "a"}};
    for (int i = 0; i < 100; ++i)
        received.append("openai-" + QByteArray::number(i), QByteArray(1024, 'x'));
    const HttpFields fields = fieldsForClient(received);
    QVERIFY(fields.contains("content-type"));
    QVERIFY(fields.size() > 20);
    QVERIFY(fields.size() <= 32);
}

QTEST_GUILESS_MAIN(TestForwardedFields)
#include "tst_forwardedfields.moc"
