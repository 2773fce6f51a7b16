// A span of the pause schedule, between what is written and what is set by hand.

#include "pauseschedule.h"
#include "schedulespan.h"

#include <QTest>

using namespace hearth::preferences;

class TestScheduleSpan final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAndWrites_data();
    void readsAndWrites();
    void refuses_data();
    void refuses();
};

void TestScheduleSpan::readsAndWrites_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("days");
    QTest::addColumn<QString>("written");
    const auto row = [](const char *name, const char *text, const char *days, const char *written = nullptr) {
        QTest::newRow(name) << QString::fromLatin1(text) << QString::fromLatin1(days)
                            << QString::fromLatin1(written ? written : text);
    };
    row("a range", "Mon-Fri 09:00-17:30", "1111100");
    row("two days", "Sat,Sun 00:00-24:00", "0000011");
    row("every day", "22:00-06:00", "1111111");
    row("ranges and days", "Mon-Wed,Fri 01:00-02:00", "1110100");
    row("one day", "Thu 01:00-02:00", "0001000");
    row("over the weekend", "Sat-Mon 01:00-02:00", "1000011", "Mon,Sat,Sun 01:00-02:00");
    row("to midnight", "12:00-00:00", "1111111", "12:00-24:00");
    row("blanks", " Mon , Tue  9:00 - 10:00 ", "1100000", "Mon,Tue 09:00-10:00");
    row("short hours", "Mon 9:00-17:30", "1000000", "Mon 09:00-17:30");
    row("small letters", "mon 09:00-17:30", "1000000", "Mon 09:00-17:30");
}

void TestScheduleSpan::readsAndWrites()
{
    QFETCH(QString, text);
    QFETCH(QString, days);
    QFETCH(QString, written);
    const std::optional<ScheduleSpan> span = ScheduleSpan::parse(text);
    QVERIFY(span);
    QString found;
    for (size_t day = 0; day < span->days.size(); ++day)
        found.append(span->days.test(day) ? u'1' : u'0');
    QCOMPARE(found, days);
    QCOMPARE(span->toString(), written);
    QVERIFY(ScheduleSpan::parse(written) == span);
    // What is written here is what the publisher reads.
    QVERIFY(hearth::publisher::PauseSchedule::parse({written}));
}

void TestScheduleSpan::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << QString();
    QTest::newRow("no time") << QStringLiteral("Mon-Fri");
    QTest::newRow("no day") << QStringLiteral("Noday 09:00-10:00");
    QTest::newRow("a range of three") << QStringLiteral("Mon-Tue-Wed 09:00-10:00");
    QTest::newRow("no hour") << QStringLiteral("25:00-26:00");
    QTest::newRow("no time at all between") << QStringLiteral("09:00-09:00");
    QTest::newRow("no blank behind the day") << QStringLiteral("Mon09:00-10:00");
    QTest::newRow("from the end of the day") << QStringLiteral("24:00-06:00");
}

void TestScheduleSpan::refuses()
{
    QFETCH(QString, text);
    QVERIFY(!ScheduleSpan::parse(text));
}

QTEST_GUILESS_MAIN(TestScheduleSpan)
#include "tst_schedulespan.moc"
