#include "boxsnapshots.h"
#include "requestmodel.h"

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>

using namespace hearth;
using namespace hearth::board;
using namespace std::chrono_literals;

class TestRequestModel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void showsTheOldestFirst();
    void keepsTheOrderOfEqualAges();
    void tellsOnlyCellsThatChanged();
    void keepsTheSelectionWhenAnOlderOneEnds();
};

void TestRequestModel::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
}

void TestRequestModel::showsTheOldestFirst()
{
    RequestModel model;
    status::RequestSnapshot plain = request(9, QStringLiteral("qwen"), 94s);
    plain.isStream = false;
    model.update({request(8, QStringLiteral("qwen"), 5s), plain});
    QCOMPARE(model.task(0), std::optional(TaskId(9)));
    QCOMPARE(model.task(1), std::optional(TaskId(8)));
    QVERIFY(!model.task(2));
    const QStringList first = {QStringLiteral("qwen"), QStringLiteral("/chat/completions"),
                               QStringLiteral("1 min 34 s"), QStringLiteral("3,760"), QStringLiteral("41 tokens/s")};
    QCOMPARE(first.size(), qsizetype(RequestModel::ColumnCount));
    for (int column = 0; column < RequestModel::ColumnCount; ++column) {
        QCOMPARE(model.index(0, column).data().toString(), first[column]);
        QVERIFY(!model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().isEmpty());
    }
    QCOMPARE(model.index(1, RequestModel::Path).data().toString(), QStringLiteral("/chat/completions, streamed"));
}

void TestRequestModel::keepsTheOrderOfEqualAges()
{
    RequestModel model;
    model.update({request(3, {}, 1s), request(1, {}, 1s), request(2, {}, 1s)});
    for (int row = 0; row < 3; ++row)
        QCOMPARE(model.task(row), std::optional(TaskId(quint64(row + 1))));
}

void TestRequestModel::tellsOnlyCellsThatChanged()
{
    RequestModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    status::RequestSnapshot shown = request(1, QStringLiteral("qwen"), 5s);
    model.update({shown});
    const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    shown.tokens += 10;
    model.update({shown});
    QCOMPARE(changes.size(), 1);
    QCOMPARE(changes[0][0].toModelIndex(), model.index(0, RequestModel::Tokens));
    QCOMPARE(changes[0][1].toModelIndex(), model.index(0, RequestModel::Tokens));
}

void TestRequestModel::keepsTheSelectionWhenAnOlderOneEnds()
{
    RequestModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    model.update({request(1, {}, 9s), request(2, {}, 5s)});
    const QPersistentModelIndex chosen = model.index(1, 0);
    model.update({request(2, {}, 6s), request(3, {}, 0s)});
    QVERIFY(chosen.isValid());
    QCOMPARE(model.task(chosen.row()), std::optional(TaskId(2)));
    QVERIFY(resets.isEmpty());
}

QTEST_GUILESS_MAIN(TestRequestModel)

#include "tst_requestmodel.moc"
