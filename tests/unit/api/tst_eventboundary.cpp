// EventBoundary: whether the last event of a stream is complete, wherever the stream is cut into pieces.

#include "eventboundary.h"

#include <QTest>

using namespace hearth;

class TestEventBoundary final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsWholeEvents_data();
    void knowsWholeEvents();
};

void TestEventBoundary::knowsWholeEvents_data()
{
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<bool>("atBoundary");
    const auto row = [](const char *tag, const QByteArray &stream, bool atBoundary) {
        QTest::newRow(tag) << stream << atBoundary;
    };
    row("start", "", true);
    row("event", "data: x\n\n", true);
    row("event in CR LF", "data: x\r\n\r\n", true);
    row("event in CR", "data: x\r\r", true);
    row("CR LF, then LF", "data: x\r\n\n", true);
    row("LF, then CR LF", "data: x\n\r\n", true);
    row("many line ends", "data: x\n\n\n\n\n", true);
    row("comment", ": x\n\n", true);
    row("two events", "data: x\n\ndata: y\n\n", true);
    row("half a line", "data: x", false);
    row("one line", "data: x\n", false);
    row("one line in CR LF", "data: x\r\n", false);
    row("one line in CR", "data: x\r", false);
    row("two lines", "event: a\ndata: x\n", false);
    row("next event begun", "data: x\n\nd", false);
    row("space in the blank line", "data: x\n \n", false);
    row("blank lines between", "a\n\nb\n", false);
}

void TestEventBoundary::knowsWholeEvents()
{
    QFETCH(QByteArray, stream);
    QFETCH(bool, atBoundary);
    api::EventBoundary whole;
    whole.append(stream);
    QCOMPARE(whole.atBoundary(), atBoundary);
    for (qsizetype split = 0; split <= stream.size(); ++split) {
        api::EventBoundary parts;
        parts.append(QByteArrayView(stream).first(split));
        parts.append({});
        parts.append(QByteArrayView(stream).sliced(split));
        QCOMPARE(parts.atBoundary(), atBoundary);
    }
    api::EventBoundary bytes;
    for (const char &byte : stream)
        bytes.append(QByteArrayView(&byte, 1));
    QCOMPARE(bytes.atBoundary(), atBoundary);
}

QTEST_GUILESS_MAIN(TestEventBoundary)
#include "tst_eventboundary.moc"
