// What a Publisher does with the tasks of its server.

#include "publisherfixture.h"

#include <QRegularExpression>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;

class TestPublisherTasks final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passesARequestAndItsAnswer();
    void passesOnOnlyWhatIsAllowed();
    void refusesOtherPaths_data();
    void refusesOtherPaths();
    void refusesUnknownLlms();
    void passesErrorsUntouched_data();
    void passesErrorsUntouched();
    void dropsWhatBelongsToNoTask();
    void mapsFailures_data();
    void mapsFailures();
    void boundsTheTasks();
};

namespace {

constexpr TaskId task{1};

} // namespace

void TestPublisherTasks::passesARequestAndItsAnswer()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.infer(task, R"({"model":"test-model"})");
    const Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    QCOMPARE(exchange->requestLine(), QByteArray("POST /v1/chat/completions HTTP/1.1"));
    QCOMPARE(exchange->body, QByteArray(R"({"model":"test-model"})"));
    QVERIFY(exchange->hasField("Content-Type: application/json"));
    exchange->answer(R"({"id":"x"})", "Content-Type: application/json\r\nOpenai-Processing-Ms: 12\r\nServer: x\r\n");

    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
    const auto head = fixture.server->all<channel::ResponseHead>().first();
    QCOMPARE(head.task, task);
    QCOMPARE(head.status, 200);
    QCOMPARE(head.headers, (HttpFields{{"Content-Type", "application/json"}, {"Openai-Processing-Ms", "12"}}));
    QCOMPARE(fixture.server->body(task), QByteArray(R"({"id":"x"})"));
    QCOMPARE(fixture.server->terminals(task), 1);
    QCOMPARE(fixture.publisher->llms().front().running, 0);
}

void TestPublisherTasks::passesOnOnlyWhatIsAllowed()
{
    PublisherFixture fixture;
    fixture.settings.llms.front().type = BackendType::Anthropic;
    fixture.settings.llms.front().apiKey = "sk-backend";
    QVERIFY(fixture.goOnline());
    channel::Infer message = PublisherFixture::inferMessage(task, "/messages");
    message.query = "beta=true";
    message.headers = {{"anthropic-version", "2023-06-01"},
                       {"accept", "text/event-stream"},
                       {"authorization", "Bearer caller"},
                       {"x-forwarded-for", "1.2.3.4"},
                       {"openai-evil", "a\r\nX-Evil: b"}};
    fixture.server->send(message);
    const Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    QCOMPARE(exchange->requestLine(), QByteArray("POST /v1/messages?beta=true HTTP/1.1"));
    QVERIFY(exchange->hasField("anthropic-version: 2023-06-01"));
    QVERIFY(exchange->hasField("accept: text/event-stream"));
    QVERIFY(exchange->hasField("Authorization: Bearer sk-backend"));
    QVERIFY(exchange->hasField("x-api-key: sk-backend"));
    QVERIFY(!exchange->hasFieldNamed("x-forwarded-for"));
    QVERIFY(!exchange->head.contains("Evil"));
    QVERIFY(!exchange->head.contains("caller"));
}

void TestPublisherTasks::refusesOtherPaths_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("query");

    QTest::newRow("management") << QByteArray("/api/delete") << QByteArray();
    QTest::newRow("climbing") << QByteArray("/chat/completions/../../api/pull") << QByteArray();
    QTest::newRow("otherHost") << QByteArray("@evil.example/completions") << QByteArray();
    QTest::newRow("badQuery") << QByteArray("/completions") << QByteArray("a b");
}

void TestPublisherTasks::refusesOtherPaths()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, query);

    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    channel::Infer message = PublisherFixture::inferMessage(task, path);
    message.query = query;
    fixture.server->send(message);
    const auto error = fixture.server->waitFor<channel::TaskError>();
    QVERIFY(error);
    QCOMPARE(error->code, QStringLiteral("invalid_request"));
    QVERIFY(fixture.backend.exchanges().empty());
}

void TestPublisherTasks::refusesUnknownLlms()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    channel::Infer message = PublisherFixture::inferMessage(task, "/completions");
    message.llm = QStringLiteral("nobody");
    fixture.server->send(message);
    const auto error = fixture.server->waitFor<channel::TaskError>();
    QVERIFY(error);
    QCOMPARE(error->code, QStringLiteral("publisher_offline"));
}

void TestPublisherTasks::passesErrorsUntouched_data()
{
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<int>("code");

    QTest::newRow("badRequest") << QByteArray("400 Bad Request") << 400;
    QTest::newRow("tooMany") << QByteArray("429 Too Many Requests") << 429;
    QTest::newRow("broken") << QByteArray("500 Internal Server Error") << 500;
    QTest::newRow("redirect") << QByteArray("307 Temporary Redirect") << 307;
    QTest::newRow("highest") << QByteArray("599 Odd") << 599;
}

void TestPublisherTasks::passesErrorsUntouched()
{
    QFETCH(QByteArray, status);
    QFETCH(int, code);

    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.infer(task);
    const Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    exchange->answer("sorry", "Retry-After: 7\r\nLocation: http://10.0.0.1/\r\n", status);
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
    const auto head = fixture.server->all<channel::ResponseHead>().first();
    QCOMPARE(head.status, code);
    QCOMPARE(head.headers, (HttpFields{{"Retry-After", "7"}}));
    QCOMPARE(fixture.server->body(task), QByteArray("sorry"));
    QCOMPARE(fixture.backend.exchanges().size(), size_t(1));
}

void TestPublisherTasks::dropsWhatBelongsToNoTask()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.server->sendBody(TaskId{77}, "nobody's");
    fixture.server->send(channel::Window{TaskId{77}, 1000});
    fixture.infer(task, "first");
    const Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    // The same id again: there is one task, and one answer.
    fixture.server->send(PublisherFixture::inferMessage(task, "/completions"));
    exchange->answer("{}");
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
    QCOMPARE(fixture.backend.exchanges().size(), size_t(1));
    QCOMPARE(fixture.server->terminals(task), 1);
    QVERIFY(!fixture.server->closeReason);
    // The body without a task, and the second task.
    QTest::ignoreMessage(QtInfoMsg, QRegularExpression(QStringLiteral("^2 frames for unknown tasks")));
    fixture.publisher->stop();
}

void TestPublisherTasks::mapsFailures_data()
{
    QTest::addColumn<QString>("failure");
    QTest::addColumn<QString>("code");

    QTest::newRow("noListener") << QStringLiteral("refuse") << QStringLiteral("backend_unreachable");
    QTest::newRow("closedUnanswered") << QStringLiteral("close") << QStringLiteral("backend_unreachable");
    QTest::newRow("neverAnswers") << QStringLiteral("hang") << QStringLiteral("backend_timeout");
    QTest::newRow("fallsSilent") << QStringLiteral("stall") << QStringLiteral("backend_timeout");
    QTest::newRow("breaksOff") << QStringLiteral("cut") << QStringLiteral("backend_error");
    QTest::newRow("noHttp") << QStringLiteral("garbage") << QStringLiteral("backend_error");
    QTest::newRow("illegalStatus") << QStringLiteral("status") << QStringLiteral("backend_error");
}

void TestPublisherTasks::mapsFailures()
{
    QFETCH(QString, failure);
    QFETCH(QString, code);

    PublisherFixture fixture;
    fixture.settings.backend.firstByteTimeout = 200ms;
    fixture.settings.backend.idleTimeout = 200ms;
    QVERIFY(fixture.goOnline());
    if (failure == QLatin1String("refuse"))
        fixture.backend.stop();
    fixture.infer(task);
    if (failure != QLatin1String("refuse")) {
        const Exchange *exchange = fixture.backend.waitForRequest();
        QVERIFY(exchange);
        if (failure == QLatin1String("close")) {
            exchange->socket->abort();
        } else if (failure == QLatin1String("garbage")) {
            exchange->write("SSH-2.0-OpenSSH_9.2\r\n\r\n");
            exchange->socket->disconnectFromHost();
        } else if (failure == QLatin1String("status")) {
            exchange->answer("{}", "", "600 Odd");
        } else if (failure != QLatin1String("hang")) {
            exchange->beginStream();
            exchange->chunk("one");
            if (failure == QLatin1String("cut"))
                exchange->socket->disconnectFromHost();
        }
    }
    const auto error = fixture.server->waitFor<channel::TaskError>();
    QVERIFY(error);
    QCOMPARE(error->code, code);
    QVERIFY(error->message.contains(QStringLiteral("vllm-local")));
    QVERIFY2(!error->message.contains(QStringLiteral("127.0.0.1")), qPrintable(error->message));
    QCOMPARE(fixture.server->terminals(task), 1);
    QCOMPARE(fixture.publisher->llms().front().running, 0);
}

void TestPublisherTasks::boundsTheTasks()
{
    PublisherFixture fixture;
    fixture.settings.llms.front().maxConcurrency = 2;
    fixture.settings.extraTasks = 1;
    QVERIFY(fixture.goOnline());
    for (quint64 id = 1; id <= 4; ++id)
        fixture.infer(TaskId{id});
    const auto error = fixture.server->waitFor<channel::TaskError>();
    QVERIFY(error);
    QCOMPARE(error->task, TaskId{4});
    QCOMPARE(error->code, QStringLiteral("overloaded"));
    QVERIFY(fixture.backend.waitForRequest(3));
    // A task that has ended makes room.
    fixture.server->send(channel::Cancel{TaskId{1}});
    fixture.infer(TaskId{5});
    QVERIFY(fixture.backend.waitForRequest(4));
}

QTEST_GUILESS_MAIN(TestPublisherTasks)
#include "tst_publishertasks.moc"
