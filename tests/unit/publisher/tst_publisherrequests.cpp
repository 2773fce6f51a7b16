// What a publisher knows of the requests that it answers, and how their owner ends them.

#include "publisherfixture.h"

#include <QSignalSpy>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;

class TestPublisherRequests final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsNothingUnwatched();
    void knowsAStream();
    void knowsAWholeAnswer();
    void countsNothingOfAFailure();
    void tellsEachBeginAndEnd();
    void tellsHowItEnded_data();
    void tellsHowItEnded();
    void tellsOfALostChannel();
    void cancelsBeforeTheHead();
    void cancelsAfterTheHead();
    void ignoresWhatHasEnded();
};

namespace {

constexpr TaskId task{1};

/// Makes a request end.
using Act = std::function<void(PublisherFixture &, const Exchange &)>;

/// One token of a chat.
QByteArray token(const QByteArray &text)
{
    return R"(data: {"choices":[{"index":0,"delta":{"content":")" + text + "\"}}]}\n\n";
}

/// Comes online where somebody watches, and sends a request on its way. Null when it does not arrive.
const Exchange *watchOne(PublisherFixture &fixture)
{
    fixture.watchesRequests = true;
    if (!fixture.goOnline())
        return nullptr;
    fixture.infer(task);
    return fixture.backend.waitForRequest();
}

RequestFacts only(const PublisherFixture &fixture)
{
    const std::vector<RequestFacts> requests = fixture.publisher->requests();
    return requests.size() == 1 ? requests.front() : RequestFacts{};
}

} // namespace

void TestPublisherRequests::knowsNothingUnwatched()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    QSignalSpy changes(fixture.publisher.get(), &Publisher::requestsChanged);
    QSignalSpy ends(fixture.publisher.get(), &Publisher::requestEnded);
    fixture.infer(task);
    const Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    QVERIFY(fixture.publisher->requests().empty());
    exchange->answer("{}");
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
    QCoreApplication::processEvents();
    QVERIFY(changes.isEmpty());
    QVERIFY(ends.isEmpty());
}

void TestPublisherRequests::knowsAStream()
{
    PublisherFixture fixture;
    const Exchange *exchange = watchOne(fixture);
    QVERIFY(exchange);
    const MonotonicTime began = fixture.clock.now();
    RequestFacts facts = only(fixture);
    QCOMPARE(facts.task, task);
    QCOMPARE(facts.llm, QStringLiteral("vllm-local"));
    QCOMPARE(facts.path, QByteArray("/chat/completions"));
    QVERIFY(facts.began == began);
    QVERIFY(!facts.answered);
    fixture.clock.advance(2s);
    exchange->beginStream();
    const QByteArray tokens = token("Good") + ": a comment\n\n" + token(" day");
    exchange->chunk(tokens);
    QTRY_COMPARE(fixture.publisher->requests().front().events, 2);
    facts = only(fixture);
    QVERIFY(facts.isStream);
    QVERIFY(facts.answered == began + 2s);
    QVERIFY(!facts.usage);
    QCOMPARE(facts.tokens(), 2);
    const QByteArray usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":40}}\n\n";
    QSignalSpy ends(fixture.publisher.get(), &Publisher::requestEnded);
    exchange->chunk(usage);
    exchange->endStream();
    QVERIFY(ends.wait());
    facts = ends.first().at(0).value<RequestFacts>();
    QVERIFY((facts.usage == metering::TokenUsage{9, 40}));
    QCOMPARE(facts.tokens(), 40);
    QVERIFY2(fixture.server->body(task) == tokens + usage, "Nothing is taken out.");
}

void TestPublisherRequests::knowsAWholeAnswer()
{
    PublisherFixture fixture;
    const Exchange *exchange = watchOne(fixture);
    QVERIFY(exchange);
    QSignalSpy ends(fixture.publisher.get(), &Publisher::requestEnded);
    exchange->answer(R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":5}})");
    QVERIFY(ends.wait());
    const auto facts = ends.first().at(0).value<RequestFacts>();
    QVERIFY(!facts.isStream);
    QCOMPARE(facts.events, 0);
    QVERIFY((facts.usage == metering::TokenUsage{3, 5}));
}

void TestPublisherRequests::countsNothingOfAFailure()
{
    PublisherFixture fixture;
    const Exchange *exchange = watchOne(fixture);
    QVERIFY(exchange);
    QSignalSpy ends(fixture.publisher.get(), &Publisher::requestEnded);
    fixture.backend.stop();
    QVERIFY(ends.wait());
    const auto facts = ends.first().at(0).value<RequestFacts>();
    QVERIFY(!facts.answered);
    QCOMPARE(facts.tokens(), 0);
    QVERIFY(!ends.first().at(1).value<Result<void>>().ok());
}

void TestPublisherRequests::tellsEachBeginAndEnd()
{
    PublisherFixture fixture;
    fixture.watchesRequests = true;
    QVERIFY(fixture.goOnline());
    QSignalSpy changes(fixture.publisher.get(), &Publisher::requestsChanged);
    fixture.infer(task);
    fixture.infer(TaskId{2});
    QVERIFY(fixture.backend.waitForRequest(2));
    QTRY_COMPARE(changes.size(), 2);
    QCOMPARE(fixture.publisher->requests().size(), size_t(2));
    fixture.backend.exchanges().front()->answer("{}");
    QTRY_COMPARE(changes.size(), 3);
    QCOMPARE(fixture.publisher->requests().size(), size_t(1));
}

void TestPublisherRequests::tellsHowItEnded_data()
{
    QTest::addColumn<Act>("act");
    QTest::addColumn<std::optional<ErrorCode>>("expected");
    const auto row = [](const char *name, std::optional<ErrorCode> expected, const Act &act) {
        QTest::newRow(name) << act << expected;
    };
    row("answered", std::nullopt, [](PublisherFixture &, const Exchange &exchange) { exchange.answer("{}"); });
    row("refused by the backend", std::nullopt, [](PublisherFixture &, const Exchange &exchange) {
        exchange.answer("{}", "Content-Type: application/json\r\n", "500 Broken");
    });
    row("caller gone", ErrorCode::Cancelled,
        [](PublisherFixture &fixture, const Exchange &) { fixture.server->send(channel::Cancel{task}); });
    row("cancelled by the owner", ErrorCode::CancelledByOwner,
        [](PublisherFixture &fixture, const Exchange &) { fixture.publisher->cancelRequest(task); });
    row("stopped", ErrorCode::PublisherLost,
        [](PublisherFixture &fixture, const Exchange &) { fixture.publisher->stop(); });
}

void TestPublisherRequests::tellsHowItEnded()
{
    QFETCH(const Act, act);
    QFETCH(const std::optional<ErrorCode>, expected);
    PublisherFixture fixture;
    const Exchange *exchange = watchOne(fixture);
    QVERIFY(exchange);
    QSignalSpy ends(fixture.publisher.get(), &Publisher::requestEnded);
    act(fixture, *exchange);
    QVERIFY(ends.wait());
    QCOMPARE(ends.size(), 1);
    const auto outcome = ends.first().at(1).value<Result<void>>();
    QVERIFY((outcome ? std::nullopt : std::optional(outcome.error().code)) == expected);
    QVERIFY(fixture.publisher->requests().empty());
}

void TestPublisherRequests::tellsOfALostChannel()
{
    PublisherFixture fixture;
    QVERIFY(watchOne(fixture));
    QSignalSpy ends(fixture.publisher.get(), &Publisher::requestEnded);
    fixture.server->channel->breakOff();
    QVERIFY(ends.wait());
    QVERIFY(ends.first().at(1).value<Result<void>>().error().code == ErrorCode::PublisherLost);
}

void TestPublisherRequests::cancelsBeforeTheHead()
{
    PublisherFixture fixture;
    const Exchange *exchange = watchOne(fixture);
    QVERIFY(exchange);
    fixture.publisher->cancelRequest(task);
    const auto error = fixture.server->waitFor<channel::TaskError>();
    QVERIFY(error);
    QCOMPARE(error->task, task);
    QCOMPARE(error->code, QStringLiteral("cancelled_by_owner"));
    QVERIFY(error->message.contains(QStringLiteral("owner")));
    QCOMPARE(fixture.server->terminals(task), 1);
    QTRY_VERIFY(exchange->isGone());
    QCOMPARE(fixture.firstLlm().running, 0);
}

void TestPublisherRequests::cancelsAfterTheHead()
{
    PublisherFixture fixture;
    const Exchange *exchange = watchOne(fixture);
    QVERIFY(exchange);
    exchange->beginStream();
    exchange->chunk(token("Good"));
    QTRY_COMPARE(fixture.server->body(task), token("Good"));
    fixture.publisher->cancelRequest(task);
    const auto error = fixture.server->waitFor<channel::TaskError>();
    QVERIFY(error);
    QCOMPARE(error->code, QStringLiteral("cancelled_by_owner"));
    QTRY_VERIFY(exchange->isGone());
    QCOMPARE(fixture.server->terminals(task), 1);
}

void TestPublisherRequests::ignoresWhatHasEnded()
{
    PublisherFixture fixture;
    const Exchange *exchange = watchOne(fixture);
    QVERIFY(exchange);
    exchange->answer("{}");
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
    fixture.publisher->cancelRequest(task);
    fixture.publisher->cancelRequest(TaskId{99});
    QCoreApplication::processEvents();
    QCOMPARE(fixture.server->terminals(task), 1);
    fixture.publisher->stop();
    fixture.publisher->cancelRequest(task);
}

QTEST_GUILESS_MAIN(TestPublisherRequests)
#include "tst_publisherrequests.moc"
