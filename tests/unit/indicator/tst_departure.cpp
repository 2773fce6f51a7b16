// Quitting: at once when nothing runs, and with a question when something does.

#include "departure.h"
#include "hostfixture.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QtTest>

using namespace hearth;

class TestDeparture final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init()
    {
        m = std::make_unique<HostFixture>();
        QVERIFY(m->goOnline(m->plainConfiguration()));
        departure = std::make_unique<tray::Departure>(*m->host);
        finished = std::make_unique<QSignalSpy>(departure.get(), &tray::Departure::finished);
    }

    void cleanup()
    {
        finished.reset();
        departure.reset();
        m.reset();
    }

    void leavesAtOnceWhenNothingRuns()
    {
        departure->ask(nullptr);
        QVERIFY(!departure->box());
        QTRY_COMPARE(finished->count(), 1);
    }

    void asksWhileRequestsRun()
    {
        QVERIFY(m->infer(TaskId{7}));
        departure->ask(nullptr);
        QVERIFY(departure->box());
        QVERIFY2(departure->box()->text().contains(QStringLiteral("1 ")), qPrintable(departure->box()->text()));
        // Asked twice is asked once.
        QPointer<QMessageBox> box = departure->box();
        departure->ask(nullptr);
        QCOMPARE(departure->box(), box.data());
        click("cancel");
        QTRY_VERIFY(!departure->box());
        QCOMPARE(finished->count(), 0);
        QVERIFY(m->isOnline());
        QVERIFY(m->snapshot().intake == publisher::Intake::Open);
    }

    void asksForRequestsOfWithdrawnModels_data()
    {
        QTest::addColumn<bool>("isRemoved");
        QTest::newRow("no longer published") << false;
        QTest::newRow("not even configured") << true;
    }

    void asksForRequestsOfWithdrawnModels()
    {
        QFETCH(const bool, isRemoved);
        const Exchange *exchange = m->infer(TaskId{7});
        QVERIFY(exchange);
        if (isRemoved)
            m->write(m->configuration(m->llm("two")));
        else
            m->host->setPublished(QStringLiteral("one"), false);
        QVERIFY(m->until([this] {
            const std::vector<status::LlmSnapshot> llms = m->snapshot().llms;
            return llms.front().name != QStringLiteral("one") || !llms.front().isPublished;
        }));
        QCOMPARE(m->snapshot().running(), 1);
        QCOMPARE(m->snapshot().llms.front().running, isRemoved ? 0 : 1);
        departure->ask(nullptr);
        QVERIFY2(departure->box(), "The request was cut off without a question.");
        click("finishFirst");
        exchange->answer("{}");
        QTRY_COMPARE(finished->count(), 1);
    }

    void quitsNow()
    {
        QVERIFY(m->infer(TaskId{7}));
        departure->ask(nullptr);
        click("quitNow");
        QTRY_COMPARE(finished->count(), 1);
        QVERIFY(!departure->box());
    }

    void finishesFirst()
    {
        const Exchange *exchange = m->infer(TaskId{7});
        QVERIFY(exchange);
        departure->ask(nullptr);
        click("finishFirst");
        QVERIFY(departure->box() && departure->box()->isVisible());
        QVERIFY(m->snapshot().intake == publisher::Intake::Draining);
        QVERIFY2(departure->box()->text().contains(QStringLiteral("1 ")), qPrintable(departure->box()->text()));
        QCoreApplication::processEvents();
        QCOMPARE(finished->count(), 0);
        exchange->answer("{}");
        QTRY_COMPARE(finished->count(), 1);
        QVERIFY(m->server->waitFor<channel::ResponseEnd>());
        QVERIFY(!departure->box());
    }

    void staysAfterAll()
    {
        const Exchange *exchange = m->infer(TaskId{7});
        QVERIFY(exchange);
        departure->ask(nullptr);
        click("finishFirst");
        click("cancel");
        QTRY_VERIFY(!departure->box());
        QVERIFY(m->snapshot().intake == publisher::Intake::Open);
        exchange->answer("{}");
        QVERIFY(m->server->waitFor<channel::ResponseEnd>());
        QVERIFY(m->until([this] { return m->snapshot().running() == 0; }));
        QCOMPARE(finished->count(), 0);
        QVERIFY(m->isOnline());
    }

    void resumingIsStaying()
    {
        QVERIFY(m->infer(TaskId{7}));
        departure->ask(nullptr);
        click("finishFirst");
        QVERIFY(departure->box());
        m->host->resume();
        QVERIFY(!departure->box());
        QVERIFY(m->snapshot().intake == publisher::Intake::Open);
        QCOMPARE(finished->count(), 0);
    }

    void losesPatience()
    {
        QVERIFY(m->infer(TaskId{7}));
        departure->ask(nullptr);
        click("finishFirst");
        click("quitNow");
        QTRY_COMPARE(finished->count(), 1);
    }

    void questionEndsWhenTheStopBegins()
    {
        QVERIFY(m->infer(TaskId{7}));
        departure->ask(nullptr);
        click("finishFirst");
        // What the last answer leads to; from then on it is too late to stay.
        m->host->stop();
        QVERIFY(!departure->box());
        departure->ask(nullptr);
        QVERIFY(!departure->box());
        departure->now();
        QTRY_COMPARE(finished->count(), 1);
    }

    void sessionEndAsksNobody()
    {
        QVERIFY(m->infer(TaskId{7}));
        departure->ask(nullptr);
        departure->now();
        QVERIFY(!departure->box());
        QTRY_COMPARE(finished->count(), 1);
    }

private:
    void click(const char *name) const
    {
        auto *button = departure->box()->findChild<QPushButton *>(QLatin1String(name));
        QVERIFY2(button, name);
        button->click();
    }

    std::unique_ptr<HostFixture> m;
    std::unique_ptr<tray::Departure> departure;
    std::unique_ptr<QSignalSpy> finished;
};

QTEST_MAIN(TestDeparture)
#include "tst_departure.moc"
