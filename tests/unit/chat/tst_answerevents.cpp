// Event streams taken apart: line ends, fields, ends and limits, however they were cut.

#include "answerevents.h"

#include <QTest>

using namespace hearth::chat;

namespace {

constexpr qint64 roomy = 1024;

/// What comes out when the stream arrives in pieces of `size` bytes.
QByteArrayList read(const QByteArray &stream, qsizetype size)
{
    AnswerEvents events(roomy);
    QByteArrayList all;
    for (qsizetype i = 0; i < stream.size(); i += size)
        all += events.append(QByteArrayView(stream).sliced(i, std::min(size, stream.size() - i)));
    if (const QByteArray rest = events.takeRest(); !rest.isNull())
        all.append("rest " + rest);
    return all;
}

} // namespace

class TestAnswerEvents final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void streams_data();
    void streams();
    void eventThatIsTooLong_data();
    void eventThatIsTooLong();
};

void TestAnswerEvents::streams_data()
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

void TestAnswerEvents::streams()
{
    QFETCH(QByteArray, stream);
    QFETCH(QByteArrayList, events);
    for (qsizetype size = 1; size <= stream.size() + 1; ++size)
        QCOMPARE(read(stream, size), events);
}

void TestAnswerEvents::eventThatIsTooLong_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::newRow("one line") << "data: " + QByteArray(roomy + 1, 'x');
    QTest::newRow("many lines") << QByteArray("data: 123456789\n").repeated(roomy / 10 + 1);
    QTest::newRow("comment without end") << QByteArray(roomy + 1, ':');
}

void TestAnswerEvents::eventThatIsTooLong()
{
    QFETCH(QByteArray, stream);
    AnswerEvents events(roomy);
    for (qsizetype i = 0; i < stream.size() && !events.isTooLong(); ++i)
        QVERIFY(events.append(QByteArrayView(stream).sliced(i, 1)).isEmpty());
    QVERIFY(events.isTooLong());
    QVERIFY(events.append("\n\ndata: a\n\n").isEmpty());
}

QTEST_GUILESS_MAIN(TestAnswerEvents)
#include "tst_answerevents.moc"
