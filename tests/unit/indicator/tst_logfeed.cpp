// What threads log comes to the model of the main thread, whole and in order; a flood costs the oldest lines.

#include "logfeed.h"

#include <QtTest>

#include <thread>

using namespace hearth;

class TestLogFeed final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void initTestCase()
    {
        // What this test logs would hide what it has to say.
        QVERIFY(std::freopen("/dev/null", "w", stderr));
        installLogging(LogLevel::Info);
    }

    void carriesLinesOfAnyThread()
    {
        SystemClock clock;
        board::LogModel model(clock);
        model.setWatched(true);
        const tray::LogFeed feed(model);
        std::thread([] {
            for (int i = 0; i < 100; ++i)
                qCInfo(lcTray) << "line" << i;
        }).join();
        QTRY_COMPARE(model.rowCount(), 100);
        const QModelIndex last = model.index(99, board::LogModel::Text);
        QCOMPARE(last.data().toString(), QStringLiteral("line 99"));
    }

    void floodKeepsTheNewest()
    {
        SystemClock clock;
        board::LogModel model(clock);
        model.setWatched(true);
        const tray::LogFeed feed(model);
        const int count = 3 * board::LogModel::maxLines;
        for (int i = 1; i <= count; ++i)
            qCInfo(lcTray) << "line" << i;
        QTRY_COMPARE(model.rowCount(), board::LogModel::maxLines);
        const QModelIndex last = model.index(board::LogModel::maxLines - 1, board::LogModel::Text);
        QCOMPARE(last.data().toString(), QStringLiteral("line %1").arg(count));
    }

    void isSilentAfterwards()
    {
        SystemClock clock;
        board::LogModel model(clock);
        model.setWatched(true);
        {
            const tray::LogFeed feed(model);
            qCInfo(lcTray) << "not delivered any more";
        }
        qCInfo(lcTray) << "nobody listens";
        QTest::qWait(0);
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_GUILESS_MAIN(TestLogFeed)
#include "tst_logfeed.moc"
