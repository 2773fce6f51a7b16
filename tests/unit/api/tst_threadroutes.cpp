// Threads over the API: lists and their pages, what belongs to whom, deletion.

#include "apiharness.h"
#include "domainrows.h"

#include <QJsonArray>
#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using domain::Scope;

namespace {

const QByteArray listRoute = "/api/v1/agents/coder/threads";

} // namespace

class TestThreadRoutes final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void threadAsItIsListed();
    void listIsPaged();
    void messagesArePaged();
    void badPages_data();
    void badPages();
    void strangersSeeNothing_data();
    void strangersSeeNothing();
    void keyMustBeAllowedToUseTheAgent();
    void threadsOfAnUnknownAgent();
    void threadsOutliveTheirAgent();
    void renamedAgentKeepsItsThreads();
    void deletion();
    void deletionInMidAnswer();
    void methods();

private:
    /// Asks with the ordinary key and waits.
    std::unique_ptr<ApiCall> ended(const ApiRequest &request)
    {
        auto call = m_api->call(request);
        if (!call->waitForEnd())
            qFatal("%s is not answered.", request.target.constData());
        return call;
    }

    std::unique_ptr<ApiCall> get(const QByteArray &target, const QByteArray &key = {})
    {
        return ended({.target = target, .fields = bearer(key.isEmpty() ? m_api->inferKey : key)});
    }

    std::unique_ptr<ApiCall> remove(const QByteArray &target, const QByteArray &key = {})
    {
        return ended({.method = http::Method::Delete,
                      .target = target,
                      .fields = bearer(key.isEmpty() ? m_api->inferKey : key)});
    }

    /// A whole turn; the id of its thread.
    QByteArray talk(const QByteArray &message, const QByteArray &thread = {}, const QByteArray &agent = "coder");

    std::unique_ptr<ApiHarness> m_api;
    std::unique_ptr<FakePublisher> m_publisher;
};

namespace {

QStringList column(const ApiCall &page, const char *field)
{
    QStringList values;
    for (const QJsonValue &row : page.json()[QLatin1String("data")].toArray())
        values.append(row[QLatin1String(field)].toString());
    return values;
}

QByteArray nextCursor(const ApiCall &page)
{
    return page.json()[QLatin1String("nextCursor")].toString().toLatin1();
}

} // namespace

void TestThreadRoutes::init()
{
    m_api = std::make_unique<ApiHarness>();
    m_publisher = m_api->server.publish({entry(QStringLiteral("m"))});
    m_api->server.add(
        publicAgent(QStringLiteral("coder"), m_api->server.llm(QStringLiteral("m")), m_api->clock.wallNow()));
}

void TestThreadRoutes::cleanup()
{
    m_publisher.reset();
    m_api.reset();
}

QByteArray TestThreadRoutes::talk(const QByteArray &message, const QByteArray &thread, const QByteArray &agent)
{
    m_api->clock.advance(1s);
    const QByteArray where = thread.isEmpty() ? QByteArray() : ",\"threadId\":\"" + thread + "\"";
    const auto call =
        m_api->post("/api/v1/agents/" + agent + "/chat", "{\"message\":\"" + message + "\"" + where + "}");
    const auto infer = m_api->nextInfer(*m_publisher);
    if (!infer)
        qFatal("%s", call->body().constData());
    const QByteArray answer =
        R"({"choices":[{"message":{"content":"re: )" + message + R"("},"finish_reason":"stop"}]})";
    m_publisher->answer(infer->message.task, 200, answer);
    if (!call->waitForEnd() || call->status() != 200)
        qFatal("%s", call->body().constData());
    return call->json()[QLatin1String("threadId")].toString().toLatin1();
}

void TestThreadRoutes::threadAsItIsListed()
{
    const QByteArray id = talk("Hello\\nthere");
    const QJsonObject expected{{QStringLiteral("id"), QString::fromLatin1(id)},
                               {QStringLiteral("agent"), QStringLiteral("coder")},
                               {QStringLiteral("owner"), QStringLiteral("alice")},
                               {QStringLiteral("title"), QStringLiteral("Hello there")},
                               {QStringLiteral("createdAt"), QStringLiteral("2027-01-15T08:00:01.000Z")},
                               {QStringLiteral("updatedAt"), QStringLiteral("2027-01-15T08:00:01.000Z")}};
    const auto one = get("/api/v1/threads/" + id);
    QCOMPARE(one->status(), 200);
    QCOMPARE(one->json(), expected);
    const auto list = get(listRoute);
    QCOMPARE(list->json(), (QJsonObject{{QStringLiteral("data"), QJsonArray{expected}},
                                        {QStringLiteral("nextCursor"), QJsonValue::Null}}));

    const auto messages = get("/api/v1/threads/" + id + "/messages");
    QCOMPARE(messages->json()[QLatin1String("data")][0].toObject(),
             (QJsonObject{{QStringLiteral("turn"), 0},
                          {QStringLiteral("position"), 0},
                          {QStringLiteral("role"), QStringLiteral("user")},
                          {QStringLiteral("content"), QStringLiteral("Hello\nthere")},
                          {QStringLiteral("status"), QStringLiteral("complete")},
                          {QStringLiteral("createdAt"), QStringLiteral("2027-01-15T08:00:01.000Z")},
                          {QStringLiteral("finishedAt"), QStringLiteral("2027-01-15T08:00:01.000Z")}}));
    const QJsonObject answer = messages->json()[QLatin1String("data")][1].toObject();
    QCOMPARE(answer[QLatin1String("finishReason")].toString(), QStringLiteral("stop"));
    QVERIFY(answer[QLatin1String("error")].isNull());
    QVERIFY(answer[QLatin1String("usage")].isNull());
}

void TestThreadRoutes::listIsPaged()
{
    const QByteArray first = talk("1");
    for (const char *message : {"2", "3", "4"})
        talk(message);
    talk("again", first);
    QStringList titles;
    QByteArray target = listRoute + "?limit=2";
    for (int pages = 0; pages < 3; ++pages) {
        const auto page = get(target);
        titles += column(*page, "title");
        if (nextCursor(*page).isEmpty())
            break;
        target = listRoute + "?limit=2&before=" + nextCursor(*page);
    }
    QCOMPARE(titles.join(QString()), QStringLiteral("1432"));
    QCOMPARE(column(*get(listRoute + "?limit=4"), "title").size(), 4);
    QVERIFY(nextCursor(*get(listRoute + "?limit=4")).isEmpty());
}

void TestThreadRoutes::messagesArePaged()
{
    const QByteArray thread = talk("1");
    talk("2", thread);
    const QByteArray route = "/api/v1/threads/" + thread + "/messages";
    const auto last = get(route + "?limit=3");
    QCOMPARE(column(*last, "content"),
             (QStringList{QStringLiteral("re: 1"), QStringLiteral("2"), QStringLiteral("re: 2")}));
    const auto rest = get(route + "?limit=3&before=" + nextCursor(*last));
    QCOMPARE(column(*rest, "content"), QStringList{QStringLiteral("1")});
    QVERIFY(rest->json()[QLatin1String("nextCursor")].isNull());
}

void TestThreadRoutes::badPages_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("param");
    for (const char *query : {"limit=0", "limit=201", "limit=x", "limit=", "limit=1.5", "limit=-1"})
        QTest::newRow(query) << QByteArray(query) << QStringLiteral("limit");
    for (const char *query : {"before=x", "before=-", "before=1", "before=1-", "before=x-y"})
        QTest::newRow(query) << QByteArray(query) << QStringLiteral("before");
    QTest::newRow("page=2") << QByteArray("page=2") << QStringLiteral("page");
}

void TestThreadRoutes::badPages()
{
    QFETCH(QByteArray, query);
    QFETCH(QString, param);
    const QByteArray messages = "/api/v1/threads/" + talk("1") + "/messages";
    for (const QByteArray &route : {listRoute, messages}) {
        const auto call = get(route + "?" + query);
        QCOMPARE(call->status(), 400);
        QCOMPARE(call->error(QLatin1String("param")), param);
    }
}

void TestThreadRoutes::strangersSeeNothing_data()
{
    QTest::addColumn<bool>("isAdmin");
    QTest::newRow("another owner") << false;
    QTest::newRow("an administrator") << true;
}

void TestThreadRoutes::strangersSeeNothing()
{
    QFETCH(bool, isAdmin);
    const QByteArray id = talk("secret");
    const QByteArray bob = m_api->makeKey({isAdmin ? Scope::Admin : Scope::Infer},
                                          [](domain::ApiKey &key) { key.owner = QStringLiteral("bob"); });
    const QByteArray thread = "/api/v1/threads/" + id;
    const auto unknown = get("/api/v1/threads/nowhere", bob);
    QCOMPARE(unknown->status(), 404);
    QCOMPARE(unknown->errorCode(), QStringLiteral("not_found"));
    for (const auto &call : {get(thread, bob), get(thread + "/messages", bob), remove(thread, bob)}) {
        QCOMPARE(call->status(), 404);
        QCOMPARE(call->body(), unknown->body());
    }
    const QByteArray body = "{\"message\":\"Hi\",\"threadId\":\"" + id + "\"}";
    const auto chat = ended({.method = http::Method::Post,
                             .target = "/api/v1/agents/coder/chat",
                             .fields = jsonFields(bob, body.size()),
                             .body = body});
    QCOMPARE(chat->status(), 404);
    QVERIFY(column(*get(listRoute, bob), "id").isEmpty());
    QCOMPARE(get(thread)->status(), 200);
}

void TestThreadRoutes::keyMustBeAllowedToUseTheAgent()
{
    const QByteArray id = talk("Hi");
    const QByteArray key =
        m_api->makeKey({Scope::Infer}, [](domain::ApiKey &row) { row.models = {QStringLiteral("other*")}; });
    QCOMPARE(get(listRoute, key)->errorCode(), QStringLiteral("model_not_found"));
    QCOMPARE(get("/api/v1/threads/" + id, key)->status(), 404);
    QCOMPARE(get("/api/v1/threads/" + id + "/messages", key)->status(), 404);
    QCOMPARE(remove("/api/v1/threads/" + id, key)->status(), 404);
}

void TestThreadRoutes::threadsOfAnUnknownAgent()
{
    const auto call = get("/api/v1/agents/nobody/threads");
    QCOMPARE(call->status(), 404);
    QCOMPARE(call->errorCode(), QStringLiteral("model_not_found"));
    QCOMPARE(get(listRoute)->json()[QLatin1String("data")].toArray(), QJsonArray());
}

void TestThreadRoutes::threadsOutliveTheirAgent()
{
    const QByteArray id = talk("Hi");
    domain::Agent agent = *m_api->server.registry.findAgent(QStringLiteral("coder"));
    m_api->server.registry.removeAgent(agent.id);
    QCOMPARE(column(*get(listRoute), "title"), QStringList{QStringLiteral("Hi")});
    QCOMPARE(get("/api/v1/threads/" + id)->status(), 200);
    agent.id = AgentId(QStringLiteral("returned"));
    m_api->server.registry.put(agent);
    QCOMPARE(talk("There you are", id), id);
    // Somebody else's agent of that name has nothing to do with them.
    m_api->server.registry.removeAgent(agent.id);
    agent.owner = QStringLiteral("bob");
    m_api->server.registry.put(agent);
    QVERIFY(column(*get(listRoute), "title").isEmpty());
    QCOMPARE(get("/api/v1/threads/" + id)->status(), 200);
}

void TestThreadRoutes::renamedAgentKeepsItsThreads()
{
    const QByteArray id = talk("Hi");
    const QByteArray body = R"({"name":"writer"})";
    const auto edited = ended({.method = http::Method::Patch,
                               .target = "/api/v1/agents/coder",
                               .fields = jsonFields(m_api->adminKey, body.size()),
                               .body = body});
    QCOMPARE(edited->status(), 200);
    QCOMPARE(column(*get("/api/v1/agents/writer/threads"), "title"), QStringList{QStringLiteral("Hi")});
    const auto thread = get("/api/v1/threads/" + id);
    QCOMPARE(thread->json()[QLatin1String("agent")].toString(), QStringLiteral("writer"));
    QCOMPARE(talk("There you are", id, "writer"), id);
    QCOMPARE(get(listRoute)->errorCode(), QStringLiteral("model_not_found"));
}

void TestThreadRoutes::deletion()
{
    const QByteArray id = talk("Hi");
    const auto removed = remove("/api/v1/threads/" + id);
    QCOMPARE(removed->status(), 204);
    QVERIFY(removed->body().isEmpty());
    QCOMPARE(remove("/api/v1/threads/" + id)->status(), 404);
    QCOMPARE(get("/api/v1/threads/" + id + "/messages")->status(), 404);
    QCOMPARE(m_api->fixture.query(QStringLiteral("SELECT COUNT(*) FROM messages")).toInt(), 0);
}

void TestThreadRoutes::deletionInMidAnswer()
{
    const QByteArray id = talk("1");
    const QByteArray bob =
        m_api->makeKey({Scope::Infer}, [](domain::ApiKey &key) { key.owner = QStringLiteral("bob"); });
    const auto call = m_api->post("/api/v1/agents/coder/chat", "{\"message\":\"2\",\"threadId\":\"" + id + "\"}");
    QCOMPARE(remove("/api/v1/threads/" + id)->status(), 409);
    QCOMPARE(remove("/api/v1/threads/" + id, bob)->status(), 404);
    const auto infer = m_api->nextInfer(*m_publisher);
    QVERIFY(infer);
    m_publisher->answer(infer->message.task, 200, R"({"choices":[{"message":{"content":"3"}}]})");
    QVERIFY(call->waitForEnd());
    QCOMPARE(remove("/api/v1/threads/" + id)->status(), 204);
}

void TestThreadRoutes::methods()
{
    const auto call = m_api->call({.method = http::Method::Put, .target = "/api/v1/threads/x"});
    QCOMPARE(call->status(), 405);
    QCOMPARE(call->field("allow"), QByteArray("GET, HEAD, DELETE"));
}

QTEST_GUILESS_MAIN(TestThreadRoutes)
#include "tst_threadroutes.moc"
