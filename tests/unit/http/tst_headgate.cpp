#include "headgate.h"

#include <QTest>

using namespace hearth;
using namespace hearth::http;

class TestHeadGate final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void accepts_data();
    void accepts();
    void refuses_data();
    void refuses();
    void waitsForMore();
    void reportsTheSizeOfTheHeadOnly();
    void limitsTheHead();
    void limitsTheTarget();
    void limitsTheFields();

private:
    static QByteArray withField(const QByteArray &field)
    {
        return "GET / HTTP/1.1\r\nHost: h\r\n" + field + "\r\n\r\n";
    }
};

void TestHeadGate::accepts_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::newRow("smallest") << QByteArray("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    QTest::newRow("HTTP/1.0 without Host") << QByteArray("GET / HTTP/1.0\r\n\r\n");
    QTest::newRow("asterisk-form") << QByteArray("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n");
    QTest::newRow("host with port") << QByteArray("GET / HTTP/1.1\r\nHost: [::1]:4327\r\n\r\n");
    QTest::newRow("empty Host") << QByteArray("GET / HTTP/1.1\r\nHost:\r\n\r\n");
    QTest::newRow("percent in target") << QByteArray("GET /v1/models/a%2Fb?x=%00 HTTP/1.1\r\nHost: h\r\n\r\n");
    QTest::newRow("unknown method") << QByteArray("BREW / HTTP/1.1\r\nHost: h\r\n\r\n");
    QTest::newRow("no space after colon") << withField("A:b");
    QTest::newRow("spaces and tabs around the value") << withField("A: \t b \t ");
    QTest::newRow("empty value") << withField("A:");
    QTest::newRow("obs-text") << withField("A: caf\xc3\xa9");
    QTest::newRow("length zero") << withField("Content-Length: 0");
    QTest::newRow("twelve digits") << withField("Content-Length: 999999999999");
    QTest::newRow("chunked") << withField("Transfer-Encoding: chunked");
    QTest::newRow("chunked in capitals") << withField("transfer-encoding: Chunked");
}

void TestHeadGate::accepts()
{
    QFETCH(QByteArray, head);
    const Result<qsizetype> size = checkHead(head, HttpLimits());
    QVERIFY2(size, size ? "" : qPrintable(size.error().message));
    QCOMPARE(*size, head.size());
}

void TestHeadGate::refuses_data()
{
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<ErrorCode>("code");
    const auto row = [](const char *name, const QByteArray &head, ErrorCode code = ErrorCode::InvalidRequest) {
        QTest::newRow(name) << head << code;
    };
    const auto line = [](const QByteArray &requestLine) -> QByteArray { return requestLine + "\r\nHost: h\r\n\r\n"; };

    row("empty line first", "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n");
    row("bare LF first", "\nGET / HTTP/1.1\r\nHost: h\r\n\r\n");
    row("bare LF ends the request line", "GET / HTTP/1.1\nHost: h\r\n\r\n");
    row("bare LF ends a field", "GET / HTTP/1.1\r\nHost: h\nA: b\r\n\r\n");
    row("bare LF ends the head", "GET / HTTP/1.1\r\nHost: h\r\n\n");
    row("bare CR in the request line", line("GET /\r HTTP/1.1"));
    row("bare CR in a value", withField("A: b\rc"));
    row("NUL in a value", withField(QByteArray("A: b\0c", 6)));
    row("NUL in a name", withField(QByteArray("A\0: b", 5)));
    row("DEL in a value", withField("A: b\x7f"));
    row("NUL in the target", line(QByteArray("GET /\0 HTTP/1.1", 15)));
    row("no version", line("GET /"));
    row("no target", line("GET HTTP/1.1"));
    row("empty target", line("GET  HTTP/1.1"));
    row("two spaces", line("GET  / HTTP/1.1"));
    row("tab for a space", line("GET\t/ HTTP/1.1"));
    row("space at the end", line("GET / HTTP/1.1 "));
    row("space in the target", line("GET /a b HTTP/1.1"));
    row("method is no token", line("G(T / HTTP/1.1"));
    row("method is empty", line(" / HTTP/1.1"));
    row("lower-case http", line("GET / http/1.1"));
    row("HTTP/2.0", line("GET / HTTP/2.0"), ErrorCode::HttpVersionNotSupported);
    row("HTTP/1.2", line("GET / HTTP/1.2"), ErrorCode::HttpVersionNotSupported);
    row("HTTP/0.9", line("GET / HTTP/0.9"), ErrorCode::HttpVersionNotSupported);
    row("HTTP/1.10", line("GET / HTTP/1.10"));
    row("absolute-form", line("GET http://h/ HTTP/1.1"));
    row("authority-form", line("CONNECT h:80 HTTP/1.1"));
    row("asterisk with GET", line("GET * HTTP/1.1"));
    row("UTF-8 in the target", line("GET /caf\xc3\xa9 HTTP/1.1"));
    row("no Host", "GET / HTTP/1.1\r\n\r\n");
    row("two Hosts", withField("Host: h"));
    row("two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n");
    row("space in Host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n");
    row("path in Host", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n");
    row("user in Host", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n");
    row("folded line", withField("A: b\r\n c"));
    row("folded first field", "GET / HTTP/1.1\r\n Host: h\r\n\r\n");
    row("space before the colon", withField("A : b"));
    row("no colon", withField("Ab"));
    row("empty name", withField(": b"));
    row("name is no token", withField("A(b): c"));
    row("length negative", withField("Content-Length: -1"));
    row("length with sign", withField("Content-Length: +1"));
    row("length beyond 2^63", withField("Content-Length: 9223372036854775813"));
    row("length of 13 digits", withField("Content-Length: 1000000000000"));
    row("length empty", withField("Content-Length:"));
    row("length with letters", withField("Content-Length: 5x"));
    row("length hexadecimal", withField("Content-Length: 0x5"));
    row("length list", withField("Content-Length: 5, 5"));
    row("length twice", withField("Content-Length: 5\r\nContent-Length: 5"));
    row("length, then coding", withField("Content-Length: 5\r\nTransfer-Encoding: chunked"));
    row("coding, then length", withField("Transfer-Encoding: chunked\r\nContent-Length: 5"));
    row("coding twice", withField("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"));
    row("coding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n");
    row("coding xchunked", withField("Transfer-Encoding: xchunked"), ErrorCode::NotImplemented);
    row("coding identity", withField("Transfer-Encoding: identity"), ErrorCode::NotImplemented);
    row("coding list", withField("Transfer-Encoding: chunked, gzip"), ErrorCode::NotImplemented);
    row("coding gzip first", withField("Transfer-Encoding: gzip, chunked"), ErrorCode::NotImplemented);
    row("coding empty", withField("Transfer-Encoding:"), ErrorCode::NotImplemented);
    row("coding with vertical tab", withField("Transfer-Encoding: \vchunked"));
    row("Trailer", withField("Trailer: x"));
}

void TestHeadGate::refuses()
{
    QFETCH(QByteArray, head);
    QFETCH(ErrorCode, code);
    const Result<qsizetype> size = checkHead(head, HttpLimits());
    QVERIFY(!size);
    QCOMPARE(toString(size.error().code), toString(code));
    QVERIFY(!size.error().message.isEmpty());
}

void TestHeadGate::waitsForMore()
{
    const QByteArray head = "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\n";
    for (qsizetype size = 0; size < head.size(); ++size) {
        const Result<qsizetype> result = checkHead(head.first(size), HttpLimits());
        QVERIFY(result);
        QCOMPARE(*result, 0);
    }
}

void TestHeadGate::reportsTheSizeOfTheHeadOnly()
{
    const QByteArray head = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    const Result<qsizetype> size = checkHead(QByteArray(head + "\n\rgarbage"), HttpLimits());
    QVERIFY(size);
    QCOMPARE(*size, head.size());
}

void TestHeadGate::limitsTheHead()
{
    HttpLimits limits;
    const QByteArray head = withField("A: " + QByteArray(500, 'x'));
    limits.head = head.size();
    QVERIFY(checkHead(head, limits));
    limits.head = head.size() - 1;
    QCOMPARE(toString(checkHead(head, limits).error().code), toString(ErrorCode::HeadTooLarge));
    QCOMPARE(toString(checkHead(QByteArray(head.chopped(4) + "xxxx"), limits).error().code),
             toString(ErrorCode::HeadTooLarge));
}

void TestHeadGate::limitsTheTarget()
{
    HttpLimits limits;
    limits.target = 100;
    const auto head = [](int size) -> QByteArray {
        return "GET /" + QByteArray(size - 1, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n";
    };
    QVERIFY(checkHead(head(100), limits));
    QCOMPARE(toString(checkHead(head(101), limits).error().code), toString(ErrorCode::UriTooLong));
    QCOMPARE(toString(checkHead(QByteArray("GET /" + QByteArray(200, 'x')), limits).error().code),
             toString(ErrorCode::UriTooLong));
}

void TestHeadGate::limitsTheFields()
{
    HttpLimits limits;
    limits.fields = 10;
    const auto head = [](int fields) -> QByteArray {
        return "GET / HTTP/1.1\r\nHost: h\r\n" + QByteArray("A: b\r\n").repeated(fields - 1) + "\r\n";
    };
    QVERIFY(checkHead(head(10), limits));
    QCOMPARE(toString(checkHead(head(11), limits).error().code), toString(ErrorCode::HeadTooLarge));
}

QTEST_APPLESS_MAIN(TestHeadGate)
#include "tst_headgate.moc"
