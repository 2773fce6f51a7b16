// How a body is made to ask for the usage: the edit itself, and what is left alone.

#include "usagerequest.h"

#include <QTest>

#include <array>

using namespace hearth;
using namespace hearth::metering;

namespace {

Result<std::optional<BodyEdit>> editOf(const QByteArray &body)
{
    static constexpr std::array<QByteArrayView, 1> keys{"stream_options"};
    const Result<json::ObjectScan> scan = json::scanObject(body, keys);
    if (!scan)
        return scan.error();
    return usageRequest(body, scan->values[0], scan->firstMember);
}

/// `body` with its edit carried out; as it is when there is none.
QByteArray edited(QByteArray body)
{
    const Result<std::optional<BodyEdit>> edit = editOf(body);
    if (!edit)
        return edit.error().message.toUtf8();
    return *edit ? body.replace((*edit)->place.offset, (*edit)->place.length, (*edit)->text) : body;
}

} // namespace

class TestUsageRequest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asks_data();
    void asks();
    void leavesAlone_data();
    void leavesAlone();
    void refuses_data();
    void refuses();
};

void TestUsageRequest::asks_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("expected");

    const auto row = [](const char *name, const char *body, const char *expected) {
        QTest::newRow(name) << QByteArray(body) << QByteArray(expected);
    };
    row("no options", R"({"stream":true})", R"({"stream_options":{"include_usage":true},"stream":true})");
    row("white space", "\n{ \"stream\" : true }\n",
        "\n{\"stream_options\":{\"include_usage\":true}, \"stream\" : true }\n");
    row("null", R"({"stream":true,"stream_options": null })",
        R"({"stream":true,"stream_options": {"include_usage":true} })");
    row("no member", R"({"stream_options":{ },"stream":true})",
        R"({"stream_options":{"include_usage":true },"stream":true})");
    row("other member", R"({"stream_options":{"include_obfuscation":false},"stream":true})",
        R"({"stream_options":{"include_usage":true,"include_obfuscation":false},"stream":true})");
    row("false", R"({"stream_options":{"a":1,"include_usage" : false},"stream":true})",
        R"({"stream_options":{"a":1,"include_usage" : true},"stream":true})");
    row("null in the options", R"({"stream_options":{"include_usage":null}})",
        R"({"stream_options":{"include_usage":true}})");
    row("number", R"({"stream_options":{"include_usage":1}})", R"({"stream_options":{"include_usage":true}})");
    row("zero", R"({"stream_options":{"include_usage":0,"a":1}})",
        R"({"stream_options":{"include_usage":true,"a":1}})");
    row("text", R"({"stream_options":{"include_usage":"false"}})", R"({"stream_options":{"include_usage":true}})");
    row("object", R"({"stream_options":{"include_usage":{"a":[]}}})", R"({"stream_options":{"include_usage":true}})");
    row("false with an escape", R"({"stream_options":{"include_us\u0061ge":false}})",
        R"({"stream_options":{"include_us\u0061ge":true}})");
    row("in every chunk and not at the end",
        R"({"stream_options":{"continuous_usage_stats":true,"include_usage":false}})",
        R"({"stream_options":{"continuous_usage_stats":true,"include_usage":true}})");
    row("in every chunk", R"({"stream_options":{"continuous_usage_stats":true}})",
        R"({"stream_options":{"include_usage":true,"continuous_usage_stats":true}})");
    row("only the top level", R"({"metadata":{"stream_options":{"include_usage":true}}})",
        R"({"stream_options":{"include_usage":true},"metadata":{"stream_options":{"include_usage":true}}})");
    row("member of another depth", R"({"stream_options":{"x":{"include_usage":true}}})",
        R"({"stream_options":{"include_usage":true,"x":{"include_usage":true}}})");
}

void TestUsageRequest::asks()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, expected);
    QCOMPARE(edited(body), expected);
}

void TestUsageRequest::leavesAlone_data()
{
    QTest::addColumn<QByteArray>("body");

    const auto row = [](const char *name, const QByteArray &body) { QTest::newRow(name) << body; };
    row("asked for", R"({"stream_options":{"include_usage":true}})");
    row("asked for with an escape", R"({"stream_options":{"include_us\u0061ge":true}})");
    row("asked for in every chunk", R"({"stream_options":{"continuous_usage_stats":true,"include_usage":true}})");
}

void TestUsageRequest::leavesAlone()
{
    QFETCH(QByteArray, body);
    QCOMPARE(edited(body), body);
}

void TestUsageRequest::refuses_data()
{
    QTest::addColumn<QByteArray>("options");

    const auto row = [](const char *name, const QByteArray &options) { QTest::newRow(name) << options; };
    row("twice", R"({"include_usage":true,"include_usage":false})");
    row("list", "[]");
    row("text", R"("null")");
    row("false", "false");
    row("long", R"({"x":")" + QByteArray(5000, 'x') + R"("})");
    row("broken", R"({"include_usage":fals})");
}

void TestUsageRequest::refuses()
{
    QFETCH(QByteArray, options);
    const auto edit = editOf(R"({"stream_options":)" + options + "}");
    QVERIFY(!edit);
    QVERIFY(edit.error().code == ErrorCode::InvalidRequest);
    QCOMPARE(edit.error().param, QStringLiteral("stream_options"));
}

QTEST_GUILESS_MAIN(TestUsageRequest)
#include "tst_usagerequest.moc"
