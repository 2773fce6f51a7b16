// Answers of backends put together: streams cut at every byte, whole JSON, refusals, and what is wrong with them.

#include "chatanswer.h"

#include <QTest>

using namespace hearth;
using namespace hearth::chat;
using domain::ToolCall;

namespace {

struct Read
{
    /// All that takeNewText() gave.
    QString passedOn;
    QString text;
    QList<ToolCall> toolCalls;
    QString finishReason;
    std::optional<QJsonObject> usage;
    std::optional<Error> error;
};

/// Feeds `body` in two pieces, cut at `cut`, or byte by byte where that is negative.
Read read(const QByteArray &body, qsizetype cut, const QByteArray &type = "text/event-stream", int status = 200,
          qint64 maxSize = 1024 * 1024)
{
    ChatAnswer answer(maxSize);
    answer.begin(status, {{"Content-Type", type}});
    Read read;
    const auto take = [&](const Result<void> &result) {
        read.passedOn += answer.takeNewText();
        if (!result && !read.error)
            read.error = result.error();
    };
    QByteArrayList pieces{body.left(cut), body.mid(cut)};
    if (cut < 0) {
        pieces.clear();
        for (const char c : body)
            pieces.append(QByteArray(1, c));
    }
    for (const QByteArray &piece : pieces) {
        if (!read.error)
            take(answer.append(piece));
    }
    if (!read.error)
        take(answer.end());
    read.text = answer.text();
    read.toolCalls = answer.toolCalls();
    read.finishReason = answer.finishReason();
    read.usage = answer.usage();
    return read;
}

QByteArray chunk(const QByteArray &delta, const QByteArray &reason = "null")
{
    return "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + reason +
           "}]}\n\n";
}

QByteArray said(const QByteArray &text)
{
    return chunk("{\"content\":\"" + text + "\"}");
}

QByteArray call(const QByteArray &members)
{
    return chunk("{\"tool_calls\":[{" + members + "}]}");
}

const QByteArray done = chunk("{}", "\"stop\"") + "data: [DONE]\n\n";

} // namespace

Q_DECLARE_METATYPE(QList<hearth::domain::ToolCall>)

class TestChatAnswer final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void streamCutAtEveryByte();
    void textOfStreams_data();
    void textOfStreams();
    void toolCalls_data();
    void toolCalls();
    void callsGetIdsOfTheirOwn();
    void wholeJson();
    void failures_data();
    void failures();
    void whatHasComeBeforeAFailure();
    void surrogatePairIsPassedOnWhole();
    void longStreamOfNothingIsNoLongAnswer();
    void whatFollowsTheEndDoesNotCount();
    void failedAnswerIsNotDone();
};

void TestChatAnswer::streamCutAtEveryByte()
{
    const QByteArray stream = ": hello\n\n" + chunk(R"({"role":"assistant","content":""})") +
                              said("Gr\xC3\xBC\xC3\x9F dich") + said(" \xF0\x9F\x94\xA5\\n\\u0041") +
                              call(R"("index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""})") +
                              call(R"("index":0,"function":{"arguments":"{\"a\":"})") +
                              call(R"("index":1,"id":"c2","function":{"name":"g","arguments":"{}"})") +
                              call(R"("index":0,"function":{"arguments":"1}"})") + chunk("{}", "\"tool_calls\"") +
                              "data: {\"choices\":[],\"usage\":{\"total_tokens\":7}}\r\n\r\ndata: [DONE]\n\n";
    for (qsizetype cut = -1; cut <= stream.size(); ++cut) {
        const Read answer = read(stream, cut);
        QVERIFY2(!answer.error, answer.error ? qPrintable(answer.error->message) : "");
        QCOMPARE(answer.text, QString::fromUtf8("Gr\xC3\xBC\xC3\x9F dich \xF0\x9F\x94\xA5\nA"));
        QCOMPARE(answer.passedOn, answer.text);
        QVERIFY(answer.toolCalls ==
                (QList<ToolCall>{{QStringLiteral("c1"), QStringLiteral("f"), QStringLiteral("{\"a\":1}")},
                                 {QStringLiteral("c2"), QStringLiteral("g"), QStringLiteral("{}")}}));
        QCOMPARE(answer.finishReason, QStringLiteral("tool_calls"));
        QCOMPARE(answer.usage, (QJsonObject{{QStringLiteral("total_tokens"), 7}}));
    }
}

void TestChatAnswer::textOfStreams_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const QByteArray &stream, const char *text) {
        QTest::newRow(name) << stream << QString::fromLatin1(text);
    };
    row("plain", said("a") + said("b") + done, "ab");
    row("nothing said", done, "");
    row("without the last word", said("a") + chunk("{}", "\"stop\""), "a");
    row("without a reason", said("a") + "data: [DONE]\n\n", "a");
    row("without the last line end", said("a") + "data: [DONE]", "a");
    row("null", chunk(R"({"content":null})") + said("a") + done, "a");
    row("reasoning", chunk(R"({"reasoning_content":"hmm"})") + said("a") + done, "a");
    row("another choice", "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"x\"}}]}\n\n" + said("a") + done,
        "a");
    row("no index", "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n" + done, "a");
    row("message in place of delta", "data: {\"choices\":[{\"message\":{\"content\":\"a\"}}]}\n\n" + done, "a");
    row("after the end", said("a") + done + said("b"), "a");
    row("empty data", "data:\n\n" + said("a") + done, "a");
    row("null error", "data: {\"error\":null,\"choices\":[]}\n\n" + said("a") + done, "a");
}

void TestChatAnswer::textOfStreams()
{
    QFETCH(QByteArray, stream);
    QFETCH(QString, text);
    const Read answer = read(stream, 0);
    QVERIFY2(!answer.error, answer.error ? qPrintable(answer.error->message) : "");
    QCOMPARE(answer.text, text);
    QVERIFY(answer.toolCalls.isEmpty());
    QVERIFY(!answer.usage);
}

void TestChatAnswer::toolCalls_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QList<ToolCall>>("calls");
    const ToolCall f{QStringLiteral("c1"), QStringLiteral("f"), QStringLiteral("{}")};
    const ToolCall g{QStringLiteral("c2"), QStringLiteral("g"), QStringLiteral("{}")};
    QTest::newRow("whole, without index") << call(R"("id":"c1","function":{"name":"f","arguments":"{}"})") +
                                                 call(R"("id":"c2","function":{"name":"g","arguments":"{}"})") + done
                                          << QList<ToolCall>{f, g};
    QTest::newRow("in pieces, without index")
        << call(R"("id":"c1","function":{"name":"f","arguments":"{"})") + call(R"("function":{"arguments":"}"})") + done
        << QList<ToolCall>{f};
    QTest::newRow("arguments as an object")
        << call(R"("index":0,"id":"c1","function":{"name":"f","arguments":{}})") + done << QList<ToolCall>{f};
    QTest::newRow("not in order") << call(R"("index":4,"id":"c1","function":{"name":"f","arguments":"{}"})") +
                                         call(R"("index":2,"id":"c2","function":{"name":"g","arguments":"{}"})") + done
                                  << QList<ToolCall>{f, g};
}

void TestChatAnswer::toolCalls()
{
    QFETCH(QByteArray, stream);
    QFETCH(QList<ToolCall>, calls);
    const Read answer = read(stream, 0);
    QVERIFY(!answer.error);
    QVERIFY(answer.toolCalls == calls);
}

void TestChatAnswer::callsGetIdsOfTheirOwn()
{
    const Read answer = read(call(R"("index":0,"id":"same","function":{"name":"f"})") +
                                 call(R"("index":1,"id":"same","function":{"name":"g"})") +
                                 call(R"("index":2,"function":{"name":"h"})") + done,
                             0);
    QCOMPARE(answer.toolCalls.size(), 3);
    QCOMPARE(answer.toolCalls[0].id, QStringLiteral("same"));
    QSet<QString> ids;
    for (const ToolCall &made : answer.toolCalls) {
        QVERIFY(!made.id.isEmpty());
        ids.insert(made.id);
    }
    QCOMPARE(ids.size(), 3);
}

void TestChatAnswer::wholeJson()
{
    const QByteArray body = R"({"choices":[{"index":0,"message":{"role":"assistant","content":"hi",)"
                            R"("tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{}"}}]},)"
                            R"("finish_reason":"length"}],"usage":{"total_tokens":3}})";
    for (qsizetype cut = -1; cut <= body.size(); ++cut) {
        const Read answer = read(body, cut, "application/json");
        QVERIFY(!answer.error);
        QCOMPARE(answer.passedOn, QStringLiteral("hi"));
        QCOMPARE(answer.toolCalls.size(), 1);
        QCOMPARE(answer.finishReason, QStringLiteral("length"));
        QVERIFY(answer.usage);
    }
}

void TestChatAnswer::failures_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("message");
    const auto row = [](const char *name, const QByteArray &body, const char *type, int status, const char *message) {
        QTest::newRow(name) << body << QByteArray(type) << status << QString::fromLatin1(message);
    };
    const char *const stream = "text/event-stream; charset=utf-8";
    const char *const json = "application/json";
    const char *const inTheMiddle = "The backend ended its answer in the middle.";
    row("cut off", said("a"), stream, 200, inTheMiddle);
    row("cut off in an event", said("a") + "data: {\"choi", stream, 200,
        "The backend sent an event that is no JSON object.");
    row("empty stream", "", stream, 200, inTheMiddle);
    row("error in the stream", said("a") + "data: {\"error\":{\"message\":\"out of memory\"}}\n\n", stream, 200,
        "The backend failed in the middle of its answer: out of memory");
    row("error as a text", "data: {\"error\":\"oops\"}\n\n", stream, 200,
        "The backend failed in the middle of its answer: oops");
    row("no JSON in an event", "data: hello\n\n", stream, 200, "The backend sent an event that is no JSON object.");
    row("too much text", said(QByteArray(3000, 'x')), stream, 200, "The answer is longer than 2000 bytes.");
    row("too much in small pieces", said(QByteArray(100, 'x')).repeated(21), stream, 200,
        "The answer is longer than 2000 bytes.");
    row("too long arguments",
        call("\"index\":0,\"function\":{\"arguments\":\"" + QByteArray(100, 'x') + "\"}").repeated(21), stream, 200,
        "The answer is longer than 2000 bytes.");
    row("too long whole", QByteArray(2001, ' '), json, 200, "The answer is longer than 2000 bytes.");
    row("no completion", "{}", json, 200, "The backend did not answer with a chat completion.");
    row("no JSON", "<html>", "text/html", 200, "The backend did not answer with a chat completion.");
    row("nothing", "", json, 200, "The backend did not answer with a chat completion.");
    row("refusal", R"({"error":{"message":"context too long"}})", json, 400,
        "The backend answered with status 400: context too long");
    row("refusal as a text", R"({"error":"no such model"})", json, 404,
        "The backend answered with status 404: no such model");
    row("refusal without words", "<h1>Oops</h1>", "text/html", 500, "The backend answered with status 500.");
    row("long refusal", QByteArray(200'000, 'x'), "text/html", 500, "The backend answered with status 500.");
    row("refusal as a stream", "data: x\n\n", stream, 503, "The backend answered with status 503.");
}

void TestChatAnswer::failures()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, type);
    QFETCH(int, status);
    QFETCH(QString, message);
    const QList<qsizetype> cuts =
        body.size() > 10'000 ? QList<qsizetype>{0, 100'000} : QList<qsizetype>{-1, 0, body.size() / 2};
    for (const qsizetype cut : cuts) {
        const Read answer = read(body, cut, type, status, 2000);
        QVERIFY(answer.error);
        QVERIFY(answer.error->code == ErrorCode::BackendError);
        QCOMPARE(answer.error->message, message);
    }
}

void TestChatAnswer::whatHasComeBeforeAFailure()
{
    const QByteArray stream = said("half") + "data: {\"error\":{\"message\":\"x\"}}\n\n" + said(" more") + done;
    for (qsizetype cut = -1; cut <= stream.size(); ++cut) {
        const Read answer = read(stream, cut);
        QVERIFY(answer.error);
        QCOMPARE(answer.text, QStringLiteral("half"));
        QCOMPARE(answer.passedOn, QStringLiteral("half"));
    }
}

void TestChatAnswer::surrogatePairIsPassedOnWhole()
{
    ChatAnswer answer(1024);
    answer.begin(200, {{"content-type", "text/event-stream"}});
    QVERIFY(answer.append(said("a\\ud83d")));
    QCOMPARE(answer.takeNewText(), QStringLiteral("a"));
    QVERIFY(answer.append(said("\\udd25")));
    QCOMPARE(answer.takeNewText(), QString::fromUtf8("\xF0\x9F\x94\xA5"));
    QVERIFY(answer.append(said("\\ud83d")));
    QVERIFY(answer.takeNewText().isEmpty());
    QVERIFY(answer.append(done));
    QVERIFY(answer.end());
    QCOMPARE(answer.takeNewText().size(), 1);
}

void TestChatAnswer::longStreamOfNothingIsNoLongAnswer()
{
    const Read answer =
        read(QByteArray(": waiting\n\n").repeated(10'000) + said("a") + done, 0, "text/event-stream", 200, 1000);
    QVERIFY(!answer.error);
    QCOMPARE(answer.text, QStringLiteral("a"));
}

void TestChatAnswer::whatFollowsTheEndDoesNotCount()
{
    const QByteArray stream = said("a") + done;
    const QByteArray tooLong = "data: " + QByteArray(2048, 'x') + "\n\n";
    for (const qsizetype cut : {qsizetype(0), stream.size()}) {
        const Read answer = read(stream + tooLong, cut, "text/event-stream", 200, 1024);
        QVERIFY2(!answer.error, answer.error ? qPrintable(answer.error->message) : "");
        QCOMPARE(answer.text, QStringLiteral("a"));
    }
}

void TestChatAnswer::failedAnswerIsNotDone()
{
    ChatAnswer answer(1024);
    answer.begin(200, {{"content-type", "application/json"}});
    QVERIFY(answer.append(R"({"error":{"message":"oops"}})"));
    QVERIFY(!answer.end());
    QVERIFY(!answer.isDone());
}

QTEST_GUILESS_MAIN(TestChatAnswer)
#include "tst_chatanswer.moc"
