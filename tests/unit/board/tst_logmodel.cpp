#include "logmodel.h"

#include <QAbstractItemModelTester>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace hearth;
using namespace hearth::board;

namespace {

LogRecord record(int number, LogLevel level = LogLevel::Info)
{
    return {WallTime(Duration(1'795'167'695'123)), level, QStringLiteral("hearth.publisher"), QString::number(number)};
}

} // namespace

class TestLogModel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsEveryColumn();
    void takesLinesInBatches();
    void keepsTheNewest();
    void keepsTheNewestOfAFlood();
    void holdsNoMoreThanItShowsWhileItWaits();
    void boundsCharacters_data();
    void boundsCharacters();
    void waitsWhileNobodyWatches();
};

void TestLogModel::showsEveryColumn()
{
    FakeClock clock;
    LogModel model(clock);
    model.setWatched(true);
    model.append(record(7, LogLevel::Warning));
    clock.advance(LogModel::interval);
    QCOMPARE(model.rowCount(), 1);
    const auto text = [&](int column) { return model.index(0, column).data().toString(); };
    QVERIFY(QRegularExpression(QStringLiteral("^\\d\\d:41:35$")).match(text(LogModel::Time)).hasMatch());
    QCOMPARE(text(LogModel::Level), QStringLiteral("Warning"));
    QCOMPARE(text(LogModel::Source), QStringLiteral("publisher"));
    QCOMPARE(text(LogModel::Text), QStringLiteral("7"));
    QCOMPARE(model.index(0, LogModel::Time).data(LogModel::LevelRole).toInt(), int(LogLevel::Warning));
    const QString line = model.index(0, LogModel::Time).data(LogModel::LineRole).toString();
    QVERIFY2(line.endsWith(QStringLiteral(" WARNING publisher: 7")), qPrintable(line));
    for (int column = 0; column < LogModel::ColumnCount; ++column)
        QVERIFY(!model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().isEmpty());
}

void TestLogModel::takesLinesInBatches()
{
    FakeClock clock;
    LogModel model(clock);
    model.setWatched(true);
    const QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
    for (int number = 0; number < 100; ++number)
        model.append(record(number));
    QCOMPARE(model.rowCount(), 0);
    clock.advance(LogModel::interval);
    QCOMPARE(model.rowCount(), 100);
    QCOMPARE(inserts.size(), 1);
    // Nothing to tell while nothing comes.
    clock.advance(10 * LogModel::interval);
    QCOMPARE(inserts.size(), 1);
}

void TestLogModel::keepsTheNewest()
{
    FakeClock clock;
    LogModel model(clock);
    model.setWatched(true);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    for (int number = 0; number < LogModel::maxLines; ++number)
        model.append(record(number));
    clock.advance(LogModel::interval);
    const QPersistentModelIndex kept = model.index(10, LogModel::Text);
    const QPersistentModelIndex lost = model.index(9, LogModel::Text);
    for (int number = 0; number < 10; ++number)
        model.append(record(LogModel::maxLines + number));
    clock.advance(LogModel::interval);
    QCOMPARE(model.rowCount(), LogModel::maxLines);
    QCOMPARE(kept.row(), 0);
    QCOMPARE(kept.data().toString(), QStringLiteral("10"));
    QVERIFY(!lost.isValid());
    QCOMPARE(model.index(LogModel::maxLines - 1, LogModel::Text).data().toInt(), LogModel::maxLines + 9);
}

void TestLogModel::keepsTheNewestOfAFlood()
{
    FakeClock clock;
    LogModel model(clock);
    model.setWatched(true);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    for (int batch = 0; batch < 2; ++batch) {
        for (int number = 0; number < LogModel::maxLines + 3; ++number)
            model.append(record(number));
        clock.advance(LogModel::interval);
        QCOMPARE(model.rowCount(), LogModel::maxLines);
        QCOMPARE(model.index(0, LogModel::Text).data().toInt(), 3);
    }
}

// A stopped clock stands for a main thread that is busy elsewhere.
void TestLogModel::holdsNoMoreThanItShowsWhileItWaits()
{
    FakeClock clock;
    LogModel model(clock);
    model.setWatched(true);
    const QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
    for (int number = 0; number < 3 * LogModel::maxLines; ++number)
        model.append(record(number));
    clock.advance(LogModel::interval);
    QCOMPARE(inserts.size(), 1);
    QCOMPARE(inserts[0][2].toInt() - inserts[0][1].toInt() + 1, LogModel::maxLines);
}

void TestLogModel::boundsCharacters_data()
{
    QTest::addColumn<bool>("isInBatches");
    QTest::newRow("shown") << true;
    QTest::newRow("waiting") << false;
}

void TestLogModel::boundsCharacters()
{
    QFETCH(bool, isInBatches);
    FakeClock clock;
    LogModel model(clock);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setWatched(isInBatches);
    constexpr int lineLength = 8192;
    constexpr int fitting = int(LogBuffer::maxCharacters / lineLength);
    for (int number = 0; number < fitting + 7; ++number) {
        LogRecord line = record(number);
        line.text = line.text.leftJustified(lineLength);
        model.append(line);
        if (number % 10 == 0)
            clock.advance(LogModel::interval);
    }
    clock.advance(LogModel::interval);
    model.setWatched(true);
    QCOMPARE(model.rowCount(), fitting);
    QCOMPARE(model.index(0, LogModel::Text).data().toString().trimmed(), QStringLiteral("7"));
}

void TestLogModel::waitsWhileNobodyWatches()
{
    FakeClock clock;
    LogModel model(clock);
    const QSignalSpy inserts(&model, &QAbstractItemModel::rowsInserted);
    model.append(record(1));
    clock.advance(10 * LogModel::interval);
    QCOMPARE(model.rowCount(), 0);
    model.setWatched(true);
    QCOMPARE(model.rowCount(), 1);
    model.append(record(2));
    model.setWatched(false);
    clock.advance(10 * LogModel::interval);
    QCOMPARE(inserts.size(), 1);
    model.setWatched(true);
    QCOMPARE(model.rowCount(), 2);
}

QTEST_GUILESS_MAIN(TestLogModel)

#include "tst_logmodel.moc"
