// Finding the usage in JSON text of any length, however it is cut into pieces.

#include "usageskimmer.h"

#include <QTest>

using namespace hearth::metering;

class TestUsageSkimmer final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finds_data();
    void finds();
    void memoryIsConstant();
    void longestObject();

private:
    static std::optional<TokenUsage> usageOf(const QByteArray &text, QByteArrayView wrapper, qsizetype pieceSize)
    {
        UsageSkimmer skimmer(wrapper);
        UsageTally tally;
        for (qsizetype at = 0; at < text.size(); at += pieceSize)
            skimmer.take(QByteArrayView(text).sliced(at, std::min(pieceSize, text.size() - at)), tally);
        return tally.usage();
    }
};

void TestUsageSkimmer::finds_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("wrapper");
    QTest::addColumn<bool>("isFound");

    // Each of them tells the tokens 3 and 4, or none that count.
    const QByteArray usage = R"({"prompt_tokens":3,"completion_tokens":4})";
    const auto row = [&](const char *name, QByteArray text, bool isFound, const char *wrapper = "") {
        QTest::newRow(name) << text.replace("USAGE", usage) << QByteArray(wrapper) << isFound;
    };
    row("only member", R"({"usage":USAGE})", true);
    row("first", R"({"usage":USAGE,"choices":[1,2]})", true);
    row("last", R"({"id":"x","choices":[{"a":{"b":[[]]}}],"n":1.5e3,"t":true,"usage" : USAGE })", true);
    row("with details", R"({"usage":{"d":{"x":[1,{"y":"}"}]},"prompt_tokens":3,"completion_tokens":4}})", true);
    row("white space", "\n{\n \"usage\"\n:\n USAGE\n}\n", true);
    row("behind strings with brackets", R"({"a":"}]{[,\"usage\":","b":["\\","\""],"usage":USAGE})", true);
    row("behind an escaped name", R"({"\"\\":{},"usage":USAGE})", true);
    row("last of two", R"({"usage":{"prompt_tokens":1,"completion_tokens":1},"usage":USAGE})", true);
    row("in the wrapper", R"({"type":"x","response":{"id":"r","usage":USAGE,"output":[]}})", true, "response");
    row("behind the wrapper", R"({"response":{"id":{"usage":1}},"usage":USAGE})", true, "response");
    row("fields of an event", "event: x\ndata: {\"usage\":USAGE}\n\n", true);

    row("deeper", R"({"choices":{"usage":USAGE}})", false);
    row("in a list", R"({"usage":[USAGE]})", false);
    row("list of objects", R"([{"usage":USAGE}])", false);
    row("list of names", R"(["usage",USAGE])", false);
    row("as a value", R"({"a":"usage","b":USAGE})", false);
    row("another name", R"({"usages":USAGE,"Usage":USAGE,"usag":USAGE,"x_usage":USAGE,"":USAGE})", false);
    row("name behind an escape", R"({"\nusage":USAGE})", false);
    row("long name", "{\"" + QByteArray(100, 'x') + "usage\":USAGE}", false);
    row("text", R"({"usage":"USAGE"})", false);
    row("null", R"({"usage":null})", false);
    row("other wrapper", R"({"message":{"usage":USAGE}})", false, "response");
    row("no wrapper", R"({"":{"usage":USAGE}})", false);
    row("wrapper deeper", R"({"a":{"response":{"usage":USAGE}}})", false, "response");
    row("wrapper in itself", R"({"response":{"response":{"usage":USAGE}}})", false, "response");
    row("unfinished", R"({"usage":{"prompt_tokens":3,"completion_tokens":4)", false);
    row("brackets that close nothing", "]}]}}", false);
}

void TestUsageSkimmer::finds()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, wrapper);
    QFETCH(bool, isFound);
    const std::optional<TokenUsage> expected = isFound ? std::optional(TokenUsage{3, 4}) : std::nullopt;
    for (qsizetype pieceSize = 1; pieceSize <= text.size(); ++pieceSize)
        QVERIFY(usageOf(text, wrapper, pieceSize) == expected);
}

void TestUsageSkimmer::memoryIsConstant()
{
    UsageSkimmer skimmer({});
    UsageTally tally;
    const QByteArray filler(64 * 1024, 'x');
    skimmer.take(R"({"data":[{"embedding":")", tally);
    for (int i = 0; i < 100; ++i)
        skimmer.take(filler, tally);
    skimmer.take(R"("}],")", tally);
    for (int i = 0; i < 100; ++i)
        skimmer.take(filler, tally);
    skimmer.take(R"(":1,"usage":{"prompt_tokens":7,"total_tokens":7}})", tally);
    QVERIFY(tally.usage() == (TokenUsage{7, 0}));
}

void TestUsageSkimmer::longestObject()
{
    const auto object = [](qsizetype size) {
        QByteArray text = R"({"prompt_tokens":3,"x":""})";
        return text.insert(text.size() - 2, QByteArray(size - text.size(), 'x'));
    };
    const auto usage = [&](qsizetype size) {
        const QByteArray text = "{\"usage\":" + object(size) + ",\"b\":{}}";
        return usageOf(text, {}, text.size());
    };
    QVERIFY(usage(UsageSkimmer::maxObject) == (TokenUsage{3, 0}));
    QVERIFY(!usage(UsageSkimmer::maxObject + 1));
    QVERIFY(!usage(UsageSkimmer::maxObject * 3));
}

QTEST_GUILESS_MAIN(TestUsageSkimmer)
#include "tst_usageskimmer.moc"
