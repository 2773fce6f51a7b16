// Every malformed request is refused, its connection closed, and nothing that hides in or behind it executed.

#include "httpserver.h"
#include "rawclient.h"
#include "scriptedrouter.h"

#include <QTest>

using namespace hearth;
using namespace hearth::http;

class TestMalformedRequests final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refused_data();
    void refused();
};

void TestMalformedRequests::refused_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QByteArray &request, int status = 400) {
        QTest::newRow(name) << request << status;
    };
    const QByteArray hidden = "GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n";
    const auto line = [&](const QByteArray &requestLine) -> QByteArray { return requestLine + "\r\nHost: h\r\n\r\n"; };
    const auto get = [&](const QByteArray &field) -> QByteArray {
        return "GET /echo HTTP/1.1\r\nHost: h\r\n" + field + "\r\n\r\n";
    };
    const auto post = [&](const QByteArray &fields, const QByteArray &body) -> QByteArray {
        return "POST /echo HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n\r\n" + body;
    };
    const auto chunked = [&](const QByteArray &body) -> QByteArray { return post("Transfer-Encoding: chunked", body); };

    // The request line
    row("leading blank line", "\r\n" + line("GET /echo HTTP/1.1"));
    row("leading bare LF", "\n" + line("GET /echo HTTP/1.1"));
    row("bare LF after the request line", "GET /echo HTTP/1.1\nHost: h\r\n\r\n");
    row("no version", "GET /echo\r\nHost: h\r\n\r\n");
    row("lower-case http", line("GET /echo http/1.1"));
    row("HTTP/2.0", line("GET /echo HTTP/2.0"), 505);
    row("HTTP/1.2", line("GET /echo HTTP/1.2"), 505);
    row("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400);
    row("two spaces", line("GET  /echo HTTP/1.1"));
    row("tab for a space", line("GET\t/echo HTTP/1.1"));
    row("absolute-form", line("GET http://h/echo HTTP/1.1"));
    row("authority-form", line("CONNECT h:80 HTTP/1.1"));
    row("UTF-8 target", line("GET /\xc3\xa9 HTTP/1.1"));
    row("NUL in the target", line(QByteArray("GET /e\0cho HTTP/1.1", 19)));
    row("method is no token", line("GE\"T /echo HTTP/1.1"));

    // The fields
    row("no Host", "GET /echo HTTP/1.1\r\n\r\n");
    row("two Hosts", get("Host: h"));
    row("path in Host", "GET /echo HTTP/1.1\r\nHost: h/x\r\n\r\n");
    row("bare LF ends a field", get("A: b\nC: d"));
    row("bare LF ends the head", "GET /echo HTTP/1.1\r\nHost: h\r\n\n");
    row("bare CR in a value", get("A: b\rC: d"));
    row("NUL in a value", get(QByteArray("A: \0", 4)));
    row("folded field", get("A: b\r\n c"));
    row("folded first field", "GET /echo HTTP/1.1\r\n Host: h\r\n\r\n");
    row("space before the colon", get("A : b"));
    row("length hidden by a space", post("Content-Length : 5", "12345"));
    row("empty name", get(": b"));
    row("no colon", get("Ab"));
    row("connection list is malformed", get("Connection: close;x"));

    // Content-Length
    row("length -1", post("Content-Length: -1", hidden));
    row("length +5", post("Content-Length: +5", "12345"));
    row("length 2^63+5", post("Content-Length: 9223372036854775813", hidden));
    row("length 2^64+5", post("Content-Length: 18446744073709551621", "12345"));
    row("length empty", post("Content-Length:", hidden));
    row("length 5x", post("Content-Length: 5x", "12345"));
    row("length 0x5", post("Content-Length: 0x5", "12345"));
    row("length 5, 5", post("Content-Length: 5, 5", "12345"));
    row("length 5 5", post("Content-Length: 5 5", "12345"));
    row("length twice the same", post("Content-Length: 5\r\nContent-Length: 5", "12345"));
    row("length twice different", post("Content-Length: 0\r\nContent-Length: 38", hidden));

    // Transfer-Encoding
    row("length, then chunked", post("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n"));
    row("chunked, then length", post("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n"));
    row("xchunked", post("Transfer-Encoding: xchunked", "0\r\n\r\n"), 501);
    row("identity", post("Transfer-Encoding: identity", "0\r\n\r\n"), 501);
    row("identity and length", post("Content-Length: 5\r\nTransfer-Encoding: identity", "12345"), 501);
    row("chunked, gzip", post("Transfer-Encoding: chunked, gzip", "0\r\n\r\n"), 501);
    row("gzip, chunked", post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n"), 501);
    row("chunked, chunked", post("Transfer-Encoding: chunked, chunked", "0\r\n\r\n"), 501);
    row("coding twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n"));
    row("coding twice, one unknown", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "0\r\n\r\n"));
    row("coding in HTTP/1.0", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    row("coding after vertical tab", post("Transfer-Encoding:\vchunked", "0\r\n\r\n"));
    row("length and coding with underscore", post("Content-Length: 5x\r\nTransfer_Encoding: chunked", "0\r\n\r\n"));
    row("no length at all", "POST /echo HTTP/1.1\r\nHost: h\r\n\r\n", 411);
    row("no length in HTTP/1.0", "POST /echo HTTP/1.0\r\n\r\n", 411);

    // Chunks
    row("chunk size empty", chunked("\r\n"));
    row("chunk size -1", chunked("-1\r\n"));
    row("chunk size +1", chunked("+1\r\na\r\n0\r\n\r\n"));
    row("chunk size 0x1", chunked("0x1\r\na\r\n0\r\n\r\n"));
    row("chunk size g", chunked("g\r\n"));
    row("chunk size after a space", chunked(" 1\r\na\r\n0\r\n\r\n"));
    row("chunk size overflows", chunked("10000000000000001\r\na\r\n0\r\n\r\n"));
    row("chunk size wraps", chunked("fffffffffffffffff\r\na\r\n0\r\n\r\n"));
    row("chunk size is huge", chunked("ffffffffffffffff\r\na"), 413);
    row("chunk size ends in bare LF", chunked("1\na\r\n0\r\n\r\n"));
    row("chunk size ends in bare CR", chunked("1\ra\r\n0\r\n\r\n"));
    row("chunk extension with LF", chunked("1;x\na\r\n0\r\n\r\n"));
    row("chunk extension with CR", chunked("1;x\ry\r\na\r\n0\r\n\r\n"));
    row("last chunk extension with LF", chunked("0;x\n\r\n\r\n"));
    row("no CRLF after the chunk", chunked("1\r\na0\r\n\r\n"));
    row("chunk longer than its size", chunked("1\r\nabc\r\n0\r\n\r\n"));
    row("bare LF after the chunk", chunked("1\r\na\n0\r\n\r\n"));
    row("trailer with length", chunked("0\r\nContent-Length: 5\r\n\r\n"));
    row("trailer with coding", chunked("0\r\nTransfer-Encoding: chunked\r\n\r\n"));
    row("trailer without name", chunked("0\r\n: x\r\n\r\n"));
    row("trailer with NUL", chunked(QByteArray("0\r\nA: \0\r\n\r\n", 11)));
    row("trailer announced", post("Transfer-Encoding: chunked\r\nTrailer: x", "0\r\nx: y\r\n\r\n"));
}

void TestMalformedRequests::refused()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    FakeClock clock;
    ScriptedRouter router;
    HttpSettings settings;
    settings.port = 0;
    HttpServer server(settings, clock, router);
    QVERIFY(server.listen());

    RawClient client(server.port());
    QVERIFY(client.sendAll(request + "GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n"));
    QTRY_COMPARE(client.end(), RawClient::End::Fin);

    const QList<Answer> answers = client.answers();
    QCOMPARE(answers.size(), 1);
    QCOMPARE(answers.first().status, status);
    QVERIFY(answers.first().complete);
    QCOMPARE(answers.first().fields.value("connection"), QByteArray("close"));
    QCOMPARE(answers.first().fields.value("content-type"), QByteArray("application/json"));
    QVERIFY(!answers.first().fields.value("x-request-id").isEmpty());
    QVERIFY(answers.first().body.startsWith("{\"error\":{"));
    QCOMPARE(router.executed, QByteArrayList());
    QCOMPARE(router.handlers, 0);
    client.close();
    QTRY_COMPARE(server.connectionCount(), 0);
}

QTEST_GUILESS_MAIN(TestMalformedRequests)
#include "tst_malformedrequests.moc"
