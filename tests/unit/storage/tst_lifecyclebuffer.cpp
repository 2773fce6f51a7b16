// Coalescing of write-behind records, and their order among submitted work.

#include "lifecyclebuffer.h"

#include <QTest>

using namespace hearth;
using namespace hearth::storage;

namespace {

using Numbers = LatestRecords<LlmId, int>;

const LlmId one(QStringLiteral("1"));
const LlmId two(QStringLiteral("2"));

QList<int> records(const Numbers &numbers)
{
    QList<int> found;
    numbers.forEach([&found](int number) { found.append(number); });
    std::sort(found.begin(), found.end());
    return found;
}

} // namespace

class TestLifecycleBuffer final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void latestReplaces();
    void takesOnlyOlder();
    void putBackDoesNotReplaceYounger();
    void bufferTakesEveryKind();
};

void TestLifecycleBuffer::latestReplaces()
{
    Numbers numbers;
    numbers.add(one, 1, 10);
    numbers.add(two, 2, 20);
    numbers.add(one, 3, 11);
    QCOMPARE(records(numbers), (QList<int>{11, 20}));
}

void TestLifecycleBuffer::takesOnlyOlder()
{
    Numbers numbers;
    numbers.add(one, 1, 10);
    numbers.add(two, 3, 20);
    QCOMPARE(records(numbers.takeBefore(3)), QList<int>{10});
    QCOMPARE(records(numbers), QList<int>{20});
}

void TestLifecycleBuffer::putBackDoesNotReplaceYounger()
{
    Numbers numbers;
    numbers.add(one, 1, 10);
    numbers.add(two, 2, 20);
    const Numbers taken = numbers.takeBefore(3);
    numbers.add(one, 4, 11);
    numbers.merge(taken);
    QCOMPARE(records(numbers), (QList<int>{11, 20}));
}

void TestLifecycleBuffer::bufferTakesEveryKind()
{
    LifecycleBuffer buffer;
    QVERIFY(buffer.isEmpty());
    buffer.heartbeats.add(ProviderSessionId(QStringLiteral("s")), 1, {});
    buffer.llms.add(one, 2, {});
    buffer.agents.add(AgentId(QStringLiteral("a")), 3, {});
    const LifecycleBuffer taken = buffer.takeBefore(4);
    QVERIFY(buffer.isEmpty());
    QCOMPARE(taken.heartbeats.size() + taken.llms.size() + taken.agents.size(), 3);
}

QTEST_GUILESS_MAIN(TestLifecycleBuffer)
#include "tst_lifecyclebuffer.moc"
