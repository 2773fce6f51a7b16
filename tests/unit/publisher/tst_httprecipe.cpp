#include "recipefixture.h"
#include "recorder.h"
#include "scriptedserver.h"
#include "transferhelpers.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;

class TestHttpRecipe final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void sendsWhatItIsTold();
    void sendsNoBody();
    void usesAFreshConnection();
    void takesSuccess_data();
    void takesSuccess();
    void tellsTheStatus_data();
    void tellsTheStatus();
    void sendsOnce_data();
    void sendsOnce();
    void tellsThatItIsRefused();
    void tellsThatTheAddressIsNoUrl();
    void hasOneLimit();
    void slowBodyOf200IsSuccess();
    void prefersTheStatusToTheLimit();
    void readsLittleOfALongAnswer();
    void endsOnRequest();
    void endsOnRequestAfterItsEnd();
    void letsGo();

private:
    HttpRecipe recipe() const;
    void startAndWait(const HttpRecipe &recipe);
    bool hidesTheHost() const;

    std::unique_ptr<ScriptedServer> m_server;
    std::unique_ptr<RecipeFixture> f;
};

void TestHttpRecipe::init()
{
    m_server = std::make_unique<ScriptedServer>();
    f = std::make_unique<RecipeFixture>();
}

void TestHttpRecipe::cleanup()
{
    f.reset();
    m_server.reset();
}

HttpRecipe TestHttpRecipe::recipe() const
{
    HttpRecipe result;
    result.url = m_server->url("/wake/vllm?token=secret");
    result.fields.append("Authorization", "Bearer secret");
    result.fields.append("Content-Type", "application/json");
    result.body = R"({"profile": "qwen"})";
    return result;
}

void TestHttpRecipe::startAndWait(const HttpRecipe &recipe)
{
    f->start(recipe);
    QTRY_VERIFY(m_server->hasRequest(0, recipe.body.size()));
}

bool TestHttpRecipe::hidesTheHost() const
{
    const QString message = f->result->error().message;
    return !message.contains(QStringLiteral("127.0.0.1")) && !message.contains(QStringLiteral("secret")) &&
           !message.contains(QStringLiteral("vllm"));
}

void TestHttpRecipe::sendsWhatItIsTold()
{
    HttpRecipe put = recipe();
    put.method = "PUT";
    startAndWait(put);
    QList<QByteArray> lines = m_server->peer().received().split('\n');
    QCOMPARE(lines.takeFirst(), QByteArray("PUT /wake/vllm?token=secret HTTP/1.1\r"));
    QCOMPARE(lines.takeLast(), put.body);
    std::ranges::sort(lines);
    const QList<QByteArray> expected{"\r", "Authorization: Bearer secret\r", "Content-Length: 19\r",
                                     "Content-Type: application/json\r", "Host: " + m_server->hostAndPort() + "\r"};
    QCOMPARE(lines, expected);
    m_server->peer().answer();
    QTRY_VERIFY(f->succeeded());
    QCOMPARE(m_server->peerCount(), 1);
}

void TestHttpRecipe::sendsNoBody()
{
    HttpRecipe get;
    get.method = "GET";
    get.url = m_server->url("/wake");
    startAndWait(get);
    QCOMPARE(m_server->peer().received(), "GET /wake HTTP/1.1\r\nHost: " + m_server->hostAndPort() + "\r\n\r\n");
    m_server->peer().answer();
    QTRY_VERIFY(f->succeeded());
}

void TestHttpRecipe::usesAFreshConnection()
{
    Recorder recorder;
    const auto transfer = f->client.start({.url = m_server->url()}, recorder);
    QTRY_VERIFY(m_server->hasRequest());
    m_server->peer().answer();
    QTRY_VERIFY(recorder.succeeded());
    f->start(recipe());
    QTRY_VERIFY(m_server->hasRequest(1, recipe().body.size()));
}

void TestHttpRecipe::takesSuccess_data()
{
    QTest::addColumn<QByteArray>("answer");

    QTest::newRow("200") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    QTest::newRow("201") << QByteArray("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
    QTest::newRow("202") << QByteArray("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
    QTest::newRow("204") << QByteArray("HTTP/1.1 204 No Content\r\n\r\n");
    QTest::newRow("299") << QByteArray("HTTP/1.1 299 Fine\r\nContent-Length: 0\r\n\r\n");
    QTest::newRow("afterProcessing") << QByteArray("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
    QTest::newRow("http10") << QByteArray("HTTP/1.0 200 OK\r\n\r\nstarted");
    QTest::newRow("brokenOff") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nonly so much");
}

void TestHttpRecipe::takesSuccess()
{
    QFETCH(QByteArray, answer);

    startAndWait(recipe());
    m_server->peer().write(answer);
    m_server->peer().close();
    QTRY_COMPARE(f->ends, 1);
    QVERIFY(f->succeeded());
    passTime(f->client);
    QCOMPARE(m_server->peerCount(), 1);
}

void TestHttpRecipe::tellsTheStatus_data()
{
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<QString>("rest");

    const QString redirect = QStringLiteral("; redirects are not followed.");
    QTest::newRow("301") << QByteArray("301") << redirect;
    QTest::newRow("302") << QByteArray("302") << redirect;
    QTest::newRow("307") << QByteArray("307") << redirect;
    QTest::newRow("401") << QByteArray("401") << QStringLiteral(".");
    QTest::newRow("404") << QByteArray("404") << QStringLiteral(".");
    QTest::newRow("500") << QByteArray("500") << QStringLiteral(".");
    QTest::newRow("503") << QByteArray("503") << QStringLiteral(".");
}

void TestHttpRecipe::tellsTheStatus()
{
    QFETCH(QByteArray, status);
    QFETCH(QString, rest);

    startAndWait(recipe());
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(QStringLiteral("status %1 .*line one$").arg(QString::fromLatin1(status))));
    m_server->peer().write("HTTP/1.1 " + status + " X\r\nLocation: " + m_server->url("/elsewhere") +
                           "\r\nRetry-After: 0\r\nContent-Length: 18\r\n\r\nline one\nline two\n");
    QTRY_COMPARE(f->ends, 1);
    QCOMPARE(
        f->errorOf(ErrorCode::WakeFailed),
        QStringLiteral("The recipe's request was answered with status %1%2").arg(QString::fromLatin1(status), rest));
    passTime(f->client);
    QCOMPARE(m_server->peerCount(), 1);
}

void TestHttpRecipe::sendsOnce_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("message");

    const QString none =
        QStringLiteral("The recipe's request could not be sent, or its connection was closed without an answer.");
    QTest::newRow("closed") << QByteArray() << none;
    QTest::newRow("closedInTheHead") << QByteArray("HTTP/1.1 200 OK\r\nContent-") << none;
    QTest::newRow("notHttp") << QByteArray("SSH-2.0-OpenSSH\r\n\r\n")
                             << QStringLiteral("The recipe's request was not answered with valid HTTP.");
}

void TestHttpRecipe::sendsOnce()
{
    QFETCH(QByteArray, answer);
    QFETCH(QString, message);

    startAndWait(recipe());
    m_server->peer().write(answer);
    m_server->peer().close();
    QTRY_COMPARE(f->ends, 1);
    QCOMPARE(f->errorOf(ErrorCode::WakeFailed), message);
    passTime(f->client);
    QCOMPARE(m_server->peerCount(), 1);
    QCOMPARE(m_server->peer().received().count("PUT") + m_server->peer().received().count("POST"), 1);
}

void TestHttpRecipe::tellsThatItIsRefused()
{
    const HttpRecipe unreachable = recipe();
    m_server.reset();
    f->start(unreachable);
    QTRY_COMPARE(f->ends, 1);
    QVERIFY(f->errorOf(ErrorCode::WakeFailed).startsWith(QStringLiteral("The recipe's request could not be sent")));
    QVERIFY(hidesTheHost());
}

void TestHttpRecipe::tellsThatTheAddressIsNoUrl()
{
    f->start(HttpRecipe{.url = "http://127.0.0.1:vllm/"});
    QTRY_COMPARE(f->ends, 1);
    QCOMPARE(f->errorOf(ErrorCode::WakeFailed), QStringLiteral("The recipe's request could not be sent."));
}

void TestHttpRecipe::hasOneLimit()
{
    f->usesFakeClock = true;
    startAndWait(recipe());
    f->fakeClock.advance(30s - 1ms);
    QCOMPARE(f->ends, 0);
    f->fakeClock.advance(1ms);
    QCOMPARE(f->errorOf(ErrorCode::WakeTimeout), QStringLiteral("The recipe's request did not end within 30 s."));
    QTRY_VERIFY(m_server->peer().isClosed());
    QCOMPARE(m_server->peerCount(), 1);
}

void TestHttpRecipe::slowBodyOf200IsSuccess()
{
    f->usesFakeClock = true;
    startAndWait(recipe());
    m_server->peer().write("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nslow");
    passTime(f->client);
    f->fakeClock.advance(30s);
    QVERIFY(f->succeeded());
}

void TestHttpRecipe::prefersTheStatusToTheLimit()
{
    f->usesFakeClock = true;
    startAndWait(recipe());
    m_server->peer().write("HTTP/1.1 500 X\r\nContent-Length: 20\r\n\r\nslow");
    passTime(f->client);
    f->fakeClock.advance(30s);
    QCOMPARE(f->errorOf(ErrorCode::WakeFailed), QStringLiteral("The recipe's request was answered with status 500."));
}

void TestHttpRecipe::readsLittleOfALongAnswer()
{
    startAndWait(recipe());
    m_server->peer().write("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + QByteArray(100'000, 'x'));
    QTRY_VERIFY(f->succeeded());
    QTRY_VERIFY(m_server->peer().isClosed());
}

void TestHttpRecipe::endsOnRequest()
{
    startAndWait(recipe());
    int ended = 0;
    f->run->end([&] { ++ended; });
    QCOMPARE(ended, 0);
    QTRY_COMPARE(ended, 1);
    QTRY_VERIFY(m_server->peer().isClosed());
    QCOMPARE(f->ends, 0);
}

void TestHttpRecipe::endsOnRequestAfterItsEnd()
{
    startAndWait(recipe());
    m_server->peer().answer();
    QTRY_VERIFY(f->succeeded());
    int ended = 0;
    f->run->end([&] { ++ended; });
    QCOMPARE(ended, 0);
    QTRY_COMPARE(ended, 1);
    QCOMPARE(f->ends, 1);
}

void TestHttpRecipe::letsGo()
{
    startAndWait(recipe());
    f->run.reset();
    QTRY_VERIFY(m_server->peer().isClosed());
    QCOMPARE(f->ends, 0);
}

QTEST_GUILESS_MAIN(TestHttpRecipe)
#include "tst_httprecipe.moc"
