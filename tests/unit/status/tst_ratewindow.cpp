// Rates over the last five seconds.

#include "ratewindow.h"

#include <QTest>

using namespace hearth;
using namespace hearth::status;
using namespace std::chrono_literals;

class TestRateWindow final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void startsAtNothing();
    void measuresWhatComesEvenly();
    void risesAtOnceAfterAPause();
    void spreadsAWholeAnswerOverItsTime();
    void forgetsWhatIsOld();
    void takesBack();
    void neverFallsBelowNothing();
    void takesTimesNearTheClocksOrigin();

private:
    static MonotonicTime at(Duration time) { return MonotonicTime(1h + time); }
};

void TestRateWindow::startsAtNothing()
{
    QCOMPARE(RateWindow().rate(at(0s)), 0.0);
}

void TestRateWindow::measuresWhatComesEvenly()
{
    RateWindow window;
    for (int i = 0; i < 100; ++i)
        window.add(at(i * 250ms), at((i + 1) * 250ms), 10);
    const double rate = window.rate(at(25s));
    QVERIFY2(rate > 38 && rate < 42, qPrintable(QString::number(rate)));
}

void TestRateWindow::risesAtOnceAfterAPause()
{
    RateWindow window;
    window.add(at(0s), at(1s), 1000);
    window.add(at(60s), at(61s), 40);
    QCOMPARE(window.rate(at(61s)), 40.0);
    window.add(at(61s), at(62s), 40);
    QCOMPARE(window.rate(at(62s)), 40.0);
}

void TestRateWindow::spreadsAWholeAnswerOverItsTime()
{
    RateWindow window;
    window.add(at(0s), at(20s), 1000);
    const double rate = window.rate(at(20s));
    QVERIFY2(rate > 47 && rate < 53, qPrintable(QString::number(rate)));
}

void TestRateWindow::forgetsWhatIsOld()
{
    RateWindow window;
    window.add(at(0s), at(1s), 100);
    QVERIFY(window.rate(at(5s)) > 0);
    QCOMPARE(window.rate(at(6s)), 0.0);
    // A lap later the same places are used again.
    window.add(at(6s), at(6s + 250ms), 1);
    QVERIFY(window.rate(at(6s + 250ms)) <= 1);
}

void TestRateWindow::takesBack()
{
    RateWindow window;
    window.add(at(0s), at(2s), 100);
    window.add(at(0s), at(2s), -40);
    QCOMPARE(window.rate(at(2s)), 30.0);
}

void TestRateWindow::neverFallsBelowNothing()
{
    RateWindow window;
    window.add(at(0s), at(1s), 10);
    window.add(at(0s), at(1s), -40);
    QCOMPARE(window.rate(at(1s)), 0.0);
}

void TestRateWindow::takesTimesNearTheClocksOrigin()
{
    RateWindow window;
    window.add(MonotonicTime(0s), MonotonicTime(1s), 10);
    QCOMPARE(window.rate(MonotonicTime(1s)), 10.0);
}

QTEST_GUILESS_MAIN(TestRateWindow)
#include "tst_ratewindow.moc"
