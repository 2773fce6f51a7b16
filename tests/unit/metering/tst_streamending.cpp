// Whether a stream has told its end: in the words of each API, in whole events and in those that are cut or too long.

#include "eventmeter.h"
#include "metering.h"
#include "recordedstreams.h"

#include <QTest>

using namespace hearth::metering;
using namespace hearth::testsupport;

using End = AnswerMeter::End;

namespace {

QByteArray data(const QByteArray &text)
{
    return "data: " + text + "\n\n";
}

QByteArray namedEvent(const QByteArray &name, const QByteArray &text)
{
    return "event: " + name + '\n' + data(text);
}

const QByteArray delta = data(R"({"choices":[{"delta":{"content":"x"},"finish_reason":null}]})");

} // namespace

class TestStreamEnding final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void chunks_data();
    void chunks();
    void namedEvents_data();
    void namedEvents();
    void longEvents();
    void recordedStreamsAreComplete();
    void othersTellNothing();

private:
    /// In pieces of every size.
    static void check(Operation operation, const QByteArray &stream, End expected)
    {
        for (qsizetype size = 1; size <= stream.size(); size = size < 40 ? size + 1 : size * 2) {
            for (const auto chunk : {AnswerMeter::UsageChunk::Keep, AnswerMeter::UsageChunk::Remove})
                QCOMPARE(metered(streamMeter(operation, chunk), stream, [size] { return size; }).end, expected);
        }
    }
};

void TestStreamEnding::chunks_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<End>("expected");

    const auto row = [](const char *name, const QByteArray &stream, End expected) {
        QTest::newRow(name) << QByteArray(delta + stream) << expected;
    };
    const auto reason = [](const QByteArray &value) {
        return data(R"({"choices":[{"delta":{},"finish_reason":)" + value + "}]}");
    };
    row("done", data("[DONE]"), End::Told);
    row("done without a blank line", "data: [DONE]", End::Told);
    row("done without a space", "data:[DONE]\r\n\r\n", End::Told);
    row("finish reason", reason("\"stop\""), End::Told);
    row("finish reason and more", reason("\"stop\"") + data(R"({"choices":[],"usage":{}})"), End::Told);
    row("finish reason of the second choice",
        data(R"({"choices":[{"finish_reason":null},{"finish_reason" : "length"}]})"), End::Told);
    row("cut off", {}, End::Missing);
    row("cut off in an event", R"(data: {"choices":[{"delta":{"cont)", End::Missing);
    row("null", reason("null"), End::Missing);
    row("empty reason", reason("\"\""), End::Missing);
    row("only a comment", ": [DONE]\n\n", End::Missing);
    row("in a text", data(R"({"choices":[{"delta":{"content":"\"finish_reason\":\"stop\" and data: [DONE]"}}]})"),
        End::Missing);
    row("is a text", data(R"({"choices":[{"delta":{"content":"finish_reason"}}]})"), End::Missing);
    row("error", data(R"({"error":{"message":"out of memory"}})"), End::Failed);
    row("error as text", data(R"({"error":"out of memory"})"), End::Failed);
    row("error and done", data(R"({"error":{"message":"x"}})") + data("[DONE]"), End::Failed);
    row("error with a name", namedEvent("error", R"({"error":{"message":"x"}})"), End::Failed);
    row("no error", data(R"({"error":null,"choices":[{"finish_reason":"stop"}]})"), End::Told);
    row("error in a text", data(R"({"choices":[{"delta":{"content":"\"error\":{}"}}]})") + data("[DONE]"), End::Told);
    row("error further in", data(R"({"choices":[{"delta":{"x":{"error":{}}}}]})") + data("[DONE]"), End::Told);
}

void TestStreamEnding::chunks()
{
    QFETCH(QByteArray, stream);
    QFETCH(End, expected);
    check(Operation::Chat, stream, expected);
    check(Operation::TextCompletion, stream, expected);
}

void TestStreamEnding::namedEvents_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<End>("expected");

    const auto responses = [](const char *name, const QByteArray &stream, End expected) {
        const QByteArray begin = namedEvent("response.created", R"({"type":"response.created","response":{}})");
        QTest::addRow("Responses: %s", name) << Operation::Responses << QByteArray(begin + stream) << expected;
    };
    const auto messages = [](const char *name, const QByteArray &stream, End expected) {
        const QByteArray begin = namedEvent("message_start", R"({"type":"message_start","message":{}})");
        QTest::addRow("Messages: %s", name) << Operation::Messages << QByteArray(begin + stream) << expected;
    };
    responses("completed", namedEvent("response.completed", R"({"type":"response.completed"})"), End::Told);
    responses("incomplete", namedEvent("response.incomplete", R"({"type":"response.incomplete"})"), End::Told);
    responses("failed", namedEvent("response.failed", R"({"type":"response.failed"})"), End::Failed);
    responses("error", namedEvent("error", R"({"type":"error","message":"x"})"), End::Failed);
    responses("cut off", namedEvent("response.output_text.delta", R"({"delta":"response.completed"})"), End::Missing);
    responses("without names", data(R"({"response":{"type":"x"},"type":"response.completed"})"), End::Told);
    responses("failed without names", data(R"({"response":{},"type":"response.failed"})"), End::Failed);
    responses("identified", "id: 7\n" + namedEvent("response.completed", "{}"), End::Told);
    responses("done", data("[DONE]"), End::Told);
    messages("stop", namedEvent("message_stop", R"({"type":"message_stop"})"), End::Told);
    messages("error", namedEvent("error", R"({"type":"error","error":{"type":"overloaded_error"}})"), End::Failed);
    messages("error behind the stop", namedEvent("message_stop", "{}") + namedEvent("error", "{}"), End::Failed);
    messages("cut off", namedEvent("message_delta", R"({"type":"message_delta","x":"message_stop"})"), End::Missing);
    messages("without names", data(R"({"type":"message_stop"})"), End::Told);
    messages("no blank line", "event: message_stop\ndata: {}", End::Told);
}

void TestStreamEnding::namedEvents()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArray, stream);
    QFETCH(End, expected);
    check(operation, stream, expected);
}

void TestStreamEnding::longEvents()
{
    const QByteArray text = R"({"x":")" + QByteArray(2 * EventMeter::maxEvent, 'x') + "\"}";
    check(Operation::Responses, namedEvent("response.completed", text), End::Told);
    check(Operation::Responses, namedEvent("response.failed", text), End::Failed);
    check(Operation::Responses, namedEvent("response.output_item.done", text), End::Missing);
    // Nobody looks into it: it may have told the end.
    check(Operation::Responses, data(text), End::Told);
    check(Operation::Chat, data(text), End::Told);
}

void TestStreamEnding::recordedStreamsAreComplete()
{
    for (const RecordedStream &stream : recordedStreams())
        check(stream.operation, stream.before + stream.removed + stream.behind, End::Told);
}

void TestStreamEnding::othersTellNothing()
{
    check(Operation::Embeddings, data("x"), End::Told);
    const AnswerMeter whole(Operation::Chat, AnswerMeter::Form::Whole, AnswerMeter::UsageChunk::Keep);
    QVERIFY(whole.end() == End::Told);
}

QTEST_GUILESS_MAIN(TestStreamEnding)
#include "tst_streamending.moc"
