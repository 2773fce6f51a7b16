// The rows that the running server shows and deletes: Llms and provider sessions, with all their fields.

#include "stacktest.h"

#include <QDateTime>
#include <QJsonDocument>

using namespace hearth;
using namespace hearth::testsupport;

class TestResources final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
    void showsAllFieldsOfAnLlm();
    void showsSessions();
    void deletesAnLlm();

private:
    std::unique_ptr<HttpCall> ask(const HttpRequest &request) const;
};

std::unique_ptr<HttpCall> TestResources::ask(const HttpRequest &request) const
{
    auto call = m_stack->call(request);
    call->waitForEnd();
    return call;
}

void TestResources::showsAllFieldsOfAnLlm()
{
    QVERIFY(startStack());
    const QJsonArray rows = QJsonDocument::fromJson(m_stack->get("/api/v1/llms")->body()).array();
    QCOMPARE(rows.size(), 1);
    const QJsonObject row = rows.first().toObject();
    QCOMPARE(m_stack->llm(row[QLatin1String("id")].toString().toUtf8()).keys(), row.keys());
    const QJsonObject expected{
        {QStringLiteral("name"), QStringLiteral("test-llm")},
        {QStringLiteral("kind"), QStringLiteral("virtual")},
        {QStringLiteral("status"), QStringLiteral("active")},
        {QStringLiteral("statusReason"), QJsonValue::Null},
        {QStringLiteral("owner"), QStringLiteral("publisher")},
        {QStringLiteral("publisher"), QStringLiteral("publisher")},
        {QStringLiteral("type"), QStringLiteral("openai")},
        {QStringLiteral("model"), QStringLiteral("test-model")},
        {QStringLiteral("pool"), QStringLiteral("test-model")},
        {QStringLiteral("streamUsage"), true},
        {QStringLiteral("tier"), QStringLiteral("fast")},
        {QStringLiteral("description"), QString()},
        {QStringLiteral("extraConfig"), QJsonObject()},
        {QStringLiteral("maxConcurrency"), 4},
        {QStringLiteral("running"), 0},
        {QStringLiteral("waiting"), 0},
        {QStringLiteral("wake"), QJsonValue::Null},
        {QStringLiteral("inactiveSince"), QJsonValue::Null},
    };
    for (auto it = expected.begin(); it != expected.end(); ++it) {
        QVERIFY2(row.contains(it.key()), qPrintable(it.key()));
        QCOMPARE(row[it.key()], it.value());
    }
    for (const char *time : {"createdAt", "updatedAt", "lastHeartbeatAt"}) {
        const auto stamp = QDateTime::fromString(row[QLatin1String(time)].toString(), Qt::ISODateWithMs);
        QVERIFY2(std::abs(stamp.secsTo(QDateTime::currentDateTimeUtc())) < 60, time);
    }
    QVERIFY(row[QLatin1String("version")].toInt() >= 1);
    QCOMPARE(row[QLatin1String("providerSessionId")], m_stack->sessions().first()[QLatin1String("id")]);
    const QJsonObject model = m_stack->get("/v1/models/test-llm")->json();
    QCOMPARE(model[QLatin1String("object")].toString(), QStringLiteral("model"));
    const QJsonObject pool = m_stack->get("/v1/models/test-model")->json();
    QCOMPARE(m_stack->get("/v1/models")->json()[QLatin1String("data")].toArray(), (QJsonArray{model, pool}));
}

void TestResources::showsSessions()
{
    QVERIFY(startStack());
    const auto stream =
        m_stack->call(m_stack->chat(directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 100'000}})));
    QVERIFY(stream->waitForEvents(1));
    const QJsonArray sessions = m_stack->sessions();
    QCOMPARE(sessions.size(), 1);
    const QJsonObject session = sessions.first().toObject();
    QCOMPARE(session[QLatin1String("publisher")].toString(), QStringLiteral("publisher"));
    QCOMPARE(session[QLatin1String("owner")].toString(), QStringLiteral("publisher"));
    QCOMPARE(session[QLatin1String("epoch")].toInt(), 1);
    QCOMPARE(session[QLatin1String("bound")], QJsonValue(true));
    QCOMPARE(session[QLatin1String("inFlight")].toInt(), 1);
    QCOMPARE(session[QLatin1String("llms")].toArray(), QJsonArray{QStringLiteral("test-llm")});
    const double age = session[QLatin1String("heartbeatAgeSeconds")].toDouble(-1);
    QVERIFY(age >= 0 && age < 30);
    QCOMPARE(m_stack->llm()[QLatin1String("running")].toInt(), 1);
}

void TestResources::deletesAnLlm()
{
    QVERIFY(startStack());
    const QString id = m_stack->llm()[QLatin1String("id")].toString();
    const HttpRequest request{.method = "DELETE",
                              .target = "/api/v1/llms/test-llm",
                              .fields = {{"Authorization", "Bearer " + m_stack->key("admin")}}};
    QCOMPARE(ask(request)->status(), 409);
    QVERIFY(ask(m_stack->chat())->saysDone());

    m_stack->publisher().kill();
    QVERIFY(m_stack->waitUntilLlmIs("inactive"));
    const auto deleted = ask(request);
    QCOMPARE(deleted->status(), 204);
    QVERIFY(deleted->body().isEmpty());
    QCOMPARE(ask(request)->status(), 404);
    QCOMPARE(m_stack->get("/api/v1/llms")->body(), QByteArray("[]"));
    QCOMPARE(ask(m_stack->chat())->status(), 404);

    // It is gone from the database, too; a publisher that returns brings a new one.
    m_stack->server().kill();
    QVERIFY(m_stack->startServer());
    QCOMPARE(m_stack->get("/api/v1/llms")->body(), QByteArray("[]"));
    m_stack->startPublisher();
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    QVERIFY(m_stack->llm()[QLatin1String("id")].toString() != id);
}

QTEST_GUILESS_MAIN(TestResources)
#include "tst_resources.moc"
