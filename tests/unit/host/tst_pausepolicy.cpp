// Who decides whether new requests are taken: the owner, or what speaks against it.

#include "pausepolicy.h"

#include <QTest>

using namespace hearth::host;
using hearth::publisher::Intake;

class TestPausePolicy final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isOpenAtFirst();
    void doesWhatTheOwnerSays();
    void drainsForAReason();
    void putsTheOwnersWordBeforeReasons();
    void isOverruledUntilTheReasonHasGone();
    void isNotOverruledForANewReason();
    void leavesAboveEverything();
};

namespace {

const QString battery = QStringLiteral("on battery");
const QString game = QStringLiteral("a game runs");

} // namespace

void TestPausePolicy::isOpenAtFirst()
{
    const PausePolicy policy;
    QVERIFY(policy.intake() == Intake::Open);
    QVERIFY(policy.reason().isEmpty());
    QVERIFY(!policy.isLeaving());
}

void TestPausePolicy::doesWhatTheOwnerSays()
{
    PausePolicy policy;
    policy.pause();
    QVERIFY(policy.intake() == Intake::Paused);
    policy.drain();
    QVERIFY(policy.intake() == Intake::Draining);
    QVERIFY(policy.reason().isEmpty());
    policy.resume();
    QVERIFY(policy.intake() == Intake::Open);
}

void TestPausePolicy::drainsForAReason()
{
    PausePolicy policy;
    policy.setReasons({battery, game});
    QVERIFY(policy.intake() == Intake::Draining);
    QCOMPARE(policy.reason(), battery + QStringLiteral(", ") + game);
    policy.setReasons({});
    QVERIFY(policy.intake() == Intake::Open);
    QVERIFY(policy.reason().isEmpty());
}

void TestPausePolicy::putsTheOwnersWordBeforeReasons()
{
    PausePolicy policy;
    policy.setReasons({battery});
    policy.pause();
    QVERIFY(policy.intake() == Intake::Paused);
    QVERIFY(policy.reason().isEmpty());
    policy.setReasons({});
    QVERIFY(policy.intake() == Intake::Paused);
}

void TestPausePolicy::isOverruledUntilTheReasonHasGone()
{
    PausePolicy policy;
    policy.setReasons({battery});
    policy.resume();
    QVERIFY(policy.intake() == Intake::Open);
    policy.setReasons({battery});
    QVERIFY(policy.intake() == Intake::Open);
    policy.setReasons({});
    policy.setReasons({battery});
    QVERIFY(policy.intake() == Intake::Draining);
}

void TestPausePolicy::isNotOverruledForANewReason()
{
    PausePolicy policy;
    policy.setReasons({battery});
    policy.resume();
    policy.setReasons({battery, game});
    QVERIFY(policy.intake() == Intake::Draining);
    QCOMPARE(policy.reason(), game);
}

void TestPausePolicy::leavesAboveEverything()
{
    PausePolicy policy;
    policy.setLeaving(true);
    QVERIFY(policy.isLeaving());
    QVERIFY(policy.intake() == Intake::Draining);
    policy.resume();
    QVERIFY(policy.intake() == Intake::Draining);
    policy.pause();
    QVERIFY(policy.intake() == Intake::Paused);
    policy.resume();
    policy.setLeaving(false);
    QVERIFY(policy.intake() == Intake::Open);
}

QTEST_GUILESS_MAIN(TestPausePolicy)
#include "tst_pausepolicy.moc"
