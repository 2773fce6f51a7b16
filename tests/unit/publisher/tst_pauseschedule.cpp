#include "pauseschedule.h"

#include <QTest>
#include <QTimeZone>

using namespace hearth;
using namespace hearth::publisher;

namespace {

PauseSchedule scheduleOf(const QStringList &spans)
{
    const auto schedule = PauseSchedule::parse(spans);
    if (!schedule)
        qFatal("%s", qPrintable(schedule.error().message));
    return *schedule;
}

QTimeZone berlin()
{
    return QTimeZone("Europe/Berlin");
}

/// `2026-03-29 01:30` in Berlin; the earlier one of two.
QDateTime at(const char *text)
{
    const QDateTime plain = QDateTime::fromString(QString::fromLatin1(text), QStringLiteral("yyyy-MM-dd hh:mm"));
    return {plain.date(), plain.time(), berlin()};
}

} // namespace

class TestPauseSchedule final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void contains_data();
    void contains();
    void refuses_data();
    void refuses();
    void compares();
    void nextChange_data();
    void nextChange();
    void agreesWithContains_data();
    void agreesWithContains();
};

void TestPauseSchedule::contains_data()
{
    QTest::addColumn<QStringList>("spans");
    QTest::addColumn<QString>("moment");
    QTest::addColumn<bool>("isInside");
    const auto row = [](const char *name, const char *spans, const char *moment, bool isInside) {
        QTest::newRow(name) << QString::fromLatin1(spans).split(u';', Qt::SkipEmptyParts) << QString::fromLatin1(moment)
                            << isInside;
    };
    // The 16th of November 2026 is a Monday.
    row("never", "", "2026-11-16 12:00", false);
    row("before", "Mon-Fri 09:00-17:30", "2026-11-16 08:59", false);
    row("at its begin", "Mon-Fri 09:00-17:30", "2026-11-16 09:00", true);
    row("in its last minute", "Mon-Fri 09:00-17:30", "2026-11-20 17:29", true);
    row("at its end", "Mon-Fri 09:00-17:30", "2026-11-16 17:30", false);
    row("another day", "Mon-Fri 09:00-17:30", "2026-11-21 12:00", false);
    row("listed day", "Sat, sun 00:00-24:00", "2026-11-22 23:59", true);
    row("whole day ends", "Sun 00:00-24:00", "2026-11-23 00:00", false);
    row("over the end of the week", "Sat-Mon 10:00-11:00", "2026-11-23 10:30", true);
    row("not over the end of the week", "Sat-Mon 10:00-11:00", "2026-11-24 10:30", false);
    row("every evening", "22:00-06:00", "2026-11-18 22:00", true);
    row("every morning", "22:00-06:00", "2026-11-18 05:59", true);
    row("no longer in the morning", "22:00-06:00", "2026-11-18 06:00", false);
    row("into the next day", "Fri 22:00-06:00", "2026-11-21 05:59", true);
    row("not on its own morning", "Fri 22:00-06:00", "2026-11-20 05:59", false);
    row("from Sunday to Monday", "Sun 22:00-06:00", "2026-11-16 03:00", true);
    row("one of several", "Mon 01:00-02:00;Tue 1:00-2:00", "2026-11-17 01:30", true);
    row("spaces", " mon - FRI  09:00 - 17:30 ", "2026-11-16 12:00", true);
}

void TestPauseSchedule::contains()
{
    QFETCH(QStringList, spans);
    QFETCH(QString, moment);
    QFETCH(bool, isInside);
    QCOMPARE(scheduleOf(spans).contains(at(moment.toLatin1().constData())), isInside);
}

void TestPauseSchedule::refuses_data()
{
    QTest::addColumn<QString>("span");
    for (const char *span :
         {"", "Mon", "9-17", "09:00", "09:00-", "Mon 09:00", "Mo 09:00-10:00", "Mon-Tue-Wed 09:00-10:00",
          "Mon, 09:00-10:00", "Mon- 09:00-10:00", "09:60-10:00", "24:00-10:00", "09:00-24:01", "09:00-25:00",
          "09:00-09:00", "Mon 09:00-10:00 x", "Mon09:00-10:00"})
        QTest::newRow(*span ? span : "empty") << QString::fromLatin1(span);
}

void TestPauseSchedule::refuses()
{
    QFETCH(QString, span);
    const auto schedule = PauseSchedule::parse({QStringLiteral("Mon 09:00-10:00"), span});
    QVERIFY(!schedule.ok());
    QVERIFY(schedule.error().code == ErrorCode::Configuration);
    QVERIFY(schedule.error().message.startsWith(u'"' + span + u"\" is no span of time; write it like"));
}

void TestPauseSchedule::compares()
{
    QVERIFY(scheduleOf({}).isEmpty());
    QVERIFY(scheduleOf({QStringLiteral("09:00-10:00")}) == scheduleOf({QStringLiteral("Mon-Sun 9:00-10:00")}));
    QVERIFY(!(scheduleOf({QStringLiteral("09:00-10:00")}) == scheduleOf({QStringLiteral("Mon 09:00-10:00")})));
}

void TestPauseSchedule::nextChange_data()
{
    QTest::addColumn<QString>("spans");
    QTest::addColumn<QDateTime>("moment");
    QTest::addColumn<QDateTime>("next");
    const auto row = [](const char *name, const char *spans, const QDateTime &moment, const QDateTime &next) {
        QTest::newRow(name) << QString::fromLatin1(spans) << moment << next;
    };
    row("never", "", at("2026-11-16 12:00"), {});
    row("always", "00:00-24:00", at("2026-11-16 12:00"), {});
    row("begin", "Mon-Fri 09:00-17:30", at("2026-11-16 08:59"), at("2026-11-16 09:00"));
    row("from a begin", "Mon-Fri 09:00-17:30", at("2026-11-16 09:00"), at("2026-11-16 17:30"));
    row("within a minute", "Mon-Fri 09:00-17:30", at("2026-11-16 08:59").addMSecs(59'999), at("2026-11-16 09:00"));
    row("over the weekend", "Mon-Fri 09:00-17:30", at("2026-11-20 17:30"), at("2026-11-23 09:00"));
    row("a week", "Mon 09:00-10:00", at("2026-11-16 10:00"), at("2026-11-23 09:00"));
    row("over midnight", "22:00-06:00", at("2026-11-16 23:00"), at("2026-11-17 06:00"));
    row("spans that touch", "Mon 09:00-10:00;Mon 10:00-11:00", at("2026-11-16 09:30"), at("2026-11-16 11:00"));
    row("days that touch", "Sat,Sun 00:00-24:00", at("2026-11-21 12:00"), at("2026-11-23 00:00"));
    // On the 29th of March 2026 02:00 becomes 03:00: a span that lies in that hour is left out, one that begins or
    // ends in it does so at 03:00.
    row("spring, left out", "02:10-02:50", at("2026-03-29 01:00"), at("2026-03-30 02:10"));
    row("spring, begin", "02:30-04:00", at("2026-03-29 01:00"), at("2026-03-29 03:00"));
    row("spring, end", "01:00-02:30", at("2026-03-29 01:30"), at("2026-03-29 03:00"));
    row("spring, before", "04:00-05:00", at("2026-03-29 01:30"), at("2026-03-29 04:00"));
    // On the 25th of October 2026 03:00 becomes 02:00: both hours that are called 02:… count.
    const QDateTime firstHalfPast = at("2026-10-25 01:30").addSecs(3600);
    row("autumn, first end", "02:00-02:30", at("2026-10-25 01:00").addSecs(3600), firstHalfPast);
    row("autumn, second begin", "02:00-02:30", firstHalfPast, firstHalfPast.addSecs(1800));
    row("autumn, second end", "02:00-02:30", firstHalfPast.addSecs(1800), firstHalfPast.addSecs(3600));
    row("autumn, after", "04:00-05:00", at("2026-10-25 01:30"), at("2026-10-25 04:00"));
}

void TestPauseSchedule::nextChange()
{
    QFETCH(QString, spans);
    QFETCH(QDateTime, moment);
    QFETCH(QDateTime, next);
    QCOMPARE(scheduleOf(spans.split(u';', Qt::SkipEmptyParts)).nextChange(moment), next);
}

void TestPauseSchedule::agreesWithContains_data()
{
    QTest::addColumn<QDateTime>("begin");
    QTest::newRow("spring") << at("2026-03-27 12:34");
    QTest::newRow("autumn") << at("2026-10-23 12:34");
    QTest::newRow("winter") << at("2026-12-30 12:34");
}

void TestPauseSchedule::agreesWithContains()
{
    QFETCH(QDateTime, begin);
    const PauseSchedule schedule =
        scheduleOf({QStringLiteral("Mon-Fri 08:15-17:30"), QStringLiteral("Sat-Sun 22:00-02:30"),
                    QStringLiteral("Sun 01:15-02:45"), QStringLiteral("Tue 03:00-04:00")});
    QDateTime next = schedule.nextChange(begin);
    for (int minute = 1; minute < 6 * 24 * 60; ++minute) {
        const QDateTime before = begin.addSecs((minute - 1) * 60);
        const QDateTime now = begin.addSecs(minute * 60);
        const bool hasChanged = schedule.contains(before) != schedule.contains(now);
        QVERIFY2(hasChanged == (now == next), qPrintable(now.toString(Qt::ISODate)));
        if (hasChanged)
            next = schedule.nextChange(now);
    }
}

QTEST_APPLESS_MAIN(TestPauseSchedule)
#include "tst_pauseschedule.moc"
