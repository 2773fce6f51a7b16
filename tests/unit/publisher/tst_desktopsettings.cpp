#include "configuration.h"
#include "desktopsettings.h"
#include "publisherconfig.h"

#include <QTest>

using namespace hearth;
using namespace hearth::publisher;

namespace {

struct Reading
{
    DesktopSettings desktop;
    QStringList problems;
};

Reading read(const QByteArray &yaml)
{
    QList<ConfigProblem> problems;
    const SettingValues values =
        readConfiguration(publisherSettingTable(), {.file = QStringLiteral("p.yaml"), .text = yaml}, problems);
    Reading reading{readDesktopSettings(values, problems), {}};
    for (const ConfigProblem &problem : problems)
        reading.problems.append(problem.toString());
    return reading;
}

} // namespace

class TestDesktopSettings final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasDefaults();
    void readsEverything();
    void refuses_data();
    void refuses();
};

void TestDesktopSettings::hasDefaults()
{
    const Reading reading = read("desktop:\n  notifications:\n");
    QVERIFY(reading.problems.isEmpty());
    QVERIFY(reading.desktop == DesktopSettings());
}

void TestDesktopSettings::readsEverything()
{
    const Reading reading = read("desktop:\n"
                                 "  closeToTray: false\n"
                                 "  notifications: {keyRefused: false, nameTaken: false, wakeFailed: false,"
                                 " backendLost: false}\n"
                                 "  pause:\n"
                                 "    onBattery: true\n"
                                 "    fullScreen: true\n"
                                 "    programs: [steam, blender]\n"
                                 "    schedule: [Mon-Fri 09:00-17:30, 22:00-06:00]\n");
    QCOMPARE(reading.problems, QStringList());
    const QStringList spans{QStringLiteral("Mon-Fri 09:00-17:30"), QStringLiteral("22:00-06:00")};
    const DesktopSettings wanted{
        .closeToTray = false,
        .notifications = {.keyRefused = false, .nameTaken = false, .wakeFailed = false, .backendLost = false},
        .pause = {.onBattery = true,
                  .fullScreen = true,
                  .programs = {QStringLiteral("steam"), QStringLiteral("blender")},
                  .schedule = PauseSchedule::parse(spans).value()}};
    QVERIFY(reading.desktop == wanted);
}

void TestDesktopSettings::refuses_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char *name, const char *yaml, const char *problem) {
        QTest::newRow(name) << QByteArray(yaml) << QString::fromUtf8(problem);
    };
    row("unknown", "desktop:\n  closeToTrey: true\n",
        "p.yaml:2: desktop.closeToTrey: unknown setting; did you mean desktop.closeToTray?");
    row("no boolean", "desktop: {pause: {onBattery: often}}\n",
        "p.yaml:1: desktop.pause.onBattery: must be true or false");
    row("path", "desktop:\n  pause:\n    programs: [/usr/bin/steam]\n",
        "p.yaml:3: desktop.pause.programs: must be names of executables, without a path");
    row("no name", "desktop: {pause: {programs: [steam, '']}}\n",
        "p.yaml:1: desktop.pause.programs: must be names of executables, without a path");
    row("schedule", "desktop: {pause: {schedule: [Mon-Fri 9-17]}}\n",
        "p.yaml:1: desktop.pause.schedule: \"Mon-Fri 9-17\" is no span of time; write it like \"Mon-Fri 09:00-17:30\", "
        "\"Sat,Sun 00:00-24:00\" or \"22:00-06:00\"");
}

void TestDesktopSettings::refuses()
{
    QFETCH(QByteArray, yaml);
    QFETCH(QString, problem);
    QCOMPARE(read(yaml).problems, QStringList{problem});
}

QTEST_APPLESS_MAIN(TestDesktopSettings)
#include "tst_desktopsettings.moc"
