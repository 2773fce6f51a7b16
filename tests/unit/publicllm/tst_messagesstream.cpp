// Event streams of the Messages API, in the shapes of its documentation, as streams of chat completions: what comes
// out, and that it is the same wherever the stream is cut.

#include "messagesstream.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace hearth;
using namespace hearth::publicllm;
using namespace Qt::StringLiterals;

namespace {

QByteArray recorded(const QString &name)
{
    QFile file(QStringLiteral(HEARTH_SOURCE_DIR "/tests/unit/publicllm/streams/%1.txt").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read.", qPrintable(file.fileName()));
    return file.readAll();
}

/// What became of a stream.
struct Outcome
{
    QByteArray output;
    bool isComplete = false;
    QString failure;
    QString told;

    friend bool operator==(const Outcome &, const Outcome &) = default;
};

/// Feeds the pieces of `stream` between the places of `cuts`.
Outcome outcomeOf(QByteArrayView stream, const QList<qsizetype> &cuts = {}, MessagesStream::Settings settings = {})
{
    MessagesStream translation(settings);
    Outcome outcome;
    qsizetype at = 0;
    for (const qsizetype cut : cuts + QList<qsizetype>{stream.size()}) {
        outcome.output += translation.feed(stream.sliced(at, cut - at));
        at = cut;
    }
    outcome.isComplete = translation.isComplete();
    if (translation.failure())
        outcome.failure = translation.failure()->message;
    if (translation.toldError())
        outcome.told = translation.toldError()->type;
    return outcome;
}

/// The chunks of an output, each as JSON, and the rest (comments, `[DONE]`) as text.
QJsonArray eventsOf(const QByteArray &output)
{
    QJsonArray events;
    for (const QByteArray &event : output.split('\n')) {
        const QByteArray data = event.startsWith("data: ") ? event.sliced(6) : event;
        const QJsonDocument json = QJsonDocument::fromJson(data);
        if (json.isObject())
            events.append(json.object());
        else if (!data.isEmpty())
            events.append(QString::fromUtf8(data));
    }
    return events;
}

/// The deltas of all chunks, or the event itself where it is none.
QJsonArray deltasOf(const QByteArray &output)
{
    QJsonArray deltas;
    for (const QJsonValue &event : eventsOf(output))
        deltas.append(event.isObject() ? event["choices"_L1][0]["delta"_L1] : event);
    return deltas;
}

QJsonArray parsed(const char *json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    if (!document.isArray())
        qFatal("The expectation is no JSON.");
    return document.array();
}

} // namespace

class TestMessagesStream final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deltas_data();
    void deltas();
    void chunksAreWhole();
    void usageIsTheLastChunk();
    void errorsAreTold();
    void sameWhereverItIsCut_data();
    void sameWhereverItIsCut();

    void sameByteByByte_data() { sameWhereverItIsCut_data(); }

    void sameByteByByte();
    void lineEndsOfAllKinds_data();
    void lineEndsOfAllKinds();
    void malformed_data();
    void malformed();
    void eventsAreBounded();
    void nothingComesAfterTheEnd();
};

void TestMessagesStream::deltas_data()
{
    QTest::addColumn<QJsonArray>("expected");
    QTest::newRow("text") << parsed(R"([{"role":"assistant","content":""}, ": ping", {"content":"Hello"},
        {"content":" w\u00f6rld \ud83d\udd25 \u00f6\ud83d\udd25\n"}, {}, "[DONE]"])");
    QTest::newRow("tools") << parsed(R"([{"role":"assistant","content":""}, {"content":"Okay"},
        {"tool_calls":[{"index":0,"id":"toolu_01A","type":"function","function":{"name":"get_weather","arguments":""}}]},
        {"tool_calls":[{"index":0,"function":{"arguments":"{\"location\":"}}]},
        {"tool_calls":[{"index":0,"function":{"arguments":" \"San Francisco, CA\"}"}}]},
        {"tool_calls":[{"index":1,"id":"toolu_01B","type":"function","function":{"name":"get_time","arguments":""}}]},
        {"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]}, {}, "[DONE]"])");
    QTest::newRow("thinking") << parsed(
        R"([{"role":"assistant","content":""}, ": thinking", {"content":"12231"}, {}, "[DONE]"])");
    QTest::newRow("refusal") << parsed(R"([{"role":"assistant","content":""}, {}, "[DONE]"])");
    QTest::newRow("error") << parsed(R"([{"role":"assistant","content":""}, {"content":"Hel"}])");
    QTest::newRow("overloaded") << parsed("[]");
}

void TestMessagesStream::deltas()
{
    const Outcome outcome = outcomeOf(recorded(QString::fromLatin1(QTest::currentDataTag())));
    QTEST(deltasOf(outcome.output), "expected");
}

void TestMessagesStream::chunksAreWhole()
{
    const QJsonArray events = eventsOf(outcomeOf(recorded(u"text"_s), {}, {.created = 1'700'000'000}).output);
    QCOMPARE(events[2].toObject(), QJsonDocument::fromJson(R"({"id":"msg_01Text","object":"chat.completion.chunk",
        "created":1700000000,"model":"claude-x",
        "choices":[{"index":0,"delta":{"content":"Hello"},"logprobs":null,"finish_reason":null}]})")
                                       .object());
    const auto finishOf = [](const QString &name) {
        const QJsonArray chunks = eventsOf(outcomeOf(recorded(name)).output);
        return chunks[chunks.size() - 2]["choices"_L1][0]["finish_reason"_L1].toString();
    };
    QCOMPARE(finishOf(u"text"_s), u"stop"_s);
    QCOMPARE(finishOf(u"tools"_s), u"tool_calls"_s);
    QCOMPARE(finishOf(u"thinking"_s), u"length"_s);
    QCOMPARE(finishOf(u"refusal"_s), u"content_filter"_s);
}

void TestMessagesStream::usageIsTheLastChunk()
{
    const QJsonArray events = eventsOf(outcomeOf(recorded(u"text"_s), {}, {.includeUsage = true}).output);
    QVERIFY(events[0].toObject().contains("usage"_L1));
    QVERIFY(events[0]["usage"_L1].isNull());
    const QJsonObject last = events[events.size() - 2].toObject();
    QCOMPARE(last["choices"_L1].toArray(), QJsonArray());
    QCOMPARE(last["usage"_L1].toObject(),
             QJsonDocument::fromJson(R"({"prompt_tokens":325,"completion_tokens":15,"total_tokens":340,
                                         "prompt_tokens_details":{"cached_tokens":200}})")
                 .object());
    // What a later event counts replaces what an earlier one did.
    const QJsonArray refusal = eventsOf(outcomeOf(recorded(u"refusal"_s), {}, {.includeUsage = true}).output);
    QCOMPARE(refusal[refusal.size() - 2]["usage"_L1]["total_tokens"_L1].toInt(), 16);
}

void TestMessagesStream::errorsAreTold()
{
    const Outcome late = outcomeOf(recorded(u"error"_s));
    QVERIFY(!late.isComplete);
    QCOMPARE(late.failure, u"The backend's event stream ends with an error (api_error): Internal server error."_s);
    const Outcome first = outcomeOf(recorded(u"overloaded"_s));
    QVERIFY(!first.isComplete);
    QCOMPARE(first.told, u"overloaded_error"_s);
    QCOMPARE(first.output, QByteArray());
}

void TestMessagesStream::sameWhereverItIsCut_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"text", "tools", "thinking", "refusal", "error", "overloaded"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestMessagesStream::sameWhereverItIsCut()
{
    QFETCH(QString, name);
    const QByteArray stream = recorded(name);
    const Outcome whole = outcomeOf(stream);
    QVERIFY(whole.isComplete != !whole.failure.isEmpty());
    for (qsizetype cut = 0; cut <= stream.size(); ++cut) {
        const bool isSame = outcomeOf(stream, {cut}) == whole;
        QVERIFY2(isSame, qPrintable(u"cut at byte %1"_s.arg(cut)));
    }
}

void TestMessagesStream::sameByteByByte()
{
    QFETCH(QString, name);
    const QByteArray stream = recorded(name);
    QList<qsizetype> everywhere;
    for (qsizetype cut = 1; cut < stream.size(); ++cut)
        everywhere.append(cut);
    QVERIFY(outcomeOf(stream, everywhere) == outcomeOf(stream));
}

void TestMessagesStream::lineEndsOfAllKinds_data()
{
    QTest::addColumn<QByteArray>("lineEnd");
    QTest::newRow("CR LF") << QByteArray("\r\n");
    QTest::newRow("CR") << QByteArray("\r");
}

void TestMessagesStream::lineEndsOfAllKinds()
{
    QFETCH(QByteArray, lineEnd);
    const Outcome expected = outcomeOf(recorded(u"tools"_s));
    const QByteArray stream = recorded(u"tools"_s).replace("\n", lineEnd);
    QVERIFY(outcomeOf(stream) == expected);
    for (qsizetype cut = 0; cut <= stream.size(); ++cut) {
        const bool isSame = outcomeOf(stream, {cut}) == expected;
        QVERIFY2(isSame, qPrintable(u"cut at byte %1"_s.arg(cut)));
    }
}

void TestMessagesStream::malformed_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::newRow("no JSON") << QByteArray("data: <html>\n\n");
    QTest::newRow("no object") << QByteArray("data: []\n\n");
    QTest::newRow("broken JSON") << QByteArray("data: {\"type\":\"ping\"\n\n");
}

void TestMessagesStream::malformed()
{
    QFETCH(QByteArray, stream);
    const Outcome outcome = outcomeOf(stream);
    QCOMPARE(outcome.failure, u"The backend's event stream has an event that is no JSON object."_s);
    QCOMPARE(outcome.told, QString());
}

void TestMessagesStream::eventsAreBounded()
{
    const MessagesStream::Settings settings{.maxEvent = 64};
    const QByteArray longLine = "data: {\"type\":\"ping\",\"x\":\"" + QByteArray(64, 'x') + "\"}\n\n";
    QVERIFY(outcomeOf(longLine, {}, settings).failure.contains("too long"_L1));
    QVERIFY(outcomeOf(longLine, {20, 40}, settings) == outcomeOf(longLine, {}, settings));
    const QByteArray manyLines = QByteArray("data: {}\n").repeated(64);
    QVERIFY(outcomeOf(manyLines, {}, settings).failure.contains("too long"_L1));
    QCOMPARE(outcomeOf(QByteArray("data: {\"type\":\"ping\"}\n\n").repeated(64), {}, settings).failure, QString());
}

void TestMessagesStream::nothingComesAfterTheEnd()
{
    const Outcome once = outcomeOf(recorded(u"text"_s));
    QVERIFY(outcomeOf(QByteArray(recorded(u"text"_s) + recorded(u"error"_s))) == once);
}

QTEST_GUILESS_MAIN(TestMessagesStream)
#include "tst_messagesstream.moc"
