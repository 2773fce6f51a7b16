// What a chat completion to an agent looks like when it leaves: the expected edit and not one byte more.

#include "agentrequest.h"
#include "bodyscanner.h"
#include "modelbody.h"

#include <QJsonArray>
#include <QTest>

using namespace hearth;
using namespace hearth::api;

class TestAgentRequest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void edit_data();
    void edit();
    void refused_data();
    void refused();
    void obstacles();

private:
    static domain::Agent agent()
    {
        domain::Agent agent;
        agent.name = QStringLiteral("coder");
        agent.systemPrompt = QStringLiteral("Be \"brief\".\n");
        agent.defaultParams = {{QStringLiteral("temperature"), 0.2}, {QStringLiteral("stop"), QJsonArray{u"a"_qs}}};
        return agent;
    }

    static Result<QByteArray> edited(const domain::Agent &agent, const QByteArray &body)
    {
        const Result<json::ObjectScan> scan = json::scanObject(body, watchedKeys);
        if (!scan)
            return scan.error();
        const std::vector<QByteArray> keys = agentKeys(agent);
        const Result<json::ObjectScan> params =
            json::scanObject(body, std::vector<QByteArrayView>(keys.begin(), keys.end()), json::KeyCase::Folded);
        if (!params)
            return params.error();
        return agentBody(agent, body, *scan, *params);
    }

    static QByteArray whole(const QByteArray &body)
    {
        const json::ObjectScan scan = json::scanObject(body, watchedKeys).value();
        return modelBody(body, scan, false)->spliced(QStringLiteral("backend/model")).joined();
    }
};

void TestAgentRequest::edit_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("expected");

    const QByteArray system = R"({"role":"system","content":"Be \"brief\".\u000a"})";
    const QByteArray both = R"("stop":["a"],"temperature":0.2,)";
    QTest::newRow("plain") << QByteArray(R"({"model":"coder","messages":[{"role":"user","content":"x"}]})")
                           << QByteArray("{" + both + R"("model":"backend/model","messages":[)" + system +
                                         R"(,{"role":"user","content":"x"}]})");
    QTest::newRow("messages first") << QByteArray(R"({ "messages" : [ {"role":"user"} ] , "model" : "coder" })")
                                    << QByteArray("{" + both + R"( "messages" : [)" + system +
                                                  R"(, {"role":"user"} ] , "model" : "backend/model" })");
    QTest::newRow("no messages") << QByteArray(R"({"model":"coder","messages":[ ]})")
                                 << QByteArray("{" + both + R"("model":"backend/model","messages":[)" + system + " ]}");
    QTest::newRow("own system message follows")
        << QByteArray(R"({"model":"coder","messages":[{"role":"system","content":"own"}]})")
        << QByteArray("{" + both + R"("model":"backend/model","messages":[)" + system +
                      R"(,{"role":"system","content":"own"}]})");
    QTest::newRow("caller's parameters win")
        << QByteArray(R"({"model":"coder","messages":[],"temperature":1.50,"st\u006fp":null})")
        << QByteArray(R"({"model":"backend/model","messages":[)" + system +
                      R"(],"temperature":1.50,"st\u006fp":null})");
    QTest::newRow("nested names are not the caller's")
        << QByteArray(R"({"model":"coder","messages":[],"metadata":{"temperature":1},"stop":"b"})")
        << QByteArray(R"({"temperature":0.2,"model":"backend/model","messages":[)" + system +
                      R"(],"metadata":{"temperature":1},"stop":"b"})");
    QTest::newRow("the rest stays as it came")
        << QByteArray("{\"big\":18446744073709551616,\"n\":1.0e+2,\"u\":\"\\u00e9\\ud83d\",\"x\":1,\"x\":2,"
                      "\"mod\\u0065l\":\"coder\",\"messages\":[1],\"stop\":1,\"temperature\":0}")
        << QByteArray("{\"big\":18446744073709551616,\"n\":1.0e+2,\"u\":\"\\u00e9\\ud83d\",\"x\":1,\"x\":2,"
                      "\"mod\\u0065l\":\"backend/model\",\"messages\":[" +
                      system + ",1],\"stop\":1,\"temperature\":0}");
}

void TestAgentRequest::edit()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, expected);
    const Result<QByteArray> result = edited(agent(), body);
    QVERIFY(result);
    QCOMPARE(whole(*result), expected);
}

void TestAgentRequest::refused_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("no messages") << QByteArray(R"({"model":"coder"})");
    QTest::newRow("messages are a string") << QByteArray(R"({"model":"coder","messages":"[]"})");
    QTest::newRow("messages are an object") << QByteArray(R"({"model":"coder","messages":{}})");
    QTest::newRow("second messages") << QByteArray(R"({"model":"coder","messages":[],"messages":[]})");
    QTest::newRow("second messages in disguise") << QByteArray(R"({"model":"coder","messages":[],"m\u0065ssages":[]})");
    QTest::newRow("second messages in capitals") << QByteArray(R"({"model":"coder","messages":[],"Messages":[]})");
    QTest::newRow("second messages with a long s")
        << QByteArray("{\"model\":\"coder\",\"messages\":[],\"me\\u017f\\u017fages\":[]}");
    QTest::newRow("messages in capitals") << QByteArray(R"({"model":"coder","MESSAGES":[]})");
    QTest::newRow("second model in capitals") << QByteArray(R"({"model":"coder","messages":[],"Model":"other"})");
    QTest::newRow("second parameter in capitals") << QByteArray(R"({"model":"coder","messages":[],"stop":1,"Stop":2})");
    QTest::newRow("second parameter") << QByteArray(R"({"model":"coder","messages":[],"stop":1,"stop":2})");
}

void TestAgentRequest::refused()
{
    QFETCH(QByteArray, body);
    const Result<QByteArray> result = edited(agent(), body);
    QVERIFY(!result);
    QVERIFY(result.error().code == ErrorCode::InvalidRequest);
}

void TestAgentRequest::obstacles()
{
    domain::Agent coder = agent();
    QVERIFY(!agentObstacle(coder, modelRoutes[0]));
    for (size_t i = 1; i < modelRoutes.size(); ++i) {
        const auto error = agentObstacle(coder, modelRoutes[i]);
        QVERIFY(error);
        QVERIFY(error->code == ErrorCode::InvalidRequest);
    }
    coder.status = domain::LlmStatus::Inactive;
    const auto error = agentObstacle(coder, modelRoutes[0]);
    QVERIFY(error);
    QVERIFY(error->code == ErrorCode::PublisherOffline);

    // Without prompt and parameters nothing but the model is edited.
    coder.systemPrompt.clear();
    coder.defaultParams = {};
    const auto plain = edited(coder, R"({"messages":[],"model":"coder"})");
    QVERIFY(plain);
    QCOMPARE(whole(*plain), QByteArray(R"({"messages":[],"model":"backend/model"})"));
}

QTEST_GUILESS_MAIN(TestAgentRequest)
#include "tst_agentrequest.moc"
