#include "presence.h"

#include <QSignalSpy>
#include <QTest>

using namespace hearth;
using namespace hearth::platform;
using namespace std::chrono_literals;

namespace {

/// Answers as the test says, and counts the questions.
class ScriptedProbes final : public PresenceProbes
{
public:
    std::optional<bool> onBattery = false;
    std::optional<bool> fullScreen = false;
    QStringList running;
    int batteryQuestions = 0;
    int screenQuestions = 0;
    int programQuestions = 0;

    using PresenceProbes::tellChange;

    std::optional<bool> isOnBattery() override
    {
        ++batteryQuestions;
        return onBattery;
    }

    std::optional<bool> isFullScreen() override
    {
        ++screenQuestions;
        return fullScreen;
    }

    QStringList programs() override
    {
        ++programQuestions;
        return running;
    }
};

publisher::PauseSchedule schedule(const QStringList &spans)
{
    return publisher::PauseSchedule::parse(spans).value();
}

} // namespace

class TestPresence final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void noRulesNoReasons();
    void asksOnlyWhatARuleNeeds_data();
    void asksOnlyWhatARuleNeeds();
    void asksAtTheInterval();
    void tellsChangesOnce();
    void looksWhenAProbeTells();
    void waitsForFirstAnswers_data();
    void waitsForFirstAnswers();
    void waitsForNoAnswerForLong();
    void allReasonsAtOnce();
    void programsByName();
    void rulesThatGoTakeTheirReasonsAlong();
    void scheduleOnTheMinute();
    void scheduleAsksNoProbes();
    void dateThatJumps();

private:
    ScriptedProbes m_probes;
    /// Begins on a Friday at 08:00 UTC.
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<Presence> m_presence;
};

void TestPresence::initTestCase()
{
    // Local time, by which schedules go, is the same everywhere.
    qputenv("TZ", "UTC");
    tzset();
}

void TestPresence::init()
{
    m_presence.reset();
    m_probes = {};
    m_clock = std::make_unique<FakeClock>();
    QCOMPARE(QDateTime::fromMSecsSinceEpoch(m_clock->wallNow().time_since_epoch().count()),
             QDateTime(QDate(2027, 1, 15), QTime(8, 0)));
    m_presence = std::make_unique<Presence>(m_probes, *m_clock,
                                            PresenceSettings{.interval = 5s, .dateCheck = 1min, .firstAnswer = 10s});
}

void TestPresence::noRulesNoReasons()
{
    m_probes.onBattery = true;
    m_presence->setRules({});
    m_clock->advance(1h);
    QVERIFY(m_presence->reasons().isEmpty());
    QCOMPARE(m_probes.batteryQuestions + m_probes.screenQuestions + m_probes.programQuestions, 0);
}

void TestPresence::asksOnlyWhatARuleNeeds_data()
{
    QTest::addColumn<publisher::PauseRules>("rules");
    QTest::addColumn<QList<bool>>("asked");
    QTest::newRow("battery") << publisher::PauseRules{.onBattery = true} << QList<bool>{true, false, false};
    QTest::newRow("full screen") << publisher::PauseRules{.fullScreen = true} << QList<bool>{false, true, false};
    QTest::newRow("programs") << publisher::PauseRules{.programs = {QStringLiteral("game")}}
                              << QList<bool>{false, false, true};
}

void TestPresence::asksOnlyWhatARuleNeeds()
{
    QFETCH(publisher::PauseRules, rules);
    m_presence->setRules(rules);
    const QList<bool> asked{m_probes.batteryQuestions > 0, m_probes.screenQuestions > 0, m_probes.programQuestions > 0};
    QTEST(asked, "asked");
}

void TestPresence::asksAtTheInterval()
{
    m_presence->setRules({.onBattery = true});
    QCOMPARE(m_probes.batteryQuestions, 1);
    m_clock->advance(4999ms);
    QCOMPARE(m_probes.batteryQuestions, 1);
    m_clock->advance(1ms);
    QCOMPARE(m_probes.batteryQuestions, 2);
    m_clock->advance(10s);
    QCOMPARE(m_probes.batteryQuestions, 4);
    m_presence->setRules({});
    m_clock->advance(1h);
    QCOMPARE(m_probes.batteryQuestions, 4);
}

void TestPresence::tellsChangesOnce()
{
    m_presence->setRules({.onBattery = true});
    QSignalSpy changed(m_presence.get(), &Presence::reasonsChanged);
    m_probes.onBattery = true;
    m_clock->advance(15s);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(m_presence->reasons().size(), 1);
    m_probes.onBattery = false;
    m_clock->advance(15s);
    QCOMPARE(changed.size(), 2);
    QVERIFY(m_presence->reasons().isEmpty());
}

void TestPresence::looksWhenAProbeTells()
{
    m_presence->setRules({.onBattery = true});
    m_probes.onBattery = true;
    m_probes.tellChange();
    QCOMPARE(m_presence->reasons(), QStringList{QStringLiteral("This machine runs on battery")});
    m_presence.reset();
    m_probes.tellChange();
}

void TestPresence::waitsForFirstAnswers_data()
{
    QTest::addColumn<bool>("answer");
    QTest::newRow("yes") << true;
    QTest::newRow("no") << false;
}

void TestPresence::waitsForFirstAnswers()
{
    QFETCH(bool, answer);
    m_probes.onBattery.reset();
    m_probes.fullScreen.reset();
    m_presence->setRules({.onBattery = true, .fullScreen = true});
    QCOMPARE(m_presence->reasons().size(), 1);
    m_probes.onBattery = answer;
    m_probes.tellChange();
    // One of the two is still missing.
    QCOMPARE(m_presence->reasons().size(), answer ? 2 : 1);
    m_probes.fullScreen = answer;
    m_probes.tellChange();
    QCOMPARE(m_presence->reasons().size(), answer ? 2 : 0);
}

void TestPresence::waitsForNoAnswerForLong()
{
    m_probes.onBattery.reset();
    m_presence->setRules({.onBattery = true});
    m_clock->advance(9s);
    QCOMPARE(m_presence->reasons().size(), 1);
    m_clock->advance(1s);
    QVERIFY(m_presence->reasons().isEmpty());
}

void TestPresence::allReasonsAtOnce()
{
    m_probes.onBattery = true;
    m_probes.fullScreen = true;
    m_probes.running = {QStringLiteral("game")};
    m_presence->setRules({.onBattery = true,
                          .fullScreen = true,
                          .programs = {QStringLiteral("game")},
                          .schedule = schedule({QStringLiteral("07:00-09:00")})});
    QCOMPARE(m_presence->reasons().size(), 4);
}

void TestPresence::programsByName()
{
    m_probes.running = {QStringLiteral("Blender"), QStringLiteral("bash"), QStringLiteral("gamescope")};
    m_presence->setRules({.programs = {QStringLiteral("game"), QStringLiteral("blender")}});
    QCOMPARE(m_presence->reasons(), QStringList{QStringLiteral("blender is running")});
}

void TestPresence::rulesThatGoTakeTheirReasonsAlong()
{
    m_probes.onBattery = true;
    m_presence->setRules({.onBattery = true});
    QCOMPARE(m_presence->reasons().size(), 1);
    QSignalSpy changed(m_presence.get(), &Presence::reasonsChanged);
    m_presence->setRules({.fullScreen = true});
    QCOMPARE(changed.size(), 1);
    QVERIFY(m_presence->reasons().isEmpty());
}

void TestPresence::scheduleOnTheMinute()
{
    m_presence->setRules({.schedule = schedule({QStringLiteral("Fri 09:30-17:00")})});
    m_clock->advance(90min - 1ms);
    QVERIFY(m_presence->reasons().isEmpty());
    m_clock->advance(1ms);
    QCOMPARE(m_presence->reasons().size(), 1);
    m_clock->advance(450min - 1ms);
    QCOMPARE(m_presence->reasons().size(), 1);
    m_clock->advance(1ms);
    QVERIFY(m_presence->reasons().isEmpty());
}

void TestPresence::scheduleAsksNoProbes()
{
    m_presence->setRules({.schedule = schedule({QStringLiteral("09:30-17:00")})});
    m_clock->advance(24h);
    QCOMPARE(m_probes.batteryQuestions + m_probes.screenQuestions + m_probes.programQuestions, 0);
}

void TestPresence::dateThatJumps()
{
    m_presence->setRules({.schedule = schedule({QStringLiteral("20:00-22:00")})});
    // A machine that was suspended for twelve and a half hours: no timer has run meanwhile.
    m_clock->jumpWall(750min);
    m_clock->advance(1min);
    QCOMPARE(m_presence->reasons().size(), 1);
    m_clock->jumpWall(4h);
    m_clock->advance(1min);
    QVERIFY(m_presence->reasons().isEmpty());
}

QTEST_GUILESS_MAIN(TestPresence)

#include "tst_presence.moc"
