// Snapshots as text and back.

#include "snapshotcodec.h"
#include "snapshots.h"

#include <QJsonDocument>
#include <QTest>

using namespace hearth;
using namespace hearth::status;

class TestSnapshotCodec final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsEverything();
    void keepsDefaults();
    void fitsOnOneLine();
    void fillsInWhatIsMissing();
    void passesOverWhatIsUnknown();
    void refusesNonsense_data();
    void refusesNonsense();
};

void TestSnapshotCodec::keepsEverything()
{
    const Result<PublisherSnapshot> read = decodeSnapshot(encodeSnapshot(fullSnapshot()));
    QVERIFY(read);
    QCOMPARE(*read, fullSnapshot());
}

void TestSnapshotCodec::keepsDefaults()
{
    const Result<PublisherSnapshot> read = decodeSnapshot(encodeSnapshot({}));
    QVERIFY(read);
    QCOMPARE(*read, PublisherSnapshot());
}

void TestSnapshotCodec::fitsOnOneLine()
{
    QVERIFY(!encodeSnapshot(fullSnapshot()).contains('\n'));
}

void TestSnapshotCodec::fillsInWhatIsMissing()
{
    const Result<PublisherSnapshot> read = decodeSnapshot(R"({"llms":[{"name":"one"}]})");
    QVERIFY(read);
    PublisherSnapshot expected;
    expected.llms = {{.name = QStringLiteral("one")}};
    QCOMPARE(*read, expected);
}

void TestSnapshotCodec::passesOverWhatIsUnknown()
{
    const Result<PublisherSnapshot> read = decodeSnapshot(R"({"name":"box","mood":{"good":true},"llms":[{"age":1}]})");
    QVERIFY(read);
    QCOMPARE(read->name, QStringLiteral("box"));
    QCOMPARE(read->llms.size(), 1u);
}

void TestSnapshotCodec::refusesNonsense_data()
{
    QTest::addColumn<QByteArray>("line");

    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("noJson") << QByteArray("hello");
    QTest::newRow("list") << QByteArray("[]");
    QTest::newRow("cut") << encodeSnapshot(fullSnapshot()).chopped(1);
    QTest::newRow("textForNumber") << QByteArray(R"({"processId":"1"})");
    QTest::newRow("numberForText") << QByteArray(R"({"name":1})");
    QTest::newRow("null") << QByteArray(R"({"name":null})");
    QTest::newRow("fraction") << QByteArray(R"({"processId":1.5})");
    QTest::newRow("hugeNumber") << QByteArray(R"({"processId":1e300})");
    QTest::newRow("tooLargeForInt") << QByteArray(R"({"llms":[{"running":3000000000}]})");
    QTest::newRow("negativeTask") << QByteArray(R"({"requests":[{"task":-1}]})");
    QTest::newRow("textForFlag") << QByteArray(R"({"llms":[{"canBeWoken":"yes"}]})");
    QTest::newRow("unknownState") << QByteArray(R"({"state":"dreaming"})");
    QTest::newRow("objectForList") << QByteArray(R"({"llms":{}})");
    QTest::newRow("listOfTexts") << QByteArray(R"({"llms":["one"]})");
    QTest::newRow("textForObject") << QByteArray(R"({"connection":"fine"})");
    QTest::newRow("badUrl") << QByteArray(R"({"server":"http://[::"})");
}

void TestSnapshotCodec::refusesNonsense()
{
    QFETCH(QByteArray, line);

    const Result<PublisherSnapshot> read = decodeSnapshot(line);
    QVERIFY(!read);
    QVERIFY(read.error().code == ErrorCode::ProtocolViolation);
}

QTEST_GUILESS_MAIN(TestSnapshotCodec)
#include "tst_snapshotcodec.moc"
