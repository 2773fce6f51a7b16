#include "livetest.h"
#include "scriptedbackend.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

using namespace hearth;
using namespace hearth::discovery;
using namespace std::chrono_literals;

class TestLiveTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sendsAChat();
    void findsTheText_data();
    void findsTheText();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void saysThatNobodyIsThere();
    void givesUpAfterTheDeadline();
    void cancels();
    void beginsAnewFromASlot();
    void writesACurlLine();
};

namespace {

/// A test of the model `test-llm` at a server that the test plays.
struct Live
{
    explicit Live(LiveTestSettings settings = {})
        : test(clock, nullptr, settings)
    {
        QObject::connect(&test, &LiveTest::answered, &test, [this](const QString &text, Duration duration) {
            texts.append(text);
            took = duration;
        });
        QObject::connect(&test, &LiveTest::failed, &test, [this](const Error &error) { errors.append(error); });
    }

    QUrl url() const { return QUrl(QString::fromLatin1(server.url().chopped(3))); }

    void start() { test.start(url(), "hk_test", QStringLiteral("test-llm"), {}); }

    bool waitForEnd() const
    {
        return QTest::qWaitFor([this] { return !texts.isEmpty() || !errors.isEmpty(); }, 5000);
    }

    SystemClock clock;
    ScriptedBackend server;
    LiveTest test;
    QStringList texts;
    Duration took{-1};
    QList<Error> errors;
};

} // namespace

void TestLiveTest::sendsAChat()
{
    Live live;
    live.start();
    const Exchange *const request = live.server.waitForRequest();
    QVERIFY(request);
    QCOMPARE(request->requestLine(), QByteArray("POST /v1/chat/completions HTTP/1.1"));
    QVERIFY(request->hasField("Authorization: Bearer hk_test"));
    QVERIFY(request->hasField("Content-Type: application/json"));
    const QJsonObject body = QJsonDocument::fromJson(request->body).object();
    QCOMPARE(body.value(QLatin1String("model")).toString(), QStringLiteral("test-llm"));
    QVERIFY(body.value(QLatin1String("max_tokens")).toInt() > 0);
    request->answer(R"({"choices":[{"message":{"role":"assistant","content":" Hello there. "}}]})");
    QVERIFY(live.waitForEnd());
    QCOMPARE(live.texts, QStringList{QStringLiteral("Hello there.")});
    QVERIFY(live.took >= 0ms);
}

void TestLiveTest::findsTheText_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QString>("text");
    QTest::newRow("content") << QByteArray(R"({"content":"Hello","reasoning":"hm"})") << QStringLiteral("Hello");
    QTest::newRow("thoughts") << QByteArray(R"({"content":null,"reasoning_content":"I think"})")
                              << QStringLiteral("I think");
    QTest::newRow("other thoughts") << QByteArray(R"({"content":"","reasoning":"I think"})")
                                    << QStringLiteral("I think");
    QTest::newRow("nothing") << QByteArray(R"({"content":""})") << QString();
}

void TestLiveTest::findsTheText()
{
    QFETCH(QByteArray, message);
    Live live;
    live.start();
    const Exchange *const request = live.server.waitForRequest();
    QVERIFY(request);
    request->answer(R"({"choices":[{"message":)" + message + "}]}");
    QVERIFY(live.waitForEnd());
    QVERIFY(live.errors.isEmpty());
    QTEST(live.texts.first(), "text");
}

void TestLiveTest::saysWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("words");
    QTest::newRow("may not infer") << QByteArray("403 Forbidden")
                                   << QByteArray(R"({"error":{"message":"Not with this key.","code":"scope_missing"}})")
                                   << ErrorCode::ScopeMissing << QStringLiteral("Not with this key.");
    QTest::newRow("offline") << QByteArray("503 Away")
                             << QByteArray(R"({"error":{"message":"It is inactive.","code":"publisher_offline"}})")
                             << ErrorCode::PublisherOffline << QStringLiteral("It is inactive.");
    QTest::newRow("of the backend") << QByteArray("400 Bad")
                                    << QByteArray(R"({"error":{"message":"No template.","code":400}})")
                                    << ErrorCode::BackendError << QStringLiteral("No template.");
    QTest::newRow("a proxy's page") << QByteArray("502 Bad") << QByteArray("<html>") << ErrorCode::BackendError
                                    << QStringLiteral("HTTP status 502");
    QTest::newRow("no completion") << QByteArray("200 OK") << QByteArray(R"({"data":[]})") << ErrorCode::BackendError
                                   << QStringLiteral("no chat completion");
}

void TestLiveTest::saysWhatIsWrong()
{
    QFETCH(QByteArray, status);
    QFETCH(QByteArray, body);
    QFETCH(ErrorCode, code);
    QFETCH(QString, words);
    Live live;
    live.start();
    const Exchange *const request = live.server.waitForRequest();
    QVERIFY(request);
    request->answer(body, "Content-Type: application/json\r\n", status);
    QVERIFY(live.waitForEnd());
    QCOMPARE(live.errors.size(), 1);
    QVERIFY(live.errors.first().code == code);
    QVERIFY2(live.errors.first().message.contains(words), qPrintable(live.errors.first().message));
}

void TestLiveTest::saysThatNobodyIsThere()
{
    Live live;
    live.server.stop();
    live.start();
    QVERIFY(live.waitForEnd());
    QVERIFY(live.errors.first().code == ErrorCode::BackendUnreachable);
}

void TestLiveTest::givesUpAfterTheDeadline()
{
    Live live({.deadline = 50ms});
    live.start();
    QVERIFY(live.waitForEnd());
    QVERIFY(live.errors.first().code == ErrorCode::BackendTimeout);
    QVERIFY(live.errors.first().message.contains(QStringLiteral("log of the backend")));
}

void TestLiveTest::cancels()
{
    Live live;
    live.start();
    const Exchange *const request = live.server.waitForRequest();
    QVERIFY(request);
    live.test.cancel();
    QTRY_VERIFY(request->isGone());
    QVERIFY(live.texts.isEmpty());
    QVERIFY(live.errors.isEmpty());
}

void TestLiveTest::beginsAnewFromASlot()
{
    Live live;
    connect(&live.test, &LiveTest::failed, &live.test, [&live] { live.start(); });
    live.start();
    Exchange *const first = live.server.waitForRequest(1);
    QVERIFY(first);
    first->answer({}, {}, "403 Forbidden");
    Exchange *const second = live.server.waitForRequest(2);
    QVERIFY(second);
    second->answer(R"({"choices":[{"message":{"content":"Hello"}}]})");
    QTRY_COMPARE(live.texts.size(), 1);
}

void TestLiveTest::writesACurlLine()
{
    const QString plain =
        LiveTest::curlLine(QUrl(QStringLiteral("http://127.0.0.1:4327")), QStringLiteral("test-llm"), {});
    QVERIFY(plain.startsWith(QStringLiteral("curl http://127.0.0.1:4327/v1/chat/completions \\\n")));
    QVERIFY(plain.contains(QStringLiteral("\"Authorization: Bearer $HEARTH_API_KEY\"")));
    QVERIFY(plain.contains(QStringLiteral("\"model\":\"test-llm\"")));
    const QString odd = LiveTest::curlLine(QUrl(QStringLiteral("https://hearth.example.org")), QStringLiteral("x"),
                                           QStringLiteral("/home/o'neill/ca.pem"));
    QVERIFY(odd.contains(QStringLiteral("--cacert '/home/o'\\''neill/ca.pem'")));
}

QTEST_GUILESS_MAIN(TestLiveTest)

#include "tst_livetest.moc"
