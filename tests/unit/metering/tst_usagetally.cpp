// The counts of a request, in the words of each API, and what is no count.

#include "usagetally.h"

#include <QTest>

using namespace hearth::metering;

class TestUsageTally final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void counts_data();
    void counts();
    void lastWordHolds();
};

void TestUsageTally::counts_data()
{
    QTest::addColumn<QByteArray>("object");
    QTest::addColumn<qint64>("input");
    QTest::addColumn<qint64>("output");

    const auto row = [](const char *name, const char *object, qint64 input, qint64 output) {
        QTest::newRow(name) << QByteArray(object) << input << output;
    };
    const auto none = [](const char *name, const char *object) {
        QTest::newRow(name) << QByteArray(object) << qint64(-1) << qint64(-1);
    };
    row("completion", R"({"prompt_tokens":12,"completion_tokens":34,"total_tokens":46})", 12, 34);
    row("details", R"({"prompt_tokens":12,"prompt_tokens_details":{"prompt_tokens":9},"completion_tokens":3})", 12, 3);
    row("responses", R"({"input_tokens":5,"input_tokens_details":{"cached_tokens":4},"output_tokens":6})", 5, 6);
    row("messages with a cache",
        R"({"input_tokens":5,"cache_creation_input_tokens":20,"cache_read_input_tokens":300,"output_tokens":6})", 325,
        6);
    row("embeddings", R"({"prompt_tokens":8,"total_tokens":8})", 8, 0);
    row("total alone", R"({"total_tokens":9})", 9, 0);
    row("output alone", R"({"output_tokens":7})", 0, 7);
    row("zero", R"({"prompt_tokens":0,"completion_tokens":0})", 0, 0);
    row("completion with a cache",
        R"({"prompt_tokens":325,"completion_tokens":6,"cache_creation_input_tokens":20,"cache_read_input_tokens":300})",
        325, 6);
    row("highest", R"({"prompt_tokens":10000000})", 10'000'000, 0);
    row("one is broken", R"({"prompt_tokens":-1,"completion_tokens":5})", 0, 5);
    none("huge", R"({"prompt_tokens":10000001})");
    none("beyond any integer", R"({"prompt_tokens":99999999999999999999999})");
    none("negative", R"({"prompt_tokens":-5})");
    none("text", R"({"prompt_tokens":"5"})");
    none("fraction", R"({"prompt_tokens":5.5})");
    none("object", R"({"prompt_tokens":{"n":5}})");
    none("null", R"({"prompt_tokens":null,"completion_tokens":null})");
    none("twice", R"({"prompt_tokens":1,"prompt_tokens":2})");
    none("empty", "{}");
    none("no object", "null");
    none("broken", R"({"prompt_tokens":5)");
    none("nothing", "");
}

void TestUsageTally::counts()
{
    QFETCH(QByteArray, object);
    QFETCH(qint64, input);
    QFETCH(qint64, output);
    UsageTally tally;
    tally.read(object);
    QCOMPARE(tally.usage().has_value(), input >= 0);
    if (input >= 0) {
        QCOMPARE(tally.usage()->input, input);
        QCOMPARE(tally.usage()->output, output);
    }
}

void TestUsageTally::lastWordHolds()
{
    UsageTally tally;
    tally.read(R"({"input_tokens":10,"cache_read_input_tokens":5,"output_tokens":1})");
    tally.read(R"({"output_tokens":20})");
    tally.read(R"({"output_tokens":-3})");
    QVERIFY(tally.usage() == (TokenUsage{15, 20}));
    tally.read(R"({"input_tokens":11,"output_tokens":25})");
    QVERIFY(tally.usage() == (TokenUsage{16, 25}));
}

QTEST_GUILESS_MAIN(TestUsageTally)
#include "tst_usagetally.moc"
