// The scheduler in simulated worlds. HEARTH_SIMULATION_SEEDS says how many; a failure names the seed that shows it. For
// thousands of them QTEST_FUNCTION_TIMEOUT has to be raised, too.

#include "simulation.h"

#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;

class TestSchedulerSimulation final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsItsPromises();
    void sameHistorySameDecisions();
};

namespace {

/// In so many worlds everything happens.
constexpr int fewestSeeds = 25;
#ifdef __SANITIZE_ADDRESS__
constexpr int usualSeeds = fewestSeeds;
#else
constexpr int usualSeeds = 200;
#endif

} // namespace

void TestSchedulerSimulation::keepsItsPromises()
{
    bool isSet = false;
    const int given = qEnvironmentVariableIntValue("HEARTH_SIMULATION_SEEDS", &isSet);
    const int seeds = isSet ? given : usualSeeds;
    std::map<SimulatedEnd, int> ends;
    SimulationReport sum;
    double lowestUtilisation = 1;
    double lowestWithSick = 1;
    for (int seed = 1; seed <= seeds; ++seed) {
        const SimulationReport report = Simulation(static_cast<quint64>(seed)).run();
        QVERIFY2(report.violation.isEmpty(),
                 qPrintable(QStringLiteral("seed %1: broken: %2").arg(seed).arg(report.violation)));
        QCOMPARE(report.requests, Simulation::arrivals);
        QVERIFY2(report.utilisation >= 0.95,
                 qPrintable(QStringLiteral("seed %1: used %2").arg(seed).arg(report.utilisation)));
        for (const auto &[end, count] : report.ends)
            ends[end] += count;
        sum.wakes += report.wakes;
        sum.failedWakes += report.failedWakes;
        sum.resubmissions += report.resubmissions;
        sum.evictions += report.evictions;
        lowestUtilisation = std::min(lowestUtilisation, report.utilisation);
        lowestWithSick = std::min(lowestWithSick, report.utilisationWithSick);
    }
    int all = 0;
    for (const auto &[end, count] : ends)
        all += count;
    QCOMPARE(all, seeds * Simulation::arrivals);
    qInfo() << "succeeded" << ends[SimulatedEnd::Succeeded] << "failed" << ends[SimulatedEnd::Failed] << "refused"
            << ends[SimulatedEnd::Refused] << "late" << ends[SimulatedEnd::TimedOut] << "left"
            << ends[SimulatedEnd::Left] << "wakes" << sum.wakes << "failed wakes" << sum.failedWakes
            << "tried elsewhere" << sum.resubmissions << "made room" << sum.evictions << "lowest utilisation"
            << lowestUtilisation << "and with those that fail" << lowestWithSick;
    // A world in which nothing goes wrong would show nothing.
    if (seeds < fewestSeeds)
        return;
    for (const SimulatedEnd end :
         {SimulatedEnd::Failed, SimulatedEnd::Refused, SimulatedEnd::Left, SimulatedEnd::TimedOut})
        QVERIFY(ends[end] > 0);
    for (const int happened : {sum.wakes, sum.failedWakes, sum.resubmissions, sum.evictions})
        QVERIFY(happened > 0);
    QVERIFY(ends[SimulatedEnd::Succeeded] > all / 2);
}

void TestSchedulerSimulation::sameHistorySameDecisions()
{
    for (quint64 seed = 1; seed <= 5; ++seed)
        QCOMPARE(Simulation(seed).run().digest, Simulation(seed).run().digest);
    QVERIFY(Simulation(1).run().digest != Simulation(2).run().digest);
}

QTEST_GUILESS_MAIN(TestSchedulerSimulation)
#include "tst_schedulersimulation.moc"
