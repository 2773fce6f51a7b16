// Wakes that the owner of the box wants, and those that he ends.

#include "publisherfixture.h"

#include <QSignalSpy>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;
using channel::ReportedState;

class TestOwnerWake final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wakesABackend();
    void wakesWithoutAServer();
    void joinsTheWakeOfTheServer();
    void tellsOfAWakeOfTheServer();
    void tellsAFailure();
    void tellsAtOnceWhereNothingIsToBeDone_data();
    void tellsAtOnceWhereNothingIsToBeDone();
    void ignoresUnknownNames();
    void cancelsForEverybody();
    void cancelsOneRecipeOnly();
    void wakesAgainAfterACancel();
    void wakesAgainWhileACancelIsUnderWay();
    void cancelsTheNextWakeToo();
    void startsNothingOnceItIsStopped();
};

namespace {

const QString name = QStringLiteral("vllm-local");

/// What wakeEnded() said: the name, and the words of the failure.
struct Ended
{
    QString llm;
    QString failure;
};

/// Nothing when there is no such emission.
std::optional<Ended> endedOf(const QSignalSpy &spy, qsizetype index = 0)
{
    if (spy.size() <= index)
        return std::nullopt;
    const auto result = spy.at(index).at(1).value<Result<void>>();
    return Ended{spy.at(index).at(0).toString(), result ? QString() : result.error().message};
}

} // namespace

void TestOwnerWake::wakesABackend()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QSignalSpy ends(fixture.publisher.get(), &Publisher::wakeEnded);
    fixture.publisher->wake(name);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    QVERIFY(fixture.firstLlm().wake);
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    QVERIFY(ends.wait());
    QCOMPARE(endedOf(ends)->llm, name);
    QVERIFY(endedOf(ends)->failure.isEmpty());
    QVERIFY(fixture.firstLlm().state == ReportedState::Active);
    QVERIFY(!fixture.firstLlm().wake);
    QVERIFY(fixture.server->waitFor<channel::Heartbeat>());
}

void TestOwnerWake::wakesWithoutAServer()
{
    PublisherFixture fixture;
    fixture.settings.llms.front().wake = PublisherFixture::wakeRecipe();
    fixture.backend.stop();
    fixture.make();
    QSignalSpy ends(fixture.publisher.get(), &Publisher::wakeEnded);
    fixture.publisher->wake(name);
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    QVERIFY(ends.wait());
    QVERIFY(endedOf(ends)->failure.isEmpty());
}

void TestOwnerWake::joinsTheWakeOfTheServer()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QSignalSpy ends(fixture.publisher.get(), &Publisher::wakeEnded);
    QVERIFY(fixture.wakeAndRun(TaskId{1}));
    fixture.publisher->wake(name);
    fixture.publisher->wake(name);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    QVERIFY(fixture.server->waitFor<channel::WakeResult>());
    QTRY_COMPARE(ends.size(), 1);
}

void TestOwnerWake::tellsOfAWakeOfTheServer()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QSignalSpy ends(fixture.publisher.get(), &Publisher::wakeEnded);
    QVERIFY(fixture.wakeAndRun(TaskId{1}));
    fixture.recipes.runs[0].fail(ErrorCode::WakeFailed, QStringLiteral("The fan is stuck."));
    QVERIFY(ends.wait());
    QCOMPARE(endedOf(ends)->llm, name);
    QCOMPARE(endedOf(ends)->failure, QStringLiteral("The fan is stuck."));
}

void TestOwnerWake::tellsAFailure()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QSignalSpy ends(fixture.publisher.get(), &Publisher::wakeEnded);
    fixture.publisher->wake(name);
    fixture.recipes.runs[0].succeed();
    fixture.clock.advance(60s);
    QVERIFY(fixture.recipes.runs[0].isBeingEnded());
    QVERIFY(ends.isEmpty());
    std::exchange(fixture.recipes.runs[0].ended, {})();
    QVERIFY(ends.wait());
    QVERIFY(endedOf(ends)->failure.contains(QStringLiteral("did not come up")));
}

void TestOwnerWake::tellsAtOnceWhereNothingIsToBeDone_data()
{
    QTest::addColumn<bool>("hasRecipe");
    QTest::addColumn<QString>("failure");
    QTest::newRow("active") << true << QString();
    QTest::newRow("no recipe") << false << QStringLiteral("no wake recipe");
}

void TestOwnerWake::tellsAtOnceWhereNothingIsToBeDone()
{
    QFETCH(const bool, hasRecipe);
    QFETCH(const QString, failure);
    PublisherFixture fixture;
    if (hasRecipe)
        fixture.settings.llms.front().wake = PublisherFixture::wakeRecipe();
    QVERIFY(fixture.goOnline());
    QSignalSpy ends(fixture.publisher.get(), &Publisher::wakeEnded);
    fixture.publisher->wake(name);
    QVERIFY2(ends.isEmpty(), "Never from inside the call.");
    QVERIFY(ends.wait());
    QVERIFY(endedOf(ends)->failure.contains(failure));
    QCOMPARE(endedOf(ends)->failure.isEmpty(), failure.isEmpty());
    QVERIFY(fixture.recipes.runs.empty());
}

void TestOwnerWake::ignoresUnknownNames()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QSignalSpy ends(fixture.publisher.get(), &Publisher::wakeEnded);
    fixture.publisher->wake(QStringLiteral("nobody"));
    fixture.publisher->cancelWake(QStringLiteral("nobody"));
    fixture.publisher->cancelWake(name);
    QCoreApplication::processEvents();
    QVERIFY(ends.isEmpty());
    QVERIFY(fixture.recipes.runs.empty());
}

void TestOwnerWake::cancelsForEverybody()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QSignalSpy ends(fixture.publisher.get(), &Publisher::wakeEnded);
    QVERIFY(fixture.wakeAndRun(TaskId{1}));
    fixture.publisher->cancelWake(name);
    QVERIFY2(fixture.recipes.runs[0].isBeingEnded(), "What was started comes to its end first.");
    QVERIFY(fixture.server->all<channel::WakeResult>().isEmpty());
    std::exchange(fixture.recipes.runs[0].ended, {})();
    const auto result = fixture.server->waitFor<channel::WakeResult>();
    QVERIFY(result);
    QVERIFY(!result->ok);
    QCOMPARE(result->code, QStringLiteral("cancelled_by_owner"));
    QCOMPARE(result->message, QStringLiteral("The owner of the box has cancelled the wake."));
    QTRY_COMPARE(ends.size(), 1);
    QCOMPARE(endedOf(ends)->failure, result->message);
    QVERIFY(!fixture.firstLlm().wake);
}

void TestOwnerWake::cancelsOneRecipeOnly()
{
    PublisherFixture fixture;
    LlmSettings other = fixture.llm(QStringLiteral("other"));
    other.wake = WakeRecipe{CommandRecipe{QStringLiteral("/bin/other"), {}}, 30s, 60s};
    fixture.settings.llms.push_back(other);
    QVERIFY(fixture.goOnlineAsleep());
    fixture.publisher->wake(name);
    fixture.publisher->wake(QStringLiteral("other"));
    QCOMPARE(fixture.recipes.runs.size(), size_t(2));
    fixture.publisher->cancelWake(QStringLiteral("other"));
    QVERIFY(!fixture.recipes.runs[0].isBeingEnded());
    QVERIFY(fixture.recipes.runs[1].isBeingEnded());
}

void TestOwnerWake::wakesAgainAfterACancel()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    fixture.publisher->wake(name);
    fixture.publisher->cancelWake(name);
    std::exchange(fixture.recipes.runs[0].ended, {})();
    fixture.publisher->wake(name);
    QCOMPARE(fixture.recipes.runs.size(), size_t(2));
}

void TestOwnerWake::wakesAgainWhileACancelIsUnderWay()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QSignalSpy ends(fixture.publisher.get(), &Publisher::wakeEnded);
    fixture.publisher->wake(name);
    fixture.publisher->cancelWake(name);
    fixture.publisher->wake(name);
    // The server wants it, too, and loses its channel.
    fixture.wake(TaskId{1});
    QCoreApplication::processEvents();
    QVERIFY(fixture.reconnect());
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    std::exchange(fixture.recipes.runs[0].ended, {})();
    QCOMPARE(fixture.recipes.runs.size(), size_t(2));
    QTRY_COMPARE(ends.size(), 1);
    QVERIFY(endedOf(ends)->failure.contains(QStringLiteral("cancelled")));
    fixture.backend.start();
    fixture.recipes.runs[1].succeed();
    QTRY_COMPARE(ends.size(), 2);
    QVERIFY(endedOf(ends, 1)->failure.isEmpty());
}

void TestOwnerWake::cancelsTheNextWakeToo()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QSignalSpy ends(fixture.publisher.get(), &Publisher::wakeEnded);
    fixture.publisher->wake(name);
    fixture.publisher->cancelWake(name);
    fixture.wake(TaskId{1});
    fixture.publisher->wake(name);
    QCoreApplication::processEvents();
    QVERIFY(fixture.server->all<channel::WakeResult>().isEmpty());
    fixture.publisher->cancelWake(name);
    const auto result = fixture.server->waitFor<channel::WakeResult>();
    QVERIFY(result);
    QCOMPARE(result->code, QStringLiteral("cancelled_by_owner"));
    QTRY_COMPARE(ends.size(), 1);
    std::exchange(fixture.recipes.runs[0].ended, {})();
    QTRY_COMPARE(ends.size(), 2);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
}

void TestOwnerWake::startsNothingOnceItIsStopped()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QSignalSpy stopped(fixture.publisher.get(), &Publisher::stopped);
    fixture.publisher->wake(name);
    fixture.publisher->cancelWake(name);
    fixture.publisher->wake(name);
    fixture.publisher->stop();
    QCoreApplication::processEvents();
    QVERIFY(stopped.isEmpty());
    std::exchange(fixture.recipes.runs[0].ended, {})();
    QVERIFY(stopped.wait());
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
}

QTEST_GUILESS_MAIN(TestOwnerWake)
#include "tst_ownerwake.moc"
