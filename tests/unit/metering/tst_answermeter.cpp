// What is taken out of a stream and what passes, how long it is held back, and whose usage is read.

#include "eventmeter.h"
#include "metering.h"

#include <QTest>

using namespace hearth::metering;
using namespace hearth::testsupport;

namespace {

const QByteArray chunk = R"(data: {"id":"c","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}})";
const QByteArray text = "data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n";

} // namespace

class TestAnswerMeter final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void removes_data();
    void removes();
    void passes_data();
    void passes();
    void finishedEventsAreNotHeld();
    void unfinishedEventIsHeld();
    void commentsAreNotHeld();
    void longEventPasses();
    void usageInALongEvent();
    void truncatedStream();
    void lastBlankLineIsMissing();
    void countsEvents();
    void keepsWhatTheClientAskedFor();
    void wholeAnswers_data();
    void wholeAnswers();
};

void TestAnswerMeter::removes_data()
{
    QTest::addColumn<QByteArray>("event");

    const auto row = [](const char *name, const QByteArray &event) { QTest::newRow(name) << event; };
    row("LF", chunk + "\n\n");
    row("CR LF", chunk + "\r\n\r\n");
    row("CR", chunk + "\r\r");
    row("mixed line ends", chunk + "\r\n\n");
    row("no space", QByteArray(chunk).remove(5, 1) + "\n\n");
    row("white space", "data:  { \"choices\" : [ ] , \"usage\" : { } } \n\n");
    row("all that chunks carry",
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"service_tier\":null,"
        "\"system_fingerprint\":\"fp\",\"choices\":[],\"usage\":{\"total_tokens\":1},\"timings\":{}}\n\n");
    row("no error", "data: {\"choices\":[],\"usage\":{},\"error\":null}\n\n");
    row("other fields", "id: 7\nevent: message\n" + chunk + "\n\n");
}

void TestAnswerMeter::removes()
{
    QFETCH(QByteArray, event);
    const QByteArray end = "data: [DONE]\n\n";
    for (qsizetype size = 1; size <= event.size(); ++size) {
        const Metered result = metered(removingMeter(), text + event + end, [size] { return size; });
        QCOMPARE(result.forwarded, QByteArray(text + end));
        QCOMPARE(result.removed, event.size());
    }
    QCOMPARE(metered(removingMeter(), event + event).removed, 2 * event.size());
}

void TestAnswerMeter::passes_data()
{
    QTest::addColumn<QByteArray>("stream");

    const auto row = [](const char *name, const QByteArray &stream) { QTest::newRow(name) << stream; };
    row("done", "data: [DONE]\n\n");
    row("comment", ": \"usage\" choices [] usage {}\n\n");
    row("blank lines", "\n\n\r\n\r\r\r\n\n");
    row("usage with choices", "data: {\"choices\":[{}],\"usage\":{\"prompt_tokens\":1}}\n\n");
    row("usage without choices", "data: {\"usage\":{\"prompt_tokens\":1}}\n\n");
    row("choices that are no array", "data: {\"choices\":null,\"usage\":{\"prompt_tokens\":1}}\n\n");
    row("no usage", "data: {\"choices\":[],\"prompt_filter_results\":[]}\n\n");
    row("usage is null", "data: {\"choices\":[],\"usage\":null}\n\n");
    row("usage is deeper", "data: {\"choices\":[],\"x\":{\"usage\":{}}}\n\n");
    row("usage twice", "data: {\"choices\":[],\"usage\":{},\"usage\":{}}\n\n");
    row("error", "data: {\"choices\":[],\"usage\":{},\"error\":{\"message\":\"x\"}}\n\n");
    row("error as text", "data: {\"choices\":[],\"usage\":{},\"error\":\"x\"}\n\n");
    row("two data lines", "data: {\"choices\":[],\ndata: \"usage\":{}}\n\n");
    row("data and a comment", "data: {\"choices\":[],\"usage\":{}}\n: alive\n\n");
    row("data behind an empty line of data", "data\ndata: x\n\n");
    row("field of another name", "data2: {\"choices\":[],\"usage\":{}}\n\n");
    row("in a text", "data: {\"choices\":[{\"delta\":{\"content\":\"{\\\"choices\\\":[],\\\"usage\\\":{}}\"}}]}\n\n");
    row("no object", "data: [\"choices\",[],\"usage\",{}]\n\n");
    row("no JSON", "data: \"usage\" {\n\n");
    row("two objects", "data: {\"choices\":[],\"usage\":{}} {}\n\n");
    row("no stream of events", "{\"choices\":[],\"usage\":{}}\n\n");
    row("byte order mark", "\xEF\xBB\xBF" + chunk + "\n\n");
}

void TestAnswerMeter::passes()
{
    QFETCH(QByteArray, stream);
    for (const QByteArray &answer : {stream, QByteArray(text + stream + text)}) {
        for (qsizetype size = 1; size <= answer.size(); ++size) {
            const Metered result = metered(removingMeter(), answer, [size] { return size; });
            QCOMPARE(result.forwarded, answer);
            QCOMPARE(result.removed, 0);
        }
    }
}

void TestAnswerMeter::finishedEventsAreNotHeld()
{
    AnswerMeter meter = removingMeter();
    QList<QByteArray> pieces;
    const auto forward = [&pieces](QByteArrayView piece) { pieces.append(piece.toByteArray()); };
    const QByteArray twoEvents = text + text;
    QCOMPARE(meter.take(twoEvents, forward), 0);
    QCOMPARE(pieces, QList<QByteArray>{twoEvents});
    pieces.clear();
    const QByteArray withChunk = text + chunk + "\n\n" + text;
    QCOMPARE(meter.take(withChunk, forward), chunk.size() + 2);
    QCOMPARE(pieces, (QList<QByteArray>{text, text}));
}

void TestAnswerMeter::unfinishedEventIsHeld()
{
    AnswerMeter meter = removingMeter();
    QByteArray forwarded;
    const auto forward = [&forwarded](QByteArrayView bytes) { forwarded.append(bytes); };
    const auto take = [&](const QByteArray &piece) { return meter.take(piece, forward); };
    QCOMPARE(take(text + chunk.first(10)), 0);
    QCOMPARE(forwarded, text);
    QCOMPARE(take(chunk.sliced(10) + "\r\n\r"), chunk.size() + 3);
    // The other half of the line end.
    QCOMPARE(take("\n" + text), 1);
    QCOMPARE(forwarded, QByteArray(text + text));
    QCOMPARE(take("data: [DO"), 0);
    QCOMPARE(forwarded, QByteArray(text + text));
    meter.finish(forward);
    QCOMPARE(forwarded, QByteArray(text + text + "data: [DO"));
}

void TestAnswerMeter::commentsAreNotHeld()
{
    for (const QByteArray &comment : {QByteArray(": alive\n"), QByteArray(": ali"), QByteArray(": alive\r")})
        QCOMPARE(metered(removingMeter(), text + comment).forwardedEarly, QByteArray(text + comment));
    const Metered result = metered(removingMeter(), ": alive\n" + chunk + "\n\n");
    QCOMPARE(result.forwarded, QByteArray(": alive\n"));
    QCOMPARE(result.removed, chunk.size() + 2);
}

void TestAnswerMeter::longEventPasses()
{
    const auto event = [](qsizetype size) {
        QByteArray chunkOfSize = "data: {\"x\":\"\",\"choices\":[],\"usage\":{}}\n\n";
        return chunkOfSize.insert(12, QByteArray(size - chunkOfSize.size(), 'x'));
    };
    for (const qsizetype pieceSize : {qsizetype(1), qsizetype(1000), EventMeter::maxEvent * 2}) {
        const auto next = [pieceSize] { return pieceSize; };
        QCOMPARE(metered(removingMeter(), event(EventMeter::maxEvent), next).removed, EventMeter::maxEvent);
        const QByteArray longer = event(EventMeter::maxEvent + 1);
        const Metered result = metered(removingMeter(), longer + chunk + "\n\n", next);
        QCOMPARE(result.forwarded, longer);
        QCOMPARE(result.removed, chunk.size() + 2);
    }
    // From where it is too long it is not held back any more.
    const QByteArray begun = "data: " + QByteArray(EventMeter::maxEvent, 'x');
    QCOMPARE(metered(removingMeter(), begun).forwardedEarly, begun);
}

void TestAnswerMeter::usageInALongEvent()
{
    const QByteArray event =
        "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"output\":\"" +
        QByteArray(5 * EventMeter::maxEvent, 'x') + "\",\"usage\":{\"input_tokens\":5,\"output_tokens\":6}}}\n\n";
    for (const qsizetype pieceSize : {qsizetype(1), qsizetype(1000), event.size()}) {
        const Metered result = metered(streamMeter(Operation::Responses, AnswerMeter::UsageChunk::Keep), event + text,
                                       [pieceSize] { return pieceSize; });
        QCOMPARE(result.forwarded, QByteArray(event + text));
        QVERIFY(result.usage == (TokenUsage{5, 6}));
    }
}

void TestAnswerMeter::truncatedStream()
{
    const QByteArray stream = text + chunk + "\n\n" + text;
    const qsizetype chunkEnd = text.size() + chunk.size() + 2;
    for (qsizetype size = 0; size < stream.size(); ++size) {
        const QByteArray truncated = stream.first(size);
        const Metered result = metered(removingMeter(), truncated);
        // Its line ends may be missing.
        const qsizetype removed = size < chunkEnd - 2 ? 0 : std::min(size, chunkEnd) - text.size();
        QCOMPARE(result.forwarded, QByteArray(truncated).remove(text.size(), removed));
        QCOMPARE(result.removed, removed);
    }
}

void TestAnswerMeter::lastBlankLineIsMissing()
{
    for (const QByteArray &end : {QByteArray(), QByteArray("\n"), QByteArray("\r\n")}) {
        const Metered result = metered(removingMeter(), text + chunk + end);
        QCOMPARE(result.forwarded, text);
        QCOMPARE(result.removed, chunk.size() + end.size());
        QVERIFY(result.usage == (TokenUsage{3, 4}));
    }
    const QByteArray other = text + "data: {\"choices\":[{}],\"usage\":{\"prompt_tokens\":1}}\n";
    const Metered result = metered(removingMeter(), other);
    QCOMPARE(result.forwarded, other);
    QCOMPARE(result.removed, 0);
}

void TestAnswerMeter::countsEvents()
{
    const auto events = [](AnswerMeter meter, const QByteArray &stream) {
        const auto ignore = [](QByteArrayView) {};
        meter.take(stream, ignore);
        meter.finish(ignore);
        return meter.events();
    };
    const QByteArray longEvent = "data: " + QByteArray(2 * EventMeter::maxEvent, 'x') + "\n\n";
    const QByteArray stream = text + ": alive\n\n\n" + text + longEvent + "data: [DO";
    QCOMPARE(events(removingMeter(), stream), 4);
    QCOMPARE(events(streamMeter(Operation::Messages, AnswerMeter::UsageChunk::Keep), stream), 4);
    QCOMPARE(events(AnswerMeter(Operation::Chat, AnswerMeter::Form::Whole, AnswerMeter::UsageChunk::Keep), stream), 0);
}

void TestAnswerMeter::keepsWhatTheClientAskedFor()
{
    const QByteArray stream = text + chunk + "\n\n" + text;
    for (qsizetype size = 1; size <= stream.size(); ++size) {
        AnswerMeter meter = streamMeter(Operation::Chat, AnswerMeter::UsageChunk::Keep);
        const QByteArray piece = stream.first(size);
        QByteArray forwarded;
        QCOMPARE(meter.take(piece, [&](QByteArrayView bytes) { forwarded.append(bytes); }), 0);
        QCOMPARE(forwarded, piece);
        meter.finish([](QByteArrayView) { QFAIL("Nothing was held back."); });
    }
}

void TestAnswerMeter::wholeAnswers_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<qint64>("input");
    QTest::addColumn<qint64>("output");

    const auto row = [](const char *name, Operation operation, const QByteArray &body, qint64 input, qint64 output) {
        QTest::newRow(name) << operation << body << input << output;
    };
    row("chat", Operation::Chat,
        R"({"id":"c","choices":[{"message":{"role":"assistant","content":"\"usage\":{}"}}],)"
        R"("usage":{"prompt_tokens":9,"completion_tokens":12,"total_tokens":21}})",
        9, 12);
    row("responses", Operation::Responses,
        R"({"id":"r","output":[{"content":[{"text":"x"}]}],"usage":{"input_tokens":36,"output_tokens":87}})", 36, 87);
    row("messages", Operation::Messages,
        R"({"type":"message","content":[{"text":"Hi"}],"usage":{"input_tokens":10,"output_tokens":25}})", 10, 25);
    row("embeddings", Operation::Embeddings,
        R"({"data":[{"embedding":[0.1,-2.5e-3,)" + QByteArray(100'000, '1') +
            R"(]}],"usage":{"prompt_tokens":8,"total_tokens":8}})",
        8, 0);
    row("rerank", Operation::Rerank, R"({"usage":{"total_tokens":15},"results":[{"index":0,"relevance_score":0.9}]})",
        15, 0);
    row("none", Operation::Rerank, R"({"results":[]})", -1, -1);
    row("error", Operation::Chat, R"({"error":{"message":"no","usage":{"prompt_tokens":9}}})", -1, -1);
    row("no JSON", Operation::Chat, "<html>\"usage\":{</html>", -1, -1);
}

void TestAnswerMeter::wholeAnswers()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArray, body);
    QFETCH(qint64, input);
    QFETCH(qint64, output);
    for (const qsizetype pieceSize : {qsizetype(1), qsizetype(7), body.size()}) {
        const Metered result = metered(AnswerMeter(operation, AnswerMeter::Form::Whole, AnswerMeter::UsageChunk::Keep),
                                       body, [pieceSize] { return pieceSize; });
        QCOMPARE(result.forwardedEarly, body);
        QCOMPARE(result.usage, input < 0 ? std::nullopt : std::optional(TokenUsage{input, output}));
    }
}

QTEST_GUILESS_MAIN(TestAnswerMeter)
#include "tst_answermeter.moc"
