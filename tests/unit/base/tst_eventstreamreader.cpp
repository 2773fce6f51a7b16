// Event streams taken apart: line ends, fields, ends and limits, however they were cut.

#include "eventstreamreader.h"

#include <QTest>

using namespace hearth;

namespace {

constexpr qint64 roomy = 1024;

/// What comes out when the stream arrives in pieces of `size` bytes.
QByteArrayList read(const QByteArray &stream, qsizetype size)
{
    EventStreamReader reader(roomy);
    QByteArrayList all;
    const auto keep = [&all](const QByteArray &data) {
        all.append(data);
        return true;
    };
    for (qsizetype i = 0; i < stream.size(); i += size) {
        if (!reader.feed(QByteArrayView(stream).sliced(i, std::min(size, stream.size() - i)), keep))
            return {"too long"};
    }
    const qsizetype before = all.size();
    if (!reader.feed("\n\n", keep))
        return {"too long"};
    if (all.size() > before)
        all.last().prepend("rest ");
    return all;
}

} // namespace

class TestEventStreamReader final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void streams_data();
    void streams();
    void eventThatIsTooLong_data();
    void eventThatIsTooLong();
    void receiverMayStop();
};

void TestEventStreamReader::streams_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<QByteArrayList>("events");
    const auto row = [](const char *name, const QByteArray &stream, const QByteArrayList &events) {
        QTest::newRow(name) << stream << events;
    };
    row("nothing", "", {});
    row("two", "data: a\n\ndata: b\n\n", {"a", "b"});
    row("carriage returns", "data: a\r\rdata: b\r\r", {"a", "b"});
    row("both", "data: a\r\n\r\ndata: b\r\n\r\n", {"a", "b"});
    row("mixed", "data: a\r\n\ndata: b\n\r\n", {"a", "b"});
    row("without a space", "data:a\n\n", {"a"});
    row("only one space belongs to the field", "data:  a\n\n", {" a"});
    row("several lines", "data: a\ndata: b\n\n", {"a\nb"});
    row("comments", ": hello\n\n: data: x\ndata: a\n: x\n\n", {"a"});
    row("other fields", "event: x\nid: 7\nretry: 1\ndata: a\nunknown: b\n\n", {"a"});
    row("blank lines", "\n\n\ndata: a\n\n\n\n", {"a"});
    row("field names are whole words", "datax: a\ndat: b\nDATA: c\n\n", {});
    row("no blank line at the end", "data: a\n\ndata: b\n", {"a", "rest b"});
    row("no line end at the end", "data: a\n\ndata: b", {"a", "rest b"});
}

void TestEventStreamReader::streams()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArrayList, events);
    for (qsizetype size = 1; size <= stream.size() + 1; ++size)
        QCOMPARE(read(stream, size), events);
}

void TestEventStreamReader::eventThatIsTooLong_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::newRow("one line") << "data: " + QByteArray(roomy + 1, 'x');
    QTest::newRow("many lines") << QByteArray("data: 123456789\n").repeated(roomy / 10 + 1);
    QTest::newRow("comment without end") << QByteArray(roomy + 1, ':');
}

void TestEventStreamReader::eventThatIsTooLong()
{
    QFETCH(QByteArray, stream);
    for (qsizetype size = 1; size <= stream.size(); size *= 3)
        QCOMPARE(read(stream, size), QByteArrayList{"too long"});
}

void TestEventStreamReader::receiverMayStop()
{
    EventStreamReader reader(roomy);
    int events = 0;
    QVERIFY(!reader.feed("data: a\n\ndata: b\n\n", [&events](const QByteArray &) { return ++events < 1; }));
    QCOMPARE(events, 1);
}

QTEST_GUILESS_MAIN(TestEventStreamReader)
#include "tst_eventstreamreader.moc"
