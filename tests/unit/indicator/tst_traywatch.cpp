// Whether there is a tray: found late, lost, found again, and asked for ever less often; and what is said without one.

#include "trayhint.h"
#include "traywatch.h"

#include <QSignalSpy>
#include <QtTest>

using namespace hearth;
using namespace hearth::indicator;

class TestTrayWatch final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void findsTrayThatComesLate()
    {
        FakeClock clock;
        bool hasTray = false;
        TrayWatch watch(clock, [&](QObject &, const auto &answer) { answer(hasTray); });
        watch.start();
        QSignalSpy changed(&watch, &TrayWatch::changed);
        QVERIFY(!watch.isThere());
        clock.advance(std::chrono::seconds(3));
        QCOMPARE(changed.count(), 0);
        hasTray = true;
        clock.advance(std::chrono::seconds(5));
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed[0][0].toBool(), true);
        QVERIFY(watch.isThere());
    }

    void noticesThatItHasGone()
    {
        FakeClock clock;
        bool hasTray = true;
        TrayWatch watch(clock, [&](QObject &, const auto &answer) { answer(hasTray); },
                        {.longestPause = std::chrono::seconds(30)});
        watch.start();
        QSignalSpy changed(&watch, &TrayWatch::changed);
        clock.advance(std::chrono::minutes(10));
        hasTray = false;
        clock.advance(std::chrono::seconds(31));
        QCOMPARE(changed.count(), 1);
        QVERIFY(!watch.isThere());
    }

    void looksEverLessOften()
    {
        FakeClock clock;
        int looks = 0;
        TrayWatch watch(clock, [&](QObject &, const auto &answer) { answer(++looks < 0); },
                        {.firstPause = std::chrono::seconds(1), .longestPause = std::chrono::seconds(30)});
        watch.start();
        clock.advance(std::chrono::seconds(15));
        // At once, and after 1, 3, 7 and 15 seconds.
        QCOMPARE(looks, 5);
        looks = 0;
        clock.advance(std::chrono::minutes(10));
        QVERIFY2(looks >= 19 && looks <= 21, qPrintable(QString::number(looks)));
    }

    void waitsForTheAnswer()
    {
        FakeClock clock;
        std::vector<std::function<void(bool)>> answers;
        TrayWatch watch(clock, [&](QObject &, const auto &answer) { answers.push_back(answer); });
        QSignalSpy changed(&watch, &TrayWatch::changed);
        watch.start();
        clock.advance(std::chrono::minutes(1));
        // A question that is open is not asked again, and no answer is none.
        QCOMPARE(answers.size(), size_t(1));
        QCOMPARE(changed.count(), 0);
        // A tray that announces itself meanwhile is asked for once more.
        QVERIFY(QMetaObject::invokeMethod(&watch, "announced"));
        QCOMPARE(answers.size(), size_t(1));
        answers[0](false);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(answers.size(), size_t(2));
        answers[1](true);
        QCOMPARE(changed.count(), 2);
        QVERIFY(watch.isThere());
    }

    void hintNamesWhatToDo_data()
    {
        QTest::addColumn<QString>("desktop");
        QTest::addColumn<QString>("word");
        QTest::newRow("GNOME") << QStringLiteral("GNOME") << QStringLiteral("gnome-shell-extension-appindicator");
        QTest::newRow("Ubuntu") << QStringLiteral("ubuntu:GNOME")
                                << QStringLiteral("gnome-shell-extension-appindicator");
        QTest::newRow("Xfce") << QStringLiteral("XFCE") << QStringLiteral("panel");
        QTest::newRow("sway") << QStringLiteral("sway") << QStringLiteral("waybar");
        QTest::newRow("unknown") << QString() << QStringLiteral("trayer");
    }

    void hintNamesWhatToDo()
    {
        QFETCH(const QString, desktop);
        QFETCH(const QString, word);
        const QString hint = TrayHint::forDesktop(desktop);
        QVERIFY2(hint.contains(word), qPrintable(hint));
        QVERIFY2(hint.contains(QStringLiteral("quits Hearth")), qPrintable(hint));
    }
};

QTEST_GUILESS_MAIN(TestTrayWatch)
#include "tst_traywatch.moc"
