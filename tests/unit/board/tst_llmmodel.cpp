#include "boxsnapshots.h"
#include "llmmodel.h"

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QSignalSpy>
#include <QTest>

using namespace hearth;
using namespace hearth::board;
using namespace std::chrono_literals;
using status::PublisherSnapshot;

namespace {

PublisherSnapshot of(std::vector<status::LlmSnapshot> llms)
{
    PublisherSnapshot snapshot = idleSnapshot();
    snapshot.llms = std::move(llms);
    return snapshot;
}

PublisherSnapshot named(const QStringList &names)
{
    std::vector<status::LlmSnapshot> llms;
    for (const QString &name : names)
        llms.push_back(activeLlm(name));
    return of(std::move(llms));
}

QString text(const LlmModel &model, int row, int column)
{
    return model.index(row, column).data().toString();
}

QStringList names(const LlmModel &model)
{
    QStringList result;
    for (int row = 0; row < model.rowCount(); ++row)
        result += text(model, row, LlmModel::Name);
    return result;
}

} // namespace

class TestLlmModel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void showsEveryColumn();
    void aligns();
    void tellsOfNoHeartbeatWhereTheServerKnowsNothing();
    void tellsWhenTheServerIsAway();
    void tellsOnlyCellsThatChanged();
    void tellsNothingWhenNothingChanged();
    void followsTheConfiguration_data();
    void followsTheConfiguration();
    void keepsTheSelection();
    void sortsByValue();
    void measuresAWake();
    void remembersHowLongAWakeTook();
    void forgetsAWakeThatFailed();
};

void TestLlmModel::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
}

void TestLlmModel::showsEveryColumn()
{
    LlmModel model;
    model.update(busySnapshot());
    QCOMPARE(model.rowCount(), 3);
    const QStringList shown = {QStringLiteral("qwen-coder"),  QStringLiteral("127.0.0.1:8000"),
                               QStringLiteral("active"),      QStringLiteral("2 of 4"),
                               QStringLiteral("83 tokens/s"), QStringLiteral("4 s ago"),
                               QStringLiteral("5 s ago")};
    QCOMPARE(shown.size(), qsizetype(LlmModel::ColumnCount));
    for (int column = 0; column < LlmModel::ColumnCount; ++column) {
        QCOMPARE(text(model, 0, column), shown[column]);
        QVERIFY(!model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().isEmpty());
    }
    QCOMPARE(model.index(0, LlmModel::Name).data(LlmModel::DetailRole).toString(),
             QStringLiteral("Qwen/Qwen2.5-7B-Instruct-AWQ"));
    QCOMPARE(model.index(2, LlmModel::Name).data(LlmModel::DetailRole).toString(), QString());
    QCOMPARE(model.index(0, LlmModel::Rate).data(LlmModel::NameRole).toString(), QStringLiteral("qwen-coder"));
    QVERIFY(!model.llm(3) && !model.llm(-1));
}

void TestLlmModel::aligns()
{
    LlmModel model;
    model.update(idleSnapshot());
    const auto alignment = [&](int column) {
        return Qt::Alignment(model.index(0, column).data(Qt::TextAlignmentRole).toInt());
    };
    QVERIFY(alignment(LlmModel::Rate).testFlag(Qt::AlignRight));
    QVERIFY(alignment(LlmModel::Name).testFlag(Qt::AlignLeft));
}

void TestLlmModel::tellsOfNoHeartbeatWhereTheServerKnowsNothing()
{
    LlmModel model;
    PublisherSnapshot snapshot = idleSnapshot();
    snapshot.llms[1].outcome->status = channel::EntryStatus::Conflict;
    model.update(snapshot);
    QCOMPARE(text(model, 0, LlmModel::Heartbeat), QStringLiteral("4 s ago"));
    QCOMPARE(text(model, 1, LlmModel::Heartbeat), QStringLiteral("–"));
    QCOMPARE(text(model, 2, LlmModel::Heartbeat), QStringLiteral("–"));
    model.update(offlineSnapshot());
    QCOMPARE(text(model, 0, LlmModel::Heartbeat), QStringLiteral("–"));
}

void TestLlmModel::tellsWhenTheServerIsAway()
{
    LlmModel model;
    model.update(idleSnapshot());
    const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    PublisherSnapshot snapshot = idleSnapshot();
    snapshot.state = publisher::ConnectionState::Offline;
    model.update(snapshot);
    const QModelIndex state = model.index(0, LlmModel::State);
    QCOMPARE(state.data().toString(), QStringLiteral("offline"));
    QCOMPARE(state.data(LlmModel::SortRole).toString(), QStringLiteral("offline"));
    QCOMPARE(text(model, 1, LlmModel::State), QStringLiteral("offline"));
    QCOMPARE(text(model, 2, LlmModel::State), QStringLiteral("not published"));
    QCOMPARE(changes.size(), 2);
    QCOMPARE(changes[0][0].toModelIndex(), state);
}

void TestLlmModel::tellsOnlyCellsThatChanged()
{
    LlmModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    PublisherSnapshot snapshot = idleSnapshot();
    model.update(snapshot);
    const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    snapshot.llms[1].running = 1;
    snapshot.llms[1].tokensPerSecond = 12;
    snapshot.llms[1].lastRequestAge = 0ms;
    model.update(snapshot);
    // State lies before, heartbeat between: two ranges.
    QCOMPARE(changes.size(), 2);
    QCOMPARE(changes[0][0].toModelIndex(), model.index(1, LlmModel::Running));
    QCOMPARE(changes[0][1].toModelIndex(), model.index(1, LlmModel::Rate));
    QCOMPARE(changes[1][0].toModelIndex(), model.index(1, LlmModel::LastRequest));
    QCOMPARE(changes[1][1].toModelIndex(), model.index(1, LlmModel::LastRequest));
}

void TestLlmModel::tellsNothingWhenNothingChanged()
{
    LlmModel model;
    PublisherSnapshot snapshot = idleSnapshot();
    model.update(snapshot);
    const QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
    const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    // Below what the words of an age tell.
    *snapshot.llms[0].lastRequestAge += 1s;
    model.update(snapshot);
    QVERIFY(changes.isEmpty() && resets.isEmpty());
    QCOMPARE(*model.llm(0)->lastRequestAge, Duration(3min + 1s));
}

void TestLlmModel::followsTheConfiguration_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    const auto row = [](const char *before, const char *after) {
        QTest::addRow("%s to %s", before, after) << QString::fromLatin1(before) << QString::fromLatin1(after);
    };
    row("", "a b c");
    row("a b c", "");
    row("a b c", "a c");
    row("a c", "a b c");
    row("a b c", "c b a");
    row("a b c d", "d x b");
    row("a b", "c d e");
    row("a b c", "c a b");
}

void TestLlmModel::followsTheConfiguration()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    LlmModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.update(named(before.split(u' ', Qt::SkipEmptyParts)));
    QList<QPersistentModelIndex> known;
    for (int row = 0; row < model.rowCount(); ++row)
        known += model.index(row, 0);

    const QStringList expected = after.split(u' ', Qt::SkipEmptyParts);
    model.update(named(expected));
    QCOMPARE(names(model), expected);
    const QStringList earlier = before.split(u' ', Qt::SkipEmptyParts);
    for (qsizetype row = 0; row < known.size(); ++row)
        QCOMPARE(known[row].row(), int(expected.indexOf(earlier[row])));
}

void TestLlmModel::keepsTheSelection()
{
    LlmModel model;
    model.update(named({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}));
    const QPersistentModelIndex chosen = model.index(2, LlmModel::State);
    model.update(of({wakingLlm(QStringLiteral("c")), activeLlm(QStringLiteral("a"))}));
    QCOMPARE(chosen.data(LlmModel::NameRole).toString(), QStringLiteral("c"));
    QCOMPARE(chosen.row(), 0);
}

void TestLlmModel::sortsByValue()
{
    LlmModel model;
    status::LlmSnapshot slow = activeLlm(QStringLiteral("slow"));
    slow.tokensPerSecond = 9;
    status::LlmSnapshot fast = activeLlm(QStringLiteral("fast"));
    fast.tokensPerSecond = 10;
    fast.lastRequestAge.reset();
    model.update(of({slow, fast}));
    const auto key = [&](int row, int column) { return model.index(row, column).data(LlmModel::SortRole); };
    QVERIFY(key(0, LlmModel::Rate).toDouble() < key(1, LlmModel::Rate).toDouble());
    // Never is longer ago than anything.
    QVERIFY(key(0, LlmModel::LastRequest).toLongLong() < key(1, LlmModel::LastRequest).toLongLong());
}

void TestLlmModel::measuresAWake()
{
    LlmModel model;
    model.update(wakingSnapshot());
    const QModelIndex state = model.index(1, LlmModel::State);
    QCOMPARE(state.data(LlmModel::WakeProgressRole).toDouble(), 0.1);
    QVERIFY(!model.index(0, LlmModel::State).data(LlmModel::WakeProgressRole).isValid());
    QVERIFY(!model.index(1, LlmModel::Name).data(LlmModel::WakeProgressRole).isValid());
    QCOMPARE(state.data().toString(), QStringLiteral("waking: 12 s of 2 min"));

    PublisherSnapshot late = wakingSnapshot();
    late.llms[1].wake->elapsed = 500s;
    model.update(late);
    QVERIFY(state.data(LlmModel::WakeProgressRole).toDouble() < 1);
}

void TestLlmModel::remembersHowLongAWakeTook()
{
    WakeMemory memory;
    PublisherSnapshot snapshot = wakingSnapshot();
    const QString name = snapshot.llms[1].name;
    memory.look(snapshot.llms);
    QVERIFY(!memory.usual(name));
    snapshot.llms[1].wake->elapsed = 24s;
    memory.look(snapshot.llms);
    snapshot.llms[1] = activeLlm(name);
    memory.look(snapshot.llms);
    QCOMPARE(memory.usual(name), std::optional<Duration>(24s));

    LlmModel model;
    model.update(wakingSnapshot(), memory);
    const QModelIndex state = model.index(1, LlmModel::State);
    QCOMPARE(state.data(LlmModel::WakeProgressRole).toDouble(), 0.5);
    QCOMPARE(state.data(LlmModel::DetailRole).toString(), QStringLiteral("waiting for the backend, usually 24 s"));

    memory.look({});
    QVERIFY(!memory.usual(name));
}

void TestLlmModel::forgetsAWakeThatFailed()
{
    WakeMemory memory;
    memory.look(wakingSnapshot().llms);
    memory.look(idleSnapshot().llms);
    QVERIFY(!memory.usual(idleSnapshot().llms[1].name));
}

QTEST_GUILESS_MAIN(TestLlmModel)

#include "tst_llmmodel.moc"
