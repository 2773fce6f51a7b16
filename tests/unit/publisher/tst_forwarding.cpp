#include "forwarding.h"
#include "publishedllm.h"

#include <QTest>

using namespace hearth;
using namespace hearth::publisher;

class TestForwarding final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passesModelRoutesOnly_data();
    void passesModelRoutesOnly();
    void checksQueries_data();
    void checksQueries();
    void addsTheBackendsCredentials_data();
    void addsTheBackendsCredentials();
};

void TestForwarding::passesModelRoutesOnly_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<bool>("passes");

    for (const char *path : {"/chat/completions", "/completions", "/embeddings", "/responses", "/rerank", "/messages"})
        QTest::newRow(path) << QByteArray(path) << true;
    for (const char *path :
         {"", "/", "/models", "/api/delete", "/chat/completions/", "/chat/completions/../../api/pull",
          "/chat%2Fcompletions", "//chat/completions", "/CHAT/COMPLETIONS", "chat/completions",
          "@evil.example/completions", "/completions?x", "/completions\r\nX: y"})
        QTest::newRow(*path ? path : "empty") << QByteArray(path) << false;
}

void TestForwarding::passesModelRoutesOnly()
{
    QFETCH(QByteArray, path);
    QFETCH(bool, passes);

    QCOMPARE(isModelRoute(path), passes);
}

void TestForwarding::checksQueries_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<bool>("passes");

    QTest::newRow("none") << QByteArray() << true;
    QTest::newRow("ordinary") << QByteArray("beta=true&x=%20") << true;
    QTest::newRow("fragment") << QByteArray("a#b") << false;
    QTest::newRow("space") << QByteArray("a b") << false;
    QTest::newRow("lineBreak") << QByteArray("a\r\nX: y") << false;
    QTest::newRow("notAscii") << QByteArray("\xc3\xa4") << false;
    QTest::newRow("tooLong") << QByteArray(maxQueryBytes + 1, 'x') << false;
}

void TestForwarding::checksQueries()
{
    QFETCH(QByteArray, query);
    QFETCH(bool, passes);

    QCOMPARE(isQuery(query), passes);
}

void TestForwarding::addsTheBackendsCredentials_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("authorization");
    QTest::addColumn<QByteArray>("xApiKey");

    const int openAi = static_cast<int>(BackendType::OpenAi);
    const int anthropic = static_cast<int>(BackendType::Anthropic);
    QTest::newRow("none") << openAi << QByteArray() << QByteArray() << QByteArray();
    QTest::newRow("openai") << openAi << QByteArray("sk") << QByteArray("Bearer sk") << QByteArray();
    QTest::newRow("anthropic") << anthropic << QByteArray("sk") << QByteArray("Bearer sk") << QByteArray("sk");
}

void TestForwarding::addsTheBackendsCredentials()
{
    QFETCH(int, type);
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, authorization);
    QFETCH(QByteArray, xApiKey);

    LlmSettings llm;
    llm.type = static_cast<BackendType>(type);
    llm.url = "http://127.0.0.1:8000/v1";
    llm.apiKey = key;
    const BackendTarget target(llm, {});
    const httpclient::TransferRequest request = target.post("/messages", "beta=true", {}, 3);
    QCOMPARE(request.method, QByteArray("POST"));
    QCOMPARE(request.url, QByteArray("http://127.0.0.1:8000/v1/messages?beta=true"));
    QCOMPARE(request.bodySize, std::optional<qint64>(3));
    QCOMPARE(request.fields.value("authorization"), authorization);
    QCOMPARE(request.fields.value("x-api-key"), xApiKey);
    QCOMPARE(request.fields.value("accept-encoding"), QByteArray("identity"));
    QCOMPARE(target.post("/messages", {}, {}, 0).url, QByteArray("http://127.0.0.1:8000/v1/messages"));
    QCOMPARE(target.get("/models").fields.value("authorization"), authorization);
}

QTEST_GUILESS_MAIN(TestForwarding)
#include "tst_forwarding.moc"
