// Whole streams as backends send them, cut in every place, and streams made up at random.

#include "metering.h"
#include "recordedstreams.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

#include <array>

using namespace hearth::metering;
using namespace hearth::testsupport;

namespace {

QByteArray withLineEnds(QByteArray stream, const QByteArray &lineEnd)
{
    return stream.replace("\n", lineEnd);
}

} // namespace

class TestMeteredStreams final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everySplit_data();
    void everySplit();
    void randomStreams();
    void speed();

private:
    static void addStreams(const char *suffix, const QByteArray &lineEnd);
};

void TestMeteredStreams::everySplit_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("removed");
    QTest::addColumn<QByteArray>("behind");
    QTest::addColumn<std::optional<TokenUsage>>("usage");
    addStreams("LF", "\n");
    addStreams("CR LF", "\r\n");
    addStreams("CR", "\r");
}

void TestMeteredStreams::addStreams(const char *suffix, const QByteArray &lineEnd)
{
    for (const RecordedStream &stream : recordedStreams()) {
        QTest::addRow("%s, %s", stream.name, suffix)
            << stream.operation << withLineEnds(stream.before, lineEnd) << withLineEnds(stream.removed, lineEnd)
            << withLineEnds(stream.behind, lineEnd) << stream.usage;
    }
}

void TestMeteredStreams::everySplit()
{
    QFETCH(Operation, operation);
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, removed);
    QFETCH(QByteArray, behind);
    QFETCH(std::optional<TokenUsage>, usage);
    const QByteArray stream = before + removed + behind;
    const auto check = [&](const std::function<qsizetype()> &nextSize) {
        const Metered kept = metered(streamMeter(operation, AnswerMeter::UsageChunk::Keep), stream, nextSize);
        QCOMPARE(kept.forwardedEarly, stream);
        QCOMPARE(kept.removed, 0);
        QCOMPARE(kept.usage, usage);
    };
    const auto checkRemoval = [&](const std::function<qsizetype()> &nextSize) {
        const Metered result = metered(streamMeter(operation, AnswerMeter::UsageChunk::Remove), stream, nextSize);
        QCOMPARE(result.forwardedEarly, QByteArray(before + behind));
        QCOMPARE(result.removed, removed.size());
        QCOMPARE(result.usage, usage);
    };
    // Two pieces, cut in each place, and pieces of each size.
    for (qsizetype cut = 1; cut <= stream.size(); ++cut) {
        const auto twoPieces = [cut, &stream, isFirst = true]() mutable {
            return std::exchange(isFirst, false) ? cut : stream.size();
        };
        check(twoPieces);
        checkRemoval(twoPieces);
        const auto equalPieces = [cut] { return cut; };
        check(equalPieces);
        checkRemoval(equalPieces);
        if (QTest::currentTestFailed())
            return;
    }
}

void TestMeteredStreams::randomStreams()
{
    // Whatever stands in a stream: what was handed on and what was taken out is the stream, and only whole usage chunks
    // are taken out.
    const std::array<QByteArray, 4> lineEnds{"\n", "\r\n", "\r", "\n"};
    const std::array<QByteArray, 12> lines{
        R"(data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}})",
        R"(data:{"choices":[{"delta":{"content":"x"}}]})",
        R"(data: {"choices":[],"usage":{)",
        "data: [DONE]",
        "data",
        ": comment",
        ":",
        "event: message",
        "id: 1",
        "",
        "",
        R"(data: {"choices":[],"usage":null})",
    };
    const QByteArray usageChunk = lines.front();
    for (quint32 seed = 0; seed < 5000; ++seed) {
        QRandomGenerator random(seed);
        QByteArray stream;
        QByteArray expected;
        qint64 removed = 0;
        for (int i = random.bounded(12); i > 0; --i) {
            // A usage chunk in a place where no event is open, or anything that is no chunk.
            const QByteArray lineEnd = lineEnds[random.bounded(4)];
            if (random.bounded(3) == 0) {
                const QByteArray whole = usageChunk + lineEnd + lineEnd;
                // Closes what may be open; a CR in front of it keeps its line feed.
                const QByteArray closing = "x\n\n";
                stream += closing + whole;
                expected += closing;
                removed += whole.size();
                // The line feed behind a CR would be its other half.
                stream += ":\n";
                expected += ":\n";
                continue;
            }
            const QByteArray line = lines[random.bounded(1, 12)] + lineEnd;
            stream += line;
            expected += line;
        }
        const Metered result =
            metered(removingMeter(), stream, [&random] { return 1 + qsizetype(random.bounded(40)); });
        if (result.forwarded != expected || result.removed != removed)
            qInfo() << "seed" << seed << stream;
        QCOMPARE(result.forwarded, expected);
        QCOMPARE(result.removed, removed);
    }
}

void TestMeteredStreams::speed()
{
    const QByteArray chunk = R"(data: {"id":"chatcmpl-9f2d","object":"chat.completion.chunk","created":1730000000,)"
                             R"("model":"Qwen/Qwen2.5-7B-Instruct","choices":[{"index":0,"delta":{"content":" usage"},)"
                             R"("logprobs":null,"finish_reason":null}]})"
                             "\n\n";
    QByteArray piece;
    while (piece.size() < 16 * 1024)
        piece += chunk;
    const auto measure = [](const char *what, AnswerMeter meter, const QByteArray &part) {
        qint64 passed = 0;
        QElapsedTimer timer;
        timer.start();
        while (timer.elapsed() < 100) {
            meter.take(part, [&passed](QByteArrayView bytes) { passed += bytes.size(); });
        }
        qInfo("%s: %lld MB/s", what, passed * 1000 / timer.nsecsElapsed());
    };
    measure("chunk by chunk, removing", removingMeter(), chunk);
    measure("16 KiB of chunks, removing", removingMeter(), piece);
    measure("16 KiB of chunks, keeping", streamMeter(Operation::Chat, AnswerMeter::UsageChunk::Keep), piece);
    measure("16 KiB of chunks with usage", removingMeter(), QByteArray(piece).replace("\"logprobs\"", "\"usage\""));
    measure("16 KiB of vectors, whole",
            AnswerMeter(Operation::Embeddings, AnswerMeter::Form::Whole, AnswerMeter::UsageChunk::Keep),
            QByteArray("0.0123456789,").repeated(1260));
}

QTEST_GUILESS_MAIN(TestMeteredStreams)
#include "tst_meteredstreams.moc"
